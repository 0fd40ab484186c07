"""Table receipts."""

from dataclasses import asdict, dataclass

from web.database import Tx

FIND = """
    SELECT id, account_id, flow, number, created_at
      FROM receipts WHERE id = :id AND flow = :flow
"""
OF_ACCOUNT = """
    SELECT id, account_id, flow, number, created_at
      FROM receipts WHERE account_id = :account_id AND flow = :flow ORDER BY created_at
"""
ADD = """
    INSERT INTO receipts (id, account_id, flow, number, created_at)
    VALUES (:id, :account_id, :flow, :number, :created_at)
"""
NUMBER_TAKEN = "SELECT 1 FROM receipts WHERE number = :number"
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


async def of_account(tx: Tx, account_id: str, flow: str) -> list[Receipt]:
    """List an account's receipts of a flow."""
    rows = await tx.all(OF_ACCOUNT, account_id=account_id, flow=flow)
    return [Receipt(**row) for row in rows]


async def add(tx: Tx, receipt: Receipt) -> None:
    """Add a receipt."""
    await tx.run(ADD, **asdict(receipt))


async def number_taken(tx: Tx, number: str) -> bool:
    """Tell whether a 受付番号 was given out already."""
    return await tx.one(NUMBER_TAKEN, number=number) is not None


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove old receipts."""
    return await tx.run(TIDY, before=before)
