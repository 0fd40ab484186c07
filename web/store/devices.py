"""Table devices: browsers that have logged in, of 利用者 and of 担当者."""

from web.database import Tx

ADD = """
    INSERT INTO devices (device_hash, owner_id, created_at)
    VALUES (:device_hash, :owner_id, :now)
    ON CONFLICT (owner_id, device_hash) DO UPDATE SET created_at = excluded.created_at
"""
FORGET_OLDEST = """
    DELETE FROM devices
     WHERE owner_id = :owner_id AND device_hash NOT IN (
           SELECT device_hash FROM devices WHERE owner_id = :owner_id
            ORDER BY created_at DESC, device_hash = :device_hash DESC LIMIT :most)
"""
RENAME = "UPDATE devices SET device_hash = :new WHERE device_hash = :old"
FORGET_OTHERS = "DELETE FROM devices WHERE owner_id = :owner_id AND device_hash <> :kept"
TIDY = "DELETE FROM devices WHERE created_at < :before"

PER_OWNER = 50  # of one owner: whoever knows the password could otherwise fill the table


async def add(tx: Tx, device_hash: bytes, owner_id: str) -> None:
    """Note that a device has logged in; its time starts anew."""
    tx.defer(ADD, device_hash=device_hash, owner_id=owner_id)
    tx.defer(FORGET_OLDEST, device_hash=device_hash, owner_id=owner_id, most=PER_OWNER)


async def rename(tx: Tx, old: bytes, new: bytes) -> None:
    """Know a device by another value from now on, whoever has logged in there."""
    tx.defer(RENAME, old=old, new=new)


async def forget_others(tx: Tx, owner_id: str, *, kept: bytes = b"") -> None:
    """Forget an owner's devices but the one kept."""
    tx.defer(FORGET_OTHERS, owner_id=owner_id, kept=kept)


async def tidy(tx: Tx, *, before: int) -> int:
    """Forget devices that have not logged in for long."""
    return await tx.run(TIDY, before=before)
