"""mypage backup, restore."""

import asyncio
import dataclasses
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from web import clock
from web.database import Unusable, at
from web.database.sqlite import copies, locks, schema
from web.security import challenges, upgrading
from web.services import Services, Work
from web.setting_types import SQLITE
from web.settings import Settings
from web.store import (
    address_changes,
    address_confirmations,
    issuances,
    outbox,
    reset_links,
    reset_requests,
    second_steps,
    sessions,
    spent_challenges,
    staff_sessions,
)

FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Rested:
    """How much a restore has ended."""

    sessions: int
    links: int
    requests: int
    changes: int
    mails: int


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
    click.echo(
        f"{database}: restored; ended: {rested.sessions} log-ins, {rested.links} mailed URLs;"
        f" not judged: {rested.requests} requests, {rested.changes} address changes; not sent: {rested.mails} mails"
    )


async def _put_to_rest(fresh: Path, settings: Settings) -> Rested:
    there = dataclasses.replace(settings, database_url=f"{SQLITE}{fresh}")
    await upgrading.upgrade(at(there.database_url), lambda: settings)
    async with Services.opened(there) as services:
        return await services.write(_end_all)


async def _end_all(tx: Work) -> Rested:
    """End what may have changed after the copy was made.

    A session may have been ended, a link used, a request mailed since: to continue them would
    log a thief or a dismissed 担当者 back in, open a used link, let a refused address be approved,
    send a mail twice.
    """
    await second_steps.end_all(tx)  # a step that was used since would log in again
    # and so would what a passkey has answered since
    await spent_challenges.end_all(tx, expires_at=tx.now + challenges.LIFE)
    links = await issuances.end_all(tx) + await address_confirmations.drop_all(tx)
    rested = Rested(
        sessions=await sessions.end_all(tx) + await staff_sessions.end_of_everybody(tx),
        links=links + await reset_links.end_all(tx),
        requests=await reset_requests.judge_all(tx),
        changes=await address_changes.decide_all(tx),
        mails=await outbox.give_up_all(tx, error="restored"),
    )
    await tx.audit("database.restored", sessions=rested.sessions, mails=rested.mails)
    return rested
