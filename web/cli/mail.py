"""mypage mail list, retry, drop."""

import asyncio
from typing import Any

import click

from web.cli import common
from web.office.support import mails
from web.office.support.accounts import Act, NoSuchAccount
from web.services import Services
from web.settings import Settings
from web.store.listed_mails import State

MOST = 100


@click.group()
def mail() -> None:
    """Look after mails that wait or could not be delivered."""


@mail.command("list")
@click.argument("payment_id", required=False)
@click.option("--state", type=click.Choice([each.value for each in State]), help="Only these.")
@click.option("--most", type=click.IntRange(1), default=MOST, show_default=True, help="At most.")
@common.as_json
def list_(payment_id: str | None, state: str | None, most: int, as_json: bool) -> None:  # noqa: FBT001
    """List mails, newest first: of one account, or all; never what they say."""
    settings = Settings.from_env()
    try:
        rows = asyncio.run(_listed(settings, payment_id, State(state) if state else None, most))
    except NoSuchAccount:
        raise click.ClickException(f"{payment_id}: no such account") from None
    common.print_rows([common.with_moments(row) for row in rows], as_json=as_json)


async def _listed(
    settings: Settings, payment_id: str | None, state: State | None, most: int
) -> list[dict[str, Any]]:
    async with Services.opened(settings) as services, services.read() as reads:
        return await mails.listed(reads, payment_user_id=payment_id, state=state, most=most)


@mail.command()
@click.argument("mail_ids", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; it goes into the audit trail.")
@common.as_json
def retry(mail_ids: tuple[str, ...], reason: str, as_json: bool) -> None:  # noqa: FBT001
    """Try mails again now that wait or were given up: all of them or none."""
    _act(mails.retry, mail_ids, reason, "waiting", as_json=as_json)


@mail.command()
@click.argument("mail_ids", nargs=-1, required=True)
@click.option("--reason", default="", help="Why; it goes into the audit trail.")
@common.as_json
def drop(mail_ids: tuple[str, ...], reason: str, as_json: bool) -> None:  # noqa: FBT001
    """Give mails up for good and erase them: all of them or none."""
    _act(mails.drop, mail_ids, reason, "dead", as_json=as_json)


def _act(work: Any, mail_ids: tuple[str, ...], reason: str, state: str, *, as_json: bool) -> None:
    settings = Settings.from_env()
    try:
        asyncio.run(_all_or_none(settings, work, mail_ids, reason))
    except mails.NoSuchMail as wrong:
        raise click.ClickException(str(wrong)) from None
    common.print_rows([{"id": each, "state": state} for each in mail_ids], as_json=as_json)


async def _all_or_none(
    settings: Settings, work: Any, mail_ids: tuple[str, ...], reason: str
) -> None:
    act = Act("cli", reason)

    async def each_of_them(tx: Any) -> None:
        for mail_id in mail_ids:
            await work(tx, act, mail_id)

    async with Services.opened(settings) as services:
        await services.write(each_of_them)
