"""What goes on without a request: requests judged, warnings written, mails delivered, rows removed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from web import clock, log
from web.database import DatabaseUnavailable
from web.database.database import FARTHEST
from web.direct_debit import acts
from web.direct_debit.reseal import reseal
from web.features import warnings
from web.features.issuance import requests as issuance_requests
from web.features.password_reset import requests
from web.mail.courier import Courier
from web.mail.mail_server import MailServerDown
from web.security import audit, second_throttle, throttle, unknown
from web.services import Services, Work, error_numbers
from web.steps import address_proposals, drafts, factor_resets, receipts
from web.store import (
    address_confirmations,
    audit_marks,
    devices,
    failures,
    issuances,
    outbox,
    reset_links,
    reset_requests,
    second_steps,
    sessions,
    shown_errors,
    spent_challenges,
    staff_sessions,
)
from web.store import drafts as draft_rows
from web.store import factor_resets as factor_reset_rows
from web.store import receipts as receipt_rows
from web.store.topics import Topic

LOOK_AGAIN = 5.0  # seconds; commits of this process wake the first courier at once
HELPERS = 3  # couriers for mails that were never tried: these do not wait for repeated ones
FLUSH = 30.0
HOLD_AGAIN = 120.0
BEAT = 5.0
TIDY = 3600.0
LINKS_KEPT = 30 * clock.DAY
MAILS_KEPT = 90 * clock.DAY
YEAR = 366 * clock.DAY  # so that seven of them are never shorter than seven calendar years


@asynccontextmanager
async def running(services: Services) -> AsyncIterator[None]:
    """Run the background work for as long as the block."""
    courier = Courier(services.database, services.vault, services.settings)
    await services.database.beat()
    await courier.free_leases()
    await services.announcements.look(services.database)
    await services.error_numbers.hold(services.database)
    await services.look_at_hashes()
    works = (
        _on_commit(services, Topic.REQUESTS, lambda: requests.judge_waiting(services)),
        _on_commit(services, Topic.ISSUANCES, lambda: issuance_requests.judge_waiting(services)),
        _on_commit(services, Topic.MAIL, lambda: _deliver(courier)),
        *(_every(LOOK_AGAIN, lambda: _deliver(courier, helping=True)) for _ in range(HELPERS)),
        _every(LOOK_AGAIN, lambda: services.announcements.look(services.database)),
        _every(LOOK_AGAIN, warnings.Lookout(services).look),
        _every(LOOK_AGAIN, lambda: end_factor_resets(services)),
        _every(BEAT, services.database.beat),
        _every(FLUSH, lambda: services.seen.flush(services.database)),
        _every(FLUSH, lambda: services.error_numbers.flush(services.database)),
        _every(HOLD_AGAIN, lambda: services.error_numbers.hold(services.database)),
        _every(TIDY, lambda: upkeep(services)),
        _every(TIDY, services.look_at_hashes),
        _every(TIDY, lambda: _take_back_old_forms(services)),
        _every(TIDY, lambda: reseal(services)),
    )
    await note_end(services)
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        await _end(tasks)
        await _safely("upkeep", lambda: note_end(services))
        await _safely("upkeep", lambda: services.seen.flush(services.database))
        await _safely("upkeep", lambda: services.error_numbers.flush(services.database))


async def _on_commit(services: Services, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do a work at each commit that concerns it, and every few seconds."""
    while True:
        awake = services.database.awake(name)  # taken before the work, so that no commit is missed
        if await _safely(name, work):
            await _soon(awake)
        else:
            await asyncio.sleep(LOOK_AGAIN)


async def _deliver(courier: Courier, *, helping: bool = False) -> None:
    """Deliver what is due; a server that cannot be used has been logged and is left alone."""
    with suppress(MailServerDown):
        await courier.deliver_due(first_tries_only=helping)


async def _soon(awake: asyncio.Event) -> None:
    """Wait for the next commit, or for a while: other processes write too."""
    # not wait_for(): before Python 3.12 it loses a cancellation that meets its result
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN):
            await awake.wait()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel until every task has ended: a library may lose a cancellation."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.1)


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _safely("upkeep", work)


async def _safely(name: str, work: Callable[[], Awaitable[object]]) -> bool:
    """Log a failure, so that the background work goes on; tell whether the work was done."""
    try:
        await work()
    except DatabaseUnavailable as error:
        log.failure(f"{name}.database_unavailable", error)
    except Exception as error:  # noqa: BLE001 logged with its trace; the next round goes on
        log.failure(f"{name}.failed", error)
    else:
        return True
    return False


async def _take_back_old_forms(services: Services) -> None:
    while await services.write(acts.take_back_old):
        pass


async def end_factor_resets(services: Services) -> None:
    """Do each 確認手段の解除 whose time is over, and drop those that were overtaken."""
    if await services.read_one(factor_resets.any_to_end):
        await services.write(factor_resets.end_due)


async def upkeep(services: Services) -> None:
    """Remove old rows, unless nobody knows what is old; note the end of the audit trail."""
    if abs(await services.database.skew()) > FARTHEST:
        raise DatabaseUnavailable("the clocks are too far apart to say what is old")
    for tidy in TIDYING:
        await _safely("upkeep", partial(services.write, tidy))
    await services.write(_note_unknown)
    await note_end(services)


async def note_end(services: Services) -> None:
    """Name the end of the audit trail where the log is kept, away from it."""
    head = await services.read_one(audit_marks.find, audit.HEAD)
    if head:
        log.event("audit.end", end=audit.end_words(head.seq, head.mac))


async def _note_unknown(tx: Work) -> None:
    number = await unknown.take(tx)
    if number:
        await tx.audit("login.unknown", number=number)


async def _tidy_sessions(tx: Work) -> None:
    oldest_start = tx.now - tx.settings.session_hours * clock.HOUR - clock.DAY
    await sessions.tidy(tx, day_ago=tx.now - clock.DAY, oldest_start=oldest_start)
    await staff_sessions.tidy(tx, oldest_start=oldest_start)


async def _tidy_failures(tx: Work) -> None:
    await failures.tidy(
        tx,
        longest_scope=throttle.ID,
        other_scope=second_throttle.SECOND,
        before=tx.now - clock.DAY,
        long_before=tx.now - throttle.ID_FORGOTTEN_AFTER,
    )


async def _trim_trail(tx: Work) -> None:
    await tx.services.trail.trim(tx, before=tx.now - tx.settings.audit_years * YEAR)


# Each in a transaction of its own: one that takes long, or fails, keeps nothing else from being removed.
TIDYING: tuple[Callable[[Work], Awaitable[object]], ...] = (
    _tidy_sessions,
    lambda tx: draft_rows.tidy(tx, before=tx.now - drafts.KEPT),
    lambda tx: receipt_rows.tidy(tx, before=tx.now - receipts.KEPT),
    lambda tx: reset_requests.tidy(tx, before=tx.now - clock.DAY),
    lambda tx: reset_links.tidy(tx, before=tx.now - LINKS_KEPT),
    lambda tx: address_confirmations.tidy(tx, before=tx.now - LINKS_KEPT),
    lambda tx: second_steps.tidy(tx, before=tx.now - clock.DAY),
    lambda tx: factor_reset_rows.tidy(tx, before=tx.now - LINKS_KEPT),
    spent_challenges.tidy,
    lambda tx: issuances.tidy(tx, before=tx.now - clock.DAY),
    lambda tx: outbox.tidy(tx, before=tx.now - MAILS_KEPT),
    lambda tx: shown_errors.tidy(tx, before=tx.now - error_numbers.KEPT),
    lambda tx: devices.tidy(tx, before=tx.now - throttle.DEVICE_LIFE),
    _tidy_failures,
    address_proposals.void_expired,
    _trim_trail,
)
