"""Reading one's own events, and disowning one: 心当たりがない."""

from dataclasses import dataclass

from web.database import Tx
from web.features.activity import events
from web.features.activity.events import Event
from web.security.throttle import Attempt
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import address_proposals, current_password, factor_resets, log_ins, receipts
from web.store import accounts, address_confirmations, reports, reset_links
from web.store import audit as rows
from web.store.accounts import Account
from web.store.credentials import CredentialKind
from web.store.receipts import Receipt
from web.store.reports import Report
from web.store.sessions import EndedBy, Session

NAME = "activity"
PER_PAGE = 20
NEWEST = 2**63 - 1


class NoSuchEvent(Exception):
    """There is no such event, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first; which of them were disowned; whether others lie on either side."""

    events: list[Event]
    disowned: dict[int, Report | None]
    newer: bool
    older: bool


async def page(
    tx: Tx, vault: Vault, account: Account, *, before: int | None, after: int | None
) -> Page:
    """Give the events before one, or after one, or the newest."""
    most = PER_PAGE + 1  # one more, to tell whether there are others
    if after is not None:
        found = await rows.newer_of_account(tx, account.id, after=after, most=most)
        newer, older = len(found) > PER_PAGE, bool(found)
        shown = found[:PER_PAGE][::-1]
    else:
        start = NEWEST if before is None else before
        found = await rows.older_of_account(tx, account.id, before=start, most=most)
        newer, older = before is not None, len(found) > PER_PAGE
        shown = found[:PER_PAGE]
    made = {each.id: each for each in await reports.of_account(tx, account.id)}
    disowned = {each.seq: made.get(receipt_id(vault, account, each.seq)) for each in shown}
    return Page([events.read(row) for row in shown], disowned, newer, older)


async def event(tx: Tx, account: Account, seq: int) -> Event:
    """Give one of the account's own events. Raises NoSuchEvent."""
    row = await rows.find_of_account(tx, account.id, seq)
    if row is None:
        raise NoSuchEvent
    return events.read(row)


def receipt_id(vault: Vault, account: Account, seq: int) -> str:
    """Name the receipt of disowning an event: the same from every tab, so it is done once."""
    return vault.sign("disowned event", f"{account.id}:{seq}".encode()).hex()[:32]


async def disown(
    services: Services, session: Session, attempt: Attempt, seq: int, typed: str
) -> Receipt:
    """Check the password, then shut everybody else out; pressed again, find what was done.

    Raises NoSuchEvent, TooMany, WrongPassword.
    """
    account = session.account
    async with services.read() as reads:
        key = receipt_id(services.vault, account, seq)
        done = await receipts.find(reads, key, account.id, NAME)
        if done is not None:
            return done
        if await rows.find_of_account(reads, account.id, seq) is None:
            raise NoSuchEvent
    still = await current_password.prove(services, account, attempt, typed, asked_by=NAME)
    return await services.write(
        current_password.while_still, still, _shut_out, session, attempt.device, seq, key
    )


async def _shut_out(tx: Work, session: Session, device: bytes, seq: int, key: str) -> Receipt:
    """End the other log-ins and every live mailed URL (ASVS 7.4.3)."""
    account = session.account
    done = await receipts.find(tx, key, account.id, NAME)
    if done is not None:
        return done
    await accounts.find_open(tx, account.id)
    disowned = await rows.find_of_account(tx, account.id, seq)
    ended = await log_ins.end_others(tx, account.id, EndedBy.DEVICE, kept=session.id, device=device)
    await address_proposals.void(tx, account.id, address_proposals.Why.CHANGED)
    await factor_resets.stop_of_account(tx, account.id)
    links = 0
    for kind in CredentialKind:
        links += await reset_links.live_until(tx, account.id, kind) is not None
        await reset_links.end(tx, account.id, kind)
    await address_confirmations.drop(tx, account.id)
    receipt = await receipts.issue(tx, key, account.id, NAME)
    of = disowned.event if disowned else ""
    await reports.add(tx, key, account.id, receipt.number, of)
    await tx.audit("activity.disowned", account.id, row=seq, of=of, sessions=ended, links=links, number=receipt.number)  # fmt: skip
    return receipt
