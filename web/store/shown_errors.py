"""Table shown_errors: to whom an エラー番号 was shown, and when."""

from dataclasses import dataclass

from web.database import Tx

PER_ACCOUNT = 50
ADD = """
    INSERT INTO shown_errors (number, account_id, shown_at)
    SELECT :number, id, :at FROM accounts WHERE id = :account_id
        ON CONFLICT (number) DO UPDATE SET account_id = :account_id, shown_at = :at
"""
KEEP_NEWEST = """
    DELETE FROM shown_errors
     WHERE account_id = :account_id AND shown_at < (
           SELECT shown_at FROM shown_errors WHERE account_id = :account_id
            ORDER BY shown_at DESC LIMIT 1 OFFSET :beyond)
"""
FIND = "SELECT account_id, shown_at FROM shown_errors WHERE number = :number"
TIDY = "DELETE FROM shown_errors WHERE shown_at < :before"


@dataclass(frozen=True, slots=True)
class Shown:
    """An エラー番号 on a page of somebody logged in."""

    account_id: str
    shown_at: int


async def add(tx: Tx, shown: dict[str, Shown]) -> None:
    """Note numbers; of an account the newest stay."""
    await tx.many(
        ADD,
        [
            {"number": number, "account_id": each.account_id, "at": each.shown_at}
            for number, each in shown.items()
        ],
    )
    owners = {each.account_id for each in shown.values()}
    rows = [{"account_id": owner, "beyond": PER_ACCOUNT - 1} for owner in sorted(owners)]
    await tx.many(KEEP_NEWEST, rows)


async def find(tx: Tx, number: str) -> Shown | None:
    """Find what a number was shown for."""
    row = await tx.one(FIND, number=number)
    return Shown(**row) if row else None


async def tidy(tx: Tx, *, before: int) -> None:
    """Remove what was shown before a moment."""
    tx.defer(TIDY, before=before)
