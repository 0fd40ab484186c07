"""Table staff_sessions."""

from dataclasses import dataclass

from web.database import Tx
from web.store.staff import Role, Staff

FIND = """
    SELECT s.id AS session_id, s.created_at AS started_at, s.last_seen_at, s.ended_at, s.method,
           t.id, t.name, t.role, t.password_hash, t.created_at, t.disabled_at,
           t.password_changed_at, t.password_once, t.first_password,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = s.staff_id) AS second
      FROM staff_sessions AS s JOIN staff AS t ON t.id = s.staff_id
     WHERE s.token_hash = :token_hash
"""
ROLE = """
    SELECT t.role FROM staff_sessions AS s JOIN staff AS t ON t.id = s.staff_id
     WHERE s.id = :id AND s.ended_at IS NULL AND t.disabled_at IS NULL
"""
ADD = """
    INSERT INTO staff_sessions (id, token_hash, staff_id, created_at, last_seen_at, network, method)
    VALUES (:id, :token_hash, :staff_id, :now, :now, :network, :method)
"""
SEE = "UPDATE staff_sessions SET last_seen_at = :at WHERE id = :id AND last_seen_at < :at"
END = "UPDATE staff_sessions SET ended_at = :now WHERE id = :id AND ended_at IS NULL"
END_OF_STAFF = """
    UPDATE staff_sessions SET ended_at = :now WHERE staff_id = :staff_id AND ended_at IS NULL
"""
END_OTHERS = """
    UPDATE staff_sessions SET ended_at = :now
     WHERE staff_id = :staff_id AND id <> :kept AND ended_at IS NULL
"""
END_OF_EVERYBODY = "UPDATE staff_sessions SET ended_at = :now WHERE ended_at IS NULL"
TIDY = "DELETE FROM staff_sessions WHERE created_at < :oldest_start"


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A log-in of a 担当者."""

    id: str
    started_at: int
    last_seen_at: int
    ended_at: int | None
    method: str  # what the log-in asked beside the password
    staff: Staff

    @property
    def second(self) -> bool:
        """Tell whether its 担当者 has a second factor."""
        return bool(self.staff.second)

    @property
    def shut(self) -> bool:
        """Tell whether its 担当者 has been shut out."""
        return self.staff.disabled_at is not None


async def find(tx: Tx, token_hash: bytes) -> StaffSession | None:
    """Find a session and whose it is, live or not."""
    row = await tx.one(FIND, token_hash=token_hash)
    if row is None:
        return None
    session_id, started_at, seen_at, ended_at, method, staff_id, name, role, *rest = tuple(row)
    person = Staff(staff_id, name, Role(role), *rest)
    return StaffSession(session_id, started_at, seen_at, ended_at, method, person)


async def add(
    tx: Tx, id: str, token_hash: bytes, staff_id: str, *, network: str, method: str = "password"
) -> None:
    """Add a session."""
    values = {"id": id, "token_hash": token_hash, "staff_id": staff_id}
    tx.defer(ADD, **values, network=network, method=method)


async def see(tx: Tx, seen: dict[str, int]) -> None:
    """Note when sessions were last seen, by id."""
    await tx.many(SEE, [{"id": session_id, "at": at} for session_id, at in sorted(seen.items())])


async def end(tx: Tx, id: str) -> None:
    """End a session."""
    tx.defer(END, id=id)


async def end_all(tx: Tx, staff_id: str) -> int:
    """End every session of a 担当者; count them."""
    return await tx.run(END_OF_STAFF, staff_id=staff_id)


async def end_others(tx: Tx, staff_id: str, *, kept: str) -> int:
    """End the sessions of a 担当者 but for one; count them."""
    return await tx.run(END_OTHERS, staff_id=staff_id, kept=kept)


async def end_of_everybody(tx: Tx) -> int:
    """End every session of every 担当者; count them."""
    return await tx.run(END_OF_EVERYBODY)


async def role(tx: Tx, id: str) -> Role | None:
    """Give the role of whose log-in it is; None once it was ended, or its 担当者 shut out."""
    row = await tx.one(ROLE, id=id)
    return Role(row["role"]) if row else None


async def tidy(tx: Tx, *, oldest_start: int) -> int:
    """Remove sessions whose time is over for certain."""
    return await tx.run(TIDY, oldest_start=oldest_start)
