"""Giving out the まとめ納付管理ファイル: what it says, and that it was given."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from web import clock
from web.database import Database, Tx
from web.features.summary_file.form import Period
from web.http.download import for_spreadsheet
from web.security import throttle
from web.services import Work
from web.store import accounts, payments
from web.store.accounts import Account
from web.store.payments import Payment

HEADER = (
    "まとめ納付番号", "作成日時", "納付区分", "件数", "金額", "申請番号", "状態", "納付日",
)  # fmt: skip


class NothingInPeriod(Exception):
    """The account has no payments in the period."""


async def any_of(tx: Tx, account: Account, asked: Period) -> bool:
    """Tell whether the file of a period has anything in it."""
    return await payments.any_of_period(tx, account.id, since=asked.since, before=asked.before)


async def give(tx: Work, account: Account, asked: Period) -> None:
    """Record that the file is given. Raises NothingInPeriod, TooMany, Shut."""
    await accounts.find_open(tx, account.id)
    if not await any_of(tx, account, asked):
        raise NothingInPeriod
    await throttle.act(tx, tx.vault, account.id, "summary_file", most=tx.settings.acts_per_hour)
    await tx.audit("summary_file.downloaded", account.id, first=asked.first.isoformat(), last=asked.last.isoformat())  # fmt: skip


async def lines(
    database: Database, account: Account, asked: Period
) -> AsyncGenerator[tuple[object, ...], None]:
    """Give the header and a line for every payment of the period, as they are read."""
    yield HEADER
    async with database.stream() as reads:
        found = payments.of_period(reads, account.id, since=asked.since, before=asked.before)
        async with aclosing(found):
            async for payment in found:
                yield _cells(payment)


def _cells(payment: Payment) -> tuple[object, ...]:
    return (
        for_spreadsheet(payment.number),
        clock.table_style(payment.created_at),
        payments.KINDS[payment.kind],
        payment.items,
        payment.amount,
        for_spreadsheet(payment.application_number),
        payments.STATES[payment.state],
        payment.paid_on.replace("-", "/"),
    )
