"""mypage payments import: brings in what the まとめ納付管理ファイル lists."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import click

from web import clock
from web.cli.csv_rows import Bad, BadRow, put_all, rows
from web.database import InUse, Violated
from web.fields.user_id import user_id
from web.services import Services, Work
from web.settings import Settings
from web.store import payments as payment_rows

BATCH = 1000  # rows held in memory
MOST_WHILE_SERVING = 20_000  # rows; more would keep everybody else's writes waiting for too long
MOST_YEN = 10**12
COLUMNS = (
    "payment_user_id", "number", "created_at", "kind", "items", "amount", "application_number",
    "state", "paid_on",
)  # fmt: skip
KINDS, STATES = tuple(payment_rows.KINDS), tuple(payment_rows.STATES)
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,39}")


@click.group()
def payments() -> None:
    """Look after what まとめ納付管理ファイル lists."""


@payments.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(file: Path) -> None:
    """Bring in payments from a UTF-8 CSV, or their newest state: all rows or none.

    A server may run, up to 20,000 rows at a time.
    """
    settings = Settings.from_env()
    try:
        bad = Bad()
        number = sum(1 for _ in _read(file, bad))  # read without a lock: a bad row stops no writer
        bad.check()
        asyncio.run(_import(settings, file, silent=number > MOST_WHILE_SERVING))
    except BadRow as wrong:
        raise click.ClickException(f"{file}: {wrong}; nothing was imported") from None
    except InUse as taken:
        raise click.ClickException(
            f"{taken}; {number} rows: stop the server, or import {MOST_WHILE_SERVING} at a time"
        ) from None
    click.echo(f"{number} payments imported")


async def _import(settings: Settings, file: Path, *, silent: bool) -> int:
    work: Callable[..., Awaitable[int]] = import_all
    async with (
        Services.opened(settings) as services,
        services.database.silence() if silent else nullcontext(),
    ):
        return await services.write(work, file)


async def import_all(tx: Work, file: Path) -> int:
    """Put every payment of the file; give their number. Raises BadRow, and nothing is changed."""
    number, bad = 0, Bad()
    found = _read(file, bad)
    while batch := list(islice(found, BATCH)):
        await put_all(lambda rows: tx.many(payment_rows.PUT, rows), batch, bad, _unknown)
        number += len(batch)
    bad.check()
    await tx.audit("payments.imported", number=number)
    return number


def _unknown(_: Violated) -> str:
    return "payment_user_id: no such account"


def _read(file: Path, bad: Bad) -> Iterator[dict[str, Any]]:
    with file.open("rb") as source:
        yield from rows(source, COLUMNS, _row, bad)


def _row(given: Mapping[str, str]) -> dict[str, Any]:
    kind, state = _one_of("kind", given, KINDS), _one_of("state", given, STATES)
    return {
        "payment_user_id": user_id(given["payment_user_id"]),
        "number": _number("number", given),
        "application_number": _number("application_number", given),
        "created_at": _moment(given["created_at"]),
        "kind": kind,
        "items": _whole("items", given),
        "amount": _whole("amount", given),
        "state": state,
        "paid_on": _paid_on(given["paid_on"].strip(), paid=state == "paid"),
    }


def _one_of(column: str, given: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    if given[column] not in allowed:
        raise ValueError(f"{column}: {', '.join(allowed[:-1])} or {allowed[-1]}")
    return given[column]


def _number(column: str, given: Mapping[str, str]) -> str:
    if _NUMBER.fullmatch(given[column]) is None:
        raise ValueError(f"{column}: up to 40 letters, digits and hyphens are needed")
    return given[column]


def _whole(column: str, given: Mapping[str, str]) -> int:
    text = given[column]
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_YEN))):
        raise ValueError(f"{column}: a whole number without signs is needed")
    return int(text)


def _moment(given: str) -> int:
    try:
        return clock.parse_iso(given)
    except ValueError as wrong:
        raise ValueError("created_at: an ISO 8601 moment is needed") from wrong


def _paid_on(given: str, *, paid: bool) -> str:
    if not paid:
        if given:
            raise ValueError("paid_on: only a paid payment has one")
        return ""
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError as wrong:
        raise ValueError("paid_on: a day such as 2026-11-01 is needed") from wrong
