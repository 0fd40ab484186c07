"""mypage audit list, seen, verify."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from typing import Any, TextIO

import click

from web import clock
from web.cli.common import as_json, print_rows
from web.database import Tx
from web.security import audit_events, audit_proof, tokens
from web.security.vault import Vault
from web.services import Services
from web.settings import Settings
from web.store import accounts
from web.store import audit as rows
from web.store.audit import Listed, Look

BATCH = 1000  # rows held in memory
LOGGED = "audit.end"  # the line of the log in which the server notes the end
END = re.compile("[0-9]{1,18}:[0-9a-f]{16}")


@click.group()
def audit() -> None:
    """Read and check the audit trail."""


def _end(_: click.Context, __: click.Parameter, given: str) -> str:
    if given and END.fullmatch(given) is None:
        raise click.BadParameter("an end such as 1234:0123456789abcdef, as verify prints it")
    return given


@audit.command()
@click.option("--noted", default="", callback=_end, help="An end that an earlier verify printed.")
@click.option(
    "--log", "log_file", type=click.File(encoding="utf-8", errors="replace"),
    help="A log of the server, or - for standard input: every end noted in it is looked for.",
)  # fmt: skip
def verify(noted: str, log_file: TextIO | None) -> None:
    """Recompute the chain of the audit trail; name the first row that does not fit, or say where it ends."""
    settings = Settings.from_env()
    ends = {noted} - {""} | set(_noted_in(log_file) if log_file else ())
    if log_file and not ends:
        raise click.ClickException(f"{log_file.name}: no line of {LOGGED} in it")
    try:
        proved = asyncio.run(verified(settings, ends))
    except audit_proof.Broken as wrong:
        raise click.ClickException(str(wrong)) from None
    if ends and not proved.compared:
        raise click.ClickException("nothing to compare: all noted ends were removed by age")
    compared = f", {proved.compared} noted ends found" if ends else ""
    click.echo(f"ok: {proved.number} rows{compared}, end {proved.end}")


def _noted_in(log_file: Iterable[str]) -> Iterator[str]:
    """Find the ends that the server noted; a journal may have put its own words before each line.

    All of them, not the newest alone: after a cut the server goes on and notes ends that fit.
    """
    for line in log_file:
        try:
            told = json.loads(line[line.index("{") :])
        except ValueError:
            continue
        if told.get("event") == LOGGED and END.fullmatch(str(told.get("end"))):
            yield told["end"]


async def verified(settings: Settings, noted: Collection[str]) -> audit_proof.Proved:
    """Check the chain and its ends. Raises Broken."""
    async with Services.opened(settings) as services, services.read() as reads:
        return await audit_proof.verify(reads, Vault(settings.secret_key), noted=noted)


def _moment(_: click.Context, __: click.Parameter, given: str) -> int:
    try:
        return clock.parse_iso(given) if given else 0
    except ValueError:
        raise click.BadParameter("an ISO 8601 moment such as 2026-11-23 is needed") from None


@audit.command()
@click.argument("payment_id")
@click.option("--since", default="", callback=_moment, help="ISO 8601; Japanese time if not said.")
@as_json
def seen(payment_id: str, since: int, as_json: bool) -> None:  # noqa: FBT001
    """List who looked at an account, oldest first: when, which 担当者 on which screen, or cli by the command."""
    looks = asyncio.run(_seen(Settings.from_env(), payment_id, since))
    print_rows([{"at": clock.iso_utc(look.at), **look.detail} for look in looks], as_json=as_json)


async def _seen(settings: Settings, payment_id: str, since: int) -> list[Look]:
    async with Services.opened(settings) as services, services.read() as reads:
        return await rows.looks(reads, await _account_id(reads, payment_id), since=since)


@audit.command("list")
@click.option("--account", default="", help="納付利用者ID, or the id of an account.")
@click.option(
    "--event", default="", type=click.Choice(["", *audit_events.LABELS]), metavar="EVENT",
    help="Such as login.failed; a name that does not exist is answered with all that do.",
)  # fmt: skip
@click.option("--since", default="", callback=_moment, help="ISO 8601; Japanese time if not said.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(account: str, event: str, since: int, as_json: bool) -> None:  # noqa: FBT001
    """List the audit trail, oldest first: who did what when."""
    asyncio.run(_list(Settings.from_env(), account, event, since, as_json=as_json))


async def _list(settings: Settings, account: str, event: str, since: int, *, as_json: bool) -> None:
    before = "[\n" if as_json else ""
    async with Services.opened(settings) as services, services.read() as reads:
        account_id = await _account_id(reads, account)
        async for row in _listed(reads, since=since, account_id=account_id, event=event):
            line = json.dumps(_facts(row), ensure_ascii=False) if as_json else _line(row)
            click.echo(before + line, nl=not as_json)
            before = ",\n" if as_json else ""
    if as_json:
        click.echo("[]" if before == "[\n" else "\n]")


async def _account_id(tx: Tx, given: str) -> str:
    """Find the id of an account; rows outlive it, so an id is taken as it is."""
    if not given or tokens.is_id(given):
        return given
    account = await accounts.find_by_payment_id(tx, given.strip().upper())
    if account is None:
        raise click.ClickException(f"{given}: no such account")
    return account.id


async def _listed(tx: Tx, *, since: int, account_id: str, event: str) -> AsyncIterator[Listed]:
    after = 0
    while batch := await rows.listed(
        tx, after=after, since=since, account_id=account_id, event=event, most=BATCH
    ):
        for row in batch:
            yield row
        after = batch[-1].seq


def _facts(row: Listed) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": clock.iso_utc(row.at),
        "event": row.event,
        "account": row.payment_user_id or row.account_id,
        "detail": json.loads(row.detail),
        "request_id": row.request_id,
    }


def _line(row: Listed) -> str:
    facts = _facts(row)
    detail = " ".join(f"{name}={value}" for name, value in facts["detail"].items())
    account = facts["account"] or "-"
    return f"{row.seq:>8}  {facts['at']}  {row.event:20} {account:12} {detail}".rstrip()
