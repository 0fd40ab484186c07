"""Table recovery_codes."""

from collections.abc import Sequence

from web.database import Tx

ADD = """
    INSERT INTO recovery_codes (owner_id, number, code_hash, made_at)
    VALUES (:owner_id, :number, :code_hash, :now)
"""
REMOVE_ALL = "DELETE FROM recovery_codes WHERE owner_id = :owner_id"
FIND = """
    SELECT code_hash FROM recovery_codes
     WHERE owner_id = :owner_id AND number = :number AND used_at IS NULL
"""
USE = """
    UPDATE recovery_codes SET used_at = :now
     WHERE owner_id = :owner_id AND number = :number AND code_hash = :code_hash AND used_at IS NULL
"""
LEFT = """
    SELECT COUNT(*) AS number FROM recovery_codes WHERE owner_id = :owner_id AND used_at IS NULL
"""


async def replace(tx: Tx, owner_id: str, hashes: Sequence[str]) -> None:
    """Put new codes in force, numbered from 1; the old ones end."""
    await tx.run(REMOVE_ALL, owner_id=owner_id)
    rows = [
        {"owner_id": owner_id, "number": number, "code_hash": code_hash}
        for number, code_hash in enumerate(hashes, start=1)
    ]
    await tx.many(ADD, rows)


async def find(tx: Tx, owner_id: str, number: int) -> str | None:
    """Give the hash of a code that was not used yet, by its number."""
    row = await tx.one(FIND, owner_id=owner_id, number=number)
    return row["code_hash"] if row else None


async def use(tx: Tx, owner_id: str, number: int, code_hash: str) -> bool:
    """Use a code up; False when it was used, or replaced, meanwhile."""
    values = {"owner_id": owner_id, "number": number, "code_hash": code_hash}
    return await tx.run(USE, **values) == 1


async def left(tx: Tx, owner_id: str) -> int:
    """Count the codes that were not used yet."""
    row = await tx.one(LEFT, owner_id=owner_id)
    return int(row["number"]) if row else 0


async def remove_all(tx: Tx, owner_id: str) -> int:
    """Remove all codes of an owner; count them."""
    return await tx.run(REMOVE_ALL, owner_id=owner_id)
