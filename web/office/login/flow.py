"""Logging a 担当者 in."""

from web.http import sessions
from web.http.sessions import STAFF
from web.office.staff import PASSWORDS
from web.security import throttle, tokens
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps.check_password import check_password
from web.store import staff_sessions
from web.store.staff import Staff


async def log_in(
    services: Services, attempt: Attempt, typed: str, *, old_token: str
) -> tuple[str, str]:
    """Check name and password, start a session, give its cookie and the device's. Raises TooMany, WrongPassword."""
    found = await check_password(services, PASSWORDS, attempt, typed, _note_failure)
    return await services.write(_start, attempt, found, old_token)


async def _note_failure(tx: Work, found: Staff, _: bool) -> None:  # noqa: FBT001
    await tx.audit("office.login.failed", who=found.name)


async def _start(tx: Work, attempt: Attempt, found: Staff, old_token: str) -> tuple[str, str]:
    await PASSWORDS.check_unchanged(tx, attempt, found)
    await sessions.end(tx, STAFF, old_token)
    standing = await throttle.standing(tx, attempt, found.id)
    await throttle.succeeded(tx, attempt, standing)
    device_token = await throttle.remember_device(tx, attempt, found.id, standing)
    token = tokens.new_session_token()
    await staff_sessions.add(
        tx, tokens.new_id(), tokens.digest(token), found.id, network=attempt.address
    )
    await tx.audit("office.login.done", who=found.name)
    return token, device_token
