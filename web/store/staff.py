"""Table staff."""

import string
from dataclasses import dataclass
from enum import StrEnum

from web.database import Row, Tx
from web.store.first_passwords import FirstPassword

FIND_BY_NAME = """
    SELECT id, name, role, password_hash, created_at, disabled_at, password_changed_at, password_once,
           first_password, EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = staff.id) AS second
      FROM staff WHERE name = :name
"""
FIND = """
    SELECT id, name, role, password_hash, created_at, disabled_at, password_changed_at, password_once,
           first_password, EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = staff.id) AS second
      FROM staff WHERE id = :id
"""
IN_USE = """
    SELECT rtrim(rtrim(rtrim(password_hash, :alphabet), '$'), :alphabet) AS start, COUNT(*) AS number
      FROM staff GROUP BY start
"""
ALL = """
    SELECT id, name, role, password_hash, created_at, disabled_at, password_changed_at, password_once,
           first_password, EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = staff.id) AS second
      FROM staff ORDER BY name
"""
ADD = """
    INSERT INTO staff (
        id, name, role, password_hash, created_at, password_changed_at, first_password)
    VALUES (:id, :name, :role, :password_hash, :now, :now, :first)
"""
SET_PASSWORD = """
    UPDATE staff SET password_hash = :password_hash, password_changed_at = :now,
                     password_once = :once, first_password = :first
     WHERE id = :id
"""
REHASH = "UPDATE staff SET password_hash = :new_hash WHERE id = :id AND password_hash = :old_hash"
SET_DISABLED = "UPDATE staff SET disabled_at = :at WHERE id = :id"


class Role(StrEnum):
    """What a 担当者 may do; each may do what those before may."""

    READER = "reader"
    CLERK = "clerk"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        """Give the word that the screens show."""
        return {Role.READER: "閲覧", Role.CLERK: "窓口", Role.ADMIN: "管理者"}[self]

    def may(self, needed: "Role") -> bool:
        """Tell whether this role does what another one is needed for."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


@dataclass(frozen=True, slots=True)
class Staff:
    """A 担当者."""

    id: str
    name: str
    role: Role
    password_hash: str
    created_at: int
    disabled_at: int | None
    password_changed_at: int
    password_once: str | None  # of the form that set the password; None: a command did
    first_password: int
    second: int  # 1 = has a second factor

    @property
    def owner_id(self) -> str:
        """Name whose devices may try the password."""
        return self.id


async def find_by_name(tx: Tx, name: str) -> Staff | None:
    """Find a 担当者 by the name that is typed at log-in."""
    row = await tx.one(FIND_BY_NAME, name=name)
    return _staff(row) if row else None


async def find(tx: Tx, id: str) -> Staff | None:
    """Find a 担当者 by id."""
    row = await tx.one(FIND, id=id)
    return _staff(row) if row else None


async def everybody(tx: Tx) -> list[Staff]:
    """List all, by name."""
    return [_staff(row) for row in await tx.all(ALL)]


async def add(
    tx: Tx, id: str, name: str, role: Role, password_hash: str, first: FirstPassword
) -> None:
    """Add a 担当者. Raises Violated when the name is taken."""
    values = {"id": id, "name": name, "role": role, "password_hash": password_hash}
    await tx.run(ADD, **values, first=first)


async def set_password(
    tx: Tx, id: str, password_hash: str, first: FirstPassword, *, once: str | None = None
) -> None:
    """Set a new password; `once`: the once-key of the form that set it."""
    tx.defer(SET_PASSWORD, id=id, password_hash=password_hash, first=first, once=once)


async def rehash(tx: Tx, old: Staff, new_hash: str) -> None:
    """Replace a hash made with outdated parameters, unless somebody was quicker; the age stays."""
    tx.defer(REHASH, id=old.id, old_hash=old.password_hash, new_hash=new_hash)


async def set_disabled(tx: Tx, id: str, at: int | None) -> None:
    """Shut a 担当者 out from a moment on, or let one in again."""
    tx.defer(SET_DISABLED, id=id, at=at)


async def in_use(tx: Tx) -> dict[str, int]:
    """Count the hashes of 担当者 by their argon2 parameters: the start of a PHC string, up to its salt."""
    rows = await tx.all(IN_USE, alphabet=string.ascii_letters + string.digits + "+/")
    return {row["start"]: row["number"] for row in rows}


def _staff(row: Row) -> Staff:
    return Staff(**{**dict(row), "role": Role(row["role"])})
