"""Listing and ending an account's log-ins (ASVS 7.5.2)."""

from dataclasses import dataclass

from web import clock
from web.http.browser import in_words
from web.http.sessions import seconds_unless_ended
from web.services import Services, Work
from web.steps import address_proposals, log_ins
from web.store import accounts, sessions
from web.store.sessions import EndedBy, Session


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


async def live(services: Services, current: Session) -> list[Device]:
    """List the account's live log-ins: this one, then the others by their last use."""
    found, now = await services.read_one(sessions.live_of_account, current.account.id), clock.now()
    listed = [
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
    return sorted(listed, key=lambda each: (not each.this_one, -each.seen_at, each.id))


async def end(tx: Work, current: Session, id: str, device: bytes) -> None:
    """End one log-in of the account; once it has ended, do nothing. Raises NotYours."""
    await accounts.find_open(tx, current.account.id)
    if not await sessions.is_of_account(tx, id, current.account.id):
        raise NotYours
    lately = await log_ins.end_one(
        tx, current.account.id, id, EndedBy.DEVICE, kept=current.id, device=device
    )
    if lately:
        await address_proposals.void(tx, current.account.id, address_proposals.Why.CHANGED)
        await tx.audit_repeated("sessions.ended", current.account.id, lately, number=1)


async def end_others(tx: Work, current: Session, device: bytes) -> None:
    """End every log-in of the account but this one, and forget its other devices."""
    await accounts.find_open(tx, current.account.id)
    ended = await log_ins.end_others(
        tx, current.account.id, EndedBy.DEVICE, kept=current.id, device=device
    )
    await address_proposals.void(tx, current.account.id, address_proposals.Why.CHANGED)
    if ended:
        await tx.audit_repeated("sessions.ended", current.account.id, number=ended)
