"""Logging a 担当者 in and out."""

from web.database import Tx
from web.http.services import Services
from web.security import audit, throttle, tokens
from web.security.throttle import Attempt
from web.store import staff as staff_rows
from web.store import staff_sessions
from web.store.staff import Staff


class WrongPassword(Exception):
    """Unknown name, wrong password, or somebody shut out: never said which."""


def throttled_as(name: str) -> str:
    """Name the counters of a 担当者, apart from those of every 納付利用者ID."""
    return f"office:{name}"


async def log_in(
    services: Services, name: str, attempt: Attempt, typed: str, *, old_token: str, now: int
) -> str:
    """Check name and password, start a session, give its cookie. Raises TooMany, WrongPassword."""
    with services.tries.one(attempt, typed) as ahead:
        async with services.database.read() as reads:
            await throttle.check(reads, attempt, ahead, now=now)
            found = await staff_rows.find_by_name(reads, name)
        right = await services.passwords.verify(found.password_hash if found else None, typed)
        if not (found and right and found.disabled_at is None):
            await services.database.write(_note_failure, services, attempt, found, now=now)
            raise WrongPassword
        return await services.database.write(
            _start, services, attempt, found, old_token=old_token, now=now
        )


async def _note_failure(
    tx: Tx, services: Services, attempt: Attempt, found: Staff | None, *, now: int
) -> None:
    await throttle.failed(tx, attempt, now=now)
    # an unknown name is not written down: people type passwords there
    who = {"who": found.name} if found else {}
    await audit.record(tx, services.vault, "office.login.failed", now=now, **who)


async def _start(
    tx: Tx, services: Services, attempt: Attempt, found: Staff, *, old_token: str, now: int
) -> str:
    if old_token:
        await end(tx, services, old_token, now=now)
    await throttle.succeeded(tx, attempt, now=now)
    token = tokens.new_session_token()
    await staff_sessions.add(
        tx, tokens.new_id(), tokens.digest(token), found.id, network=attempt.address, now=now
    )
    await audit.record(tx, services.vault, "office.login.done", now=now, who=found.name)
    return token


async def end(tx: Tx, services: Services, token: str, *, now: int) -> None:
    """End the session of a cookie, if it is a live one."""
    session = await staff_sessions.find(tx, tokens.digest(token))
    if session and session.ended_at is None:
        await staff_sessions.end(tx, session.id, now=now)
        await audit.record(
            tx, services.vault, "office.logout.done", now=now, who=session.staff.name
        )
