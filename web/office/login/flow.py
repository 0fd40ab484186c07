"""Logging a 担当者 in and out."""

from web.security import throttle, tokens
from web.security.throttle import Attempt
from web.services import Services, Work
from web.store import staff as staff_rows
from web.store import staff_sessions
from web.store.staff import Staff


class WrongPassword(Exception):
    """Unknown name, wrong password, or somebody shut out: never said which."""


def throttled_as(name: str) -> str:
    """Name the counters of a 担当者, apart from those of every 納付利用者ID."""
    return f"office:{name}"


async def log_in(
    services: Services, name: str, attempt: Attempt, typed: str, *, old_token: str
) -> str:
    """Check name and password, start a session, give its cookie. Raises TooMany, WrongPassword."""
    with services.tries.one(attempt, typed) as ahead:
        async with services.read() as reads:
            await throttle.check(reads, attempt, ahead)
            found = await staff_rows.find_by_name(reads, name)
        right = await services.passwords.verify(found.password_hash if found else None, typed)
        if not (found and right and found.disabled_at is None):
            await services.write(_note_failure, attempt, found)
            raise WrongPassword
        return await services.write(_start, attempt, found, old_token=old_token)


async def _note_failure(tx: Work, attempt: Attempt, found: Staff | None) -> None:
    await throttle.failed(tx, attempt)
    # an unknown name is not written down: people type passwords there
    who = {"who": found.name} if found else {}
    await tx.audit("office.login.failed", **who)


async def _start(tx: Work, attempt: Attempt, found: Staff, *, old_token: str) -> str:
    if old_token:
        await end(tx, old_token)
    await throttle.succeeded(tx, attempt)
    token = tokens.new_session_token()
    await staff_sessions.add(
        tx, tokens.new_id(), tokens.digest(token), found.id, network=attempt.address
    )
    await tx.audit("office.login.done", who=found.name)
    return token


async def end(tx: Work, token: str) -> None:
    """End the session of a cookie, if it is a live one."""
    session = await staff_sessions.find(tx, tokens.digest(token))
    if session and session.ended_at is None:
        await staff_sessions.end(tx, session.id)
        await tx.audit("office.logout.done", who=session.staff.name)
