"""Table devices."""

from web.database import Tx

KNOWN = """
    SELECT 1 FROM devices AS d JOIN accounts AS a ON a.id = d.account_id
     WHERE d.device_hash = :device_hash AND a.payment_user_id = :payment_user_id
       AND d.created_at > :since
"""
ADD = """
    INSERT INTO devices (device_hash, account_id, created_at)
    VALUES (:device_hash, :account_id, :now)
    ON CONFLICT (device_hash, account_id) DO UPDATE SET created_at = excluded.created_at
"""
DROP_OLDEST = """
    DELETE FROM devices
     WHERE account_id = :account_id AND device_hash <> :device_hash AND device_hash NOT IN (
           SELECT device_hash FROM devices
            WHERE account_id = :account_id AND device_hash <> :device_hash
            ORDER BY created_at DESC, device_hash LIMIT :others)
"""
PER_ACCOUNT = 50
TIDY = "DELETE FROM devices WHERE created_at < :before"


async def known(tx: Tx, device_hash: bytes, payment_user_id: str, *, since: int) -> bool:
    """Tell whether a device has logged in under an ID."""
    row = await tx.one(KNOWN, device_hash=device_hash, payment_user_id=payment_user_id, since=since)
    return row is not None


async def add(tx: Tx, device_hash: bytes, account_id: str) -> None:
    """Note that a device has logged in; its time starts anew. Of each account the newest stay."""
    await tx.run(ADD, device_hash=device_hash, account_id=account_id)
    await tx.run(
        DROP_OLDEST, device_hash=device_hash, account_id=account_id, others=PER_ACCOUNT - 1
    )


async def tidy(tx: Tx, *, before: int) -> int:
    """Forget devices that have not logged in for long."""
    return await tx.run(TIDY, before=before)
