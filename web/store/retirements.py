"""Table retirements."""

from web.database import Tx

FIND = "SELECT retired_at FROM retirements WHERE account_id = :account_id"
ADD = """
    INSERT INTO retirements (account_id, retired_at) VALUES (:account_id, :now)
    ON CONFLICT (account_id) DO NOTHING
"""


async def retired_at(tx: Tx, account_id: str) -> int | None:
    """Give when an account was retired for good."""
    row = await tx.one(FIND, account_id=account_id)
    return int(row["retired_at"]) if row else None


async def add(tx: Tx, account_id: str) -> bool:
    """Retire an account; False when it was."""
    return await tx.run(ADD, account_id=account_id) == 1
