"""Table payments."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from web.database import Tx

KINDS = {"national": "国庫金", "local": "地方税", "general": "一般料金"}
STATES = {"unpaid": "未納付", "paid": "納付済", "failed": "納付不能", "cancelled": "取消"}

# A row that is there already is updated. An unknown ID gives NULL, which account_id refuses.
PUT = """
    INSERT INTO payments (account_id, number, kind, application_number, created_at, items, amount,
                          state, paid_on)
    VALUES ((SELECT id FROM accounts WHERE payment_user_id = :payment_user_id),
            :number, :kind, :application_number, :created_at, :items, :amount, :state, :paid_on)
    ON CONFLICT (account_id, number, kind, application_number) DO UPDATE
       SET created_at = excluded.created_at, items = excluded.items, amount = excluded.amount,
           state = excluded.state, paid_on = excluded.paid_on
"""
ANY = """
    SELECT 1 FROM payments
     WHERE account_id = :account_id AND created_at >= :since AND created_at < :before LIMIT 1
"""
SHOWN = """
    SELECT number, created_at, kind, items, amount, application_number, state, paid_on
      FROM payments
     WHERE account_id = :account_id AND created_at >= :since AND created_at < :before
     ORDER BY created_at, number, kind, application_number LIMIT :most
"""
TOTALS = """
    SELECT state, COUNT(*) AS number, SUM(items) AS items, SUM(amount) AS amount
      FROM payments
     WHERE account_id = :account_id AND created_at >= :since AND created_at < :before
     GROUP BY state
"""
OF_PERIOD = """
    SELECT number, created_at, kind, items, amount, application_number, state, paid_on
      FROM payments
     WHERE account_id = :account_id AND created_at >= :since AND created_at < :before
     ORDER BY created_at, number, kind, application_number
"""


@dataclass(frozen=True, slots=True)
class Payment:
    """A まとめ納付 in one 納付区分."""

    number: str
    created_at: int
    kind: str
    items: int
    amount: int
    application_number: str
    state: str
    paid_on: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many payments are in a state, with their 件数 and 金額 together."""

    state: str
    number: int
    items: int
    amount: int


async def shown(
    tx: Tx, account_id: str, *, since: int, before: int, most: int
) -> tuple[list[Payment], list[Total]]:
    """Give the oldest payments made in a period, and the totals of all of them by state."""
    rows = await tx.all(SHOWN, account_id=account_id, since=since, before=before, most=most)
    totals = await tx.all(TOTALS, account_id=account_id, since=since, before=before)
    found = sorted(
        (Total(**row) for row in totals), key=lambda each: list(STATES).index(each.state)
    )
    return [Payment(**row) for row in rows], found


async def any_of_period(tx: Tx, account_id: str, *, since: int, before: int) -> bool:
    """Tell whether an account has payments made in a period."""
    row = await tx.one(ANY, account_id=account_id, since=since, before=before)
    return row is not None


async def of_period(
    tx: Tx, account_id: str, *, since: int, before: int
) -> AsyncGenerator[Payment, None]:
    """Give an account's payments made in a period, oldest first, a few in memory at a time."""
    rows = tx.each(OF_PERIOD, account_id=account_id, since=since, before=before)
    async with aclosing(rows):
        async for row in rows:
            yield Payment(**row)
