"""Table second_steps."""

from dataclasses import dataclass

from web.database import Tx

ADD = """
    INSERT INTO second_steps (id, token_hash, owner_id, purpose, sealed, created_at, expires_at)
    VALUES (:id, :token_hash, :owner_id, :purpose, :sealed, :now, :expires_at)
"""
FIND = """
    SELECT s.id, s.owner_id, s.purpose, s.sealed, s.created_at, s.expires_at, s.used_at,
           EXISTS (SELECT 1 FROM code_apps AS c WHERE c.owner_id = s.owner_id)
           AND NOT EXISTS (SELECT 1 FROM passkeys AS p WHERE p.owner_id = s.owner_id) AS by_app_alone
      FROM second_steps AS s WHERE s.token_hash = :token_hash AND s.purpose = :purpose
"""
USE = """
    UPDATE second_steps SET used_at = :now
     WHERE id = :id AND used_at IS NULL AND expires_at > :now
"""
REOPEN = "UPDATE second_steps SET used_at = NULL WHERE id = :id"
DROP_BEYOND = """
    DELETE FROM second_steps
     WHERE owner_id = :owner_id AND id NOT IN (
           SELECT id FROM second_steps WHERE owner_id = :owner_id
            ORDER BY created_at DESC, id = :newest DESC, id LIMIT :most)
"""
END_OF_OWNER = """
    UPDATE second_steps SET used_at = :now WHERE owner_id = :owner_id AND used_at IS NULL
"""
END_ALL = "UPDATE second_steps SET used_at = :now WHERE used_at IS NULL"
TIDY = "DELETE FROM second_steps WHERE expires_at < :before"

PER_OWNER = 40  # or whoever has one password fills the disk with it; strangers begin half of them


@dataclass(frozen=True, slots=True)
class SecondStep:
    """What somebody may go on with who has proved something."""

    id: str
    owner_id: str
    purpose: str
    sealed: bytes
    created_at: int
    expires_at: int
    used_at: int | None
    by_app_alone: bool  # its owner has an app and no passkey: nearly always, and one read says it

    def live(self, now: int) -> bool:
        """Tell whether it can still be gone on with."""
        return self.used_at is None and now < self.expires_at


def add(
    tx: Tx,
    id: str,
    token_hash: bytes,
    owner_id: str,
    purpose: str,
    sealed: bytes,
    *,
    expires_at: int,
) -> None:
    """Add a step; the oldest of too many go."""
    values = {"id": id, "token_hash": token_hash, "owner_id": owner_id, "purpose": purpose}
    tx.defer(ADD, **values, sealed=sealed, expires_at=expires_at)
    tx.defer(DROP_BEYOND, owner_id=owner_id, newest=id, most=PER_OWNER)


async def find(tx: Tx, token_hash: bytes, purpose: str) -> SecondStep | None:
    """Find a step, live or not, for the one purpose it was made for."""
    row = await tx.one(FIND, token_hash=token_hash, purpose=purpose)
    return SecondStep(**{**row, "by_app_alone": bool(row["by_app_alone"])}) if row else None


async def use(tx: Tx, id: str) -> bool:
    """Use a step up; False when it was used, ended, or is too old."""
    return await tx.run(USE, id=id) == 1


def reopen(tx: Tx, id: str) -> None:
    """Give a step back that the same transaction has used up in vain."""
    tx.defer(REOPEN, id=id)


def end_of_owner(tx: Tx, owner_id: str) -> None:
    """End the steps of an owner."""
    tx.defer(END_OF_OWNER, owner_id=owner_id)


async def end_all(tx: Tx) -> int:
    """End every step; count them."""
    return await tx.run(END_ALL)


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove steps that ended before a moment."""
    return await tx.run(TIDY, before=before)
