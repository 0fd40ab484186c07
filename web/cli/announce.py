"""mypage notice, maintenance: what everybody is told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import click

from web import clock
from web.services import Services, Work
from web.settings import Settings
from web.store import announcements
from web.store.announcements import Kind

LONGEST = 500
SOON = "A running server follows within five seconds."

Command = Callable[[Work], Awaitable[None]]


class _Moment(click.ParamType[int]):
    name = "TIME"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read 06:00, the next time it is that late in Japan, or an ISO 8601 moment."""
        now = clock.now()
        today = clock.in_tokyo(now)
        try:
            if len(value) == len("06:00"):
                hour, minute = map(int, value.split(":"))
                moment = today.replace(hour=hour, minute=minute, second=0)
                at = int((moment + timedelta(days=moment <= today)).timestamp())
            else:
                at = clock.parse_iso(value)
        except ValueError:
            self.fail(f"{value!r}: 06:00 or 2026-11-24T06:00 (Japanese time)", param, ctx)
        if at <= now:
            self.fail(f"{value!r} is past", param, ctx)
        return at


until = click.option("--until", "ends_at", type=_Moment(), help="06:00 or 2026-11-24T06:00, Japan.")


@click.group(epilog=SOON)
def notice() -> None:
    """Show an お知らせ on the portal and on the log-in screen."""


@notice.command("set")
@click.argument("text")
@until
def set_notice(text: str, ends_at: int | None) -> None:
    """Show TEXT, in place of what is shown, until cleared or --until."""
    body = text.strip()
    if not body or not body.isprintable() or len(body) > LONGEST:
        raise click.ClickException(f"TEXT: one line of 1 to {LONGEST} characters is needed")
    _announce(Kind.NOTICE, "notice.set", body, ends_at)


@notice.command("clear")
def clear_notice() -> None:
    """Show no お知らせ any more."""
    _withdraw(Kind.NOTICE, "notice.cleared")


@click.group(epilog=SOON)
def maintenance() -> None:
    """Keep people out with a page that says until when."""


@maintenance.command("on")
@until
def maintenance_on(ends_at: int | None) -> None:
    """Answer 503 everywhere but on portal, log-in screen and help; ends by `maintenance off` only."""
    _announce(Kind.MAINTENANCE, "maintenance.on", "", ends_at)


@maintenance.command("off")
def maintenance_off() -> None:
    """Let people in again."""
    _withdraw(Kind.MAINTENANCE, "maintenance.off")


def _announce(kind: Kind, event: str, body: str, ends_at: int | None) -> None:
    async def work(tx: Work) -> None:
        await announcements.put(tx, kind, body, ends_at)
        await tx.audit(event)

    _write(work)
    click.echo(f"{event}; until {clock.iso_utc(ends_at) if ends_at else 'taken back'}")


def _withdraw(kind: Kind, event: str) -> None:
    async def work(tx: Work) -> None:
        if await announcements.remove(tx, kind):
            await tx.audit(event)

    _write(work)
    click.echo(event)


def _write(work: Command) -> None:
    settings = Settings.from_env()

    async def write() -> None:
        async with Services.opened(settings) as services:
            await services.write(work)

    asyncio.run(write())
