"""mypage move: copy a database to a PostgreSQL server, whole."""

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass

import click

from web.cli.audit import verified
from web.database import Database, Row, Tx, Unusable, Violated, at
from web.security import audit_proof, upgrading
from web.setting_types import POSTGRESQL, database_url
from web.settings import Settings
from web.store import account_indexes, tables

ROOM = 2**256


@dataclass(slots=True)
class Sum:
    """How many rows there are, and a sum of their digests, which does not depend on their order."""

    rows: int = 0
    digests: int = 0

    def add(self, row: Row) -> None:
        """Count a row."""
        self.rows += 1
        digest = hashlib.sha256(repr(tuple(row)).encode()).digest()
        self.digests = (self.digests + int.from_bytes(digest)) % ROOM


def _target(_: click.Context, __: click.Parameter, given: str) -> str:
    try:
        url = database_url(given)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from None
    if not url.startswith(POSTGRESQL):
        raise click.BadParameter("postgresql://user@host/name")
    return url


@click.command()
@click.argument("url", callback=_target)
def move(url: str) -> None:
    """Copy the database to an empty one at postgresql://…, while no server runs on it; change nothing in it.

    All rows go in one transaction, which is undone unless every table has the same rows on both sides.
    """
    try:
        proved = asyncio.run(moved(Settings.from_env(), url))
    except audit_proof.Broken as wrong:
        raise click.ClickException(f"{at(url).name}: {wrong}") from None
    click.echo(f"audit trail: {proved.number} rows, end {proved.end}")
    click.echo(f"{at(url).name}: complete; set MYPAGE_DATABASE_URL and start the server")


async def moved(settings: Settings, url: str) -> audit_proof.Proved:
    """Copy the database of an installation to an address. Raises Unusable, InUse, Broken."""
    there = dataclasses.replace(settings, database_url=url)
    source, target = at(settings.database_url), at(url)
    if not await source.version():
        raise Unusable(f"{source.name}: nothing to move; is MYPAGE_DATABASE_URL right?")
    async with source.silence():
        await upgrading.upgrade(source, lambda: there)
        await upgrading.upgrade(target, lambda: there)
        async with target.silence():
            await target.open(command=True)
            try:
                await target.write(_copy_all, source, target.name)
            finally:
                await target.close()
            return await verified(there, ())


async def _copy_all(tx: Tx, source: Database, name: str) -> None:
    """Copy table after table. Raises Unusable when one has rows already, or others than it should have."""
    await account_indexes.drop(tx)
    async with source.stream() as reads:
        for table in tables.READ:
            if not await tables.is_empty(tx, table):
                raise Unusable(f"{name}: {table} is not empty; nothing was changed")
            ours = Sum()
            try:
                await tx.copy(table, _added_up(tables.rows(reads, table), ours))
            except Violated as wrong:
                raise Unusable(f"{name}: {table}: {wrong}; nothing was changed") from wrong
            theirs = Sum()
            async for row in tables.rows(tx, table):
                theirs.add(row)
            if ours != theirs:
                raise Unusable(f"{name}: {table} differs after the copy; nothing was changed")
            click.echo(f"{table:24} {ours.rows:>10} rows, the same")
    await account_indexes.make(tx)
    await tx.run(tables.ANALYZE)


async def _added_up(rows: AsyncIterable[Row], total: Sum) -> AsyncGenerator[Row, None]:
    async for row in rows:
        total.add(row)
        yield row
