"""Listing and ending an account's log-ins (ASVS 7.5.2)."""

from dataclasses import dataclass

from web.database import Tx
from web.http.browser import in_words
from web.http.entry import seconds_unless_ended
from web.http.services import Services
from web.security import audit
from web.store import sessions
from web.store.sessions import Session


class NotYours(Exception):
    """No log-in of this account has that id; never said whether another's has."""


@dataclass(frozen=True, slots=True)
class Device:
    """A live log-in, in words."""

    id: str
    browser: str
    network: str
    seen_at: int
    started_at: int
    this_one: bool


async def live(services: Services, current: Session, *, now: int) -> list[Device]:
    """List the account's live log-ins: this one, then the others by their last use."""
    async with services.database.read() as reads:
        found = await sessions.live_of_account(reads, current.account.id)
    devices = [
        Device(
            each.id,
            in_words(each.user_agent),
            each.network,
            services.seen.at(each),
            each.started_at,
            each.id == current.id,
        )
        for each in found
        if seconds_unless_ended(services, each, now) > 0
    ]
    return sorted(devices, key=lambda each: (not each.this_one, -each.seen_at, each.id))


async def end(tx: Tx, services: Services, current: Session, id: str, *, now: int) -> None:
    """End one log-in of the account; once it has ended, do nothing. Raises NotYours."""
    if not await sessions.is_of_account(tx, id, current.account.id):
        raise NotYours
    await _note(tx, services, current, await sessions.end(tx, id, now=now), now=now)


async def end_others(tx: Tx, services: Services, current: Session, *, now: int) -> None:
    """End every log-in of the account but this one."""
    ended = await sessions.end_others(tx, current.account.id, kept=current.id, now=now)
    await _note(tx, services, current, ended, now=now)


async def _note(tx: Tx, services: Services, current: Session, ended: int, *, now: int) -> None:
    if ended:
        await audit.record(
            tx, services.vault, "sessions.ended", now=now, account_id=current.account.id,
            number=ended,
        )  # fmt: skip
