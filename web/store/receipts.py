"""Table receipts."""

from dataclasses import dataclass

from web.database import Tx
from web.store.columns import columns

FIND = """
    SELECT id, account_id, flow, number, created_at
      FROM receipts WHERE id = :id AND flow = :flow
"""
# Nothing where the account has done this often enough since, or the number is somebody's.
ADD = """
    INSERT INTO receipts (id, account_id, flow, number, created_at)
    SELECT :id, :account_id, :flow, :number, :created_at
     WHERE (SELECT COUNT(*) FROM receipts
             WHERE account_id = :account_id AND flow = :flow AND created_at > :since) < :most
    ON CONFLICT (number) DO NOTHING
"""
NTH_SINCE = """
    SELECT created_at FROM receipts
     WHERE account_id = :account_id AND flow = :flow AND created_at > :since
     ORDER BY created_at DESC LIMIT 1 OFFSET :nth
"""
TIDY = "DELETE FROM receipts WHERE created_at < :before"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that something was done, with the 受付番号 people can quote."""

    id: str
    account_id: str
    flow: str
    number: str
    created_at: int


async def find(tx: Tx, id: str, flow: str) -> Receipt | None:
    """Find a receipt."""
    row = await tx.one(FIND, id=id, flow=flow)
    return Receipt(**row) if row else None


async def add(tx: Tx, receipt: Receipt, *, since: int, most: int) -> bool:
    """Add a receipt; False when its number is taken, or the account has so many since a moment."""
    return await tx.run(ADD, **columns(receipt), since=since, most=most) == 1


async def nth_since(tx: Tx, account_id: str, flow: str, nth: int, *, since: int) -> int | None:
    """Give when the nth newest receipt of an account and flow was issued, counted from 1."""
    row = await tx.one(NTH_SINCE, account_id=account_id, flow=flow, nth=nth - 1, since=since)
    return row["created_at"] if row else None


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove old receipts."""
    return await tx.run(TIDY, before=before)
