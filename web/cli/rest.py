"""mypage rest: end what a restored database would wrongly go on with."""

import asyncio
from dataclasses import dataclass

import click

from web.database import Database, at
from web.security import challenges
from web.services import Services, Work
from web.settings import Settings
from web.store import (
    address_changes,
    address_confirmations,
    factor_resets,
    issuances,
    outbox,
    reset_links,
    reset_requests,
    second_steps,
    sessions,
    spent_challenges,
    staff_sessions,
)


@dataclass(frozen=True, slots=True)
class Rested:
    """How much a restore has ended."""

    sessions: int
    links: int
    requests: int
    changes: int
    releases: int
    mails: int

    def __str__(self) -> str:
        return (
            f"ended: {self.sessions} log-ins, {self.links} mailed URLs;"
            f" not judged: {self.requests} requests, {self.changes} address changes,"
            f" {self.releases} releases of factors;"
            f" not sent: {self.mails} mails"
        )


@click.command()
@click.option(
    "--nothing-lost",
    is_flag=True,
    help="A synchronous standby was promoted: what was acknowledged is there, nothing needs to end.",
)
def rest(nothing_lost: bool) -> None:  # noqa: FBT001
    """End log-ins, mailed URLs and waiting mails after a server's backup was put back; no server may run.

    Until then `serve` refuses a database that is another one than before, or has lost its newest part.
    """
    settings = Settings.from_env()
    database = at(settings.database_url)
    rested = asyncio.run(_rest(database, settings, nothing_lost=nothing_lost))
    click.echo(f"{database.name}: {rested or 'nothing was ended'}")


async def _rest(database: Database, settings: Settings, *, nothing_lost: bool) -> Rested | None:
    async with database.silence(), Services.opened(settings) as services:
        rested = None if nothing_lost else await services.write(end_all)
        await services.database.note_origin()
    return rested


async def end_all(tx: Work) -> Rested:
    """End what may have changed after the copy was made.

    A session may have been ended, a link used, a request mailed since: to continue them would
    log a thief or a dismissed 担当者 back in, open a used link, let a refused address be approved,
    send a mail twice.
    """
    await tx.services.trail.begin(tx)  # the key may have been replaced since
    await second_steps.end_all(tx)  # a step that was used since would log in again
    # and so would what a passkey has answered since
    await spent_challenges.end_all(tx, expires_at=tx.now + challenges.LIFE)
    links = await issuances.end_all(tx) + await address_confirmations.drop_all(tx)
    rested = Rested(
        sessions=await sessions.end_all(tx) + await staff_sessions.end_of_everybody(tx),
        links=links + await reset_links.end_all(tx),
        requests=await reset_requests.judge_all(tx),
        changes=await address_changes.decide_all(tx),
        releases=await factor_resets.end_all(tx),
        mails=await outbox.give_up_all(tx, error="restored"),
    )
    await tx.audit("database.restored", sessions=rested.sessions, mails=rested.mails)
    return rested
