"""mypage backup, restore."""

import asyncio
import dataclasses
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from web import clock
from web.cli import rest
from web.database import Unusable, at
from web.database.sqlite import copies, locks, schema
from web.security import upgrading
from web.services import Services
from web.setting_types import SQLITE
from web.settings import Settings

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Copy the database to FILE, also while the server runs; replace nothing."""
    database = at(Settings.database_from_env()).file
    if not schema.version(database):
        raise Unusable(f"{database}: nothing to copy; is MYPAGE_DATABASE_URL right?")
    copies.copy(database, file)
    wrong = copies.faults(file)
    if wrong:
        raise Unusable(f"{file}: copied, but {database} is damaged: {'; '.join(wrong)}")
    click.echo(f"{file}: {file.stat().st_size} bytes, sound")


@click.command()
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put a backup back while no server runs; all log-ins end, no old mail is sent again."""
    settings = Settings.from_env()
    database, now = at(settings.database_url).file, clock.now()
    aside = database.with_name(
        f"{database.name}.before-{clock.in_tokyo(now).strftime('%Y%m%d-%H%M%S')}"
    )
    if not schema.version(file):
        raise Unusable(f"{file}: no backup of this product")
    database.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        held.enter_context(locks.hold(database, "serve"))
        folder = held.enter_context(TemporaryDirectory(dir=database.parent, prefix=".restore-"))
        fresh = Path(folder) / database.name
        copies.copy(file, fresh)
        wrong = copies.faults(fresh)
        if wrong:
            raise Unusable(f"{file}: damaged, nothing was changed: {'; '.join(wrong)}")
        rested = asyncio.run(_put_to_rest(fresh, settings))
        held.enter_context(locks.hold(database, "write"))
        if copies.put_in_place(fresh, database, aside):
            click.echo(f"{aside}: the former database")
    click.echo(f"{database}: restored; {rested}")


async def _put_to_rest(fresh: Path, settings: Settings) -> rest.Rested:
    there = dataclasses.replace(settings, database_url=f"{SQLITE}{fresh}")
    await upgrading.upgrade(at(there.database_url), lambda: settings)
    async with Services.opened(there) as services:
        return await services.write(rest.end_all)
