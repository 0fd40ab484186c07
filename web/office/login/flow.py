"""Logging a 担当者 in."""

from typing import Any

from web.http import sessions
from web.http.sessions import STAFF
from web.office.staff import PASSWORDS
from web.security import throttle, tokens
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import second_step
from web.steps.check_password import check_password
from web.steps.second_factor import PASSWORD, Owner, Proof
from web.store import staff_sessions
from web.store.staff import Staff

SECOND = "office_login"


async def log_in(
    services: Services, attempt: Attempt, typed: str, *, old_token: str
) -> tuple[str, str]:
    """Check name and password, start a session, give its cookie and the device's.

    Raises TooMany, WrongPassword, SecondNeeded.
    """
    found = await check_password(services, PASSWORDS, attempt, typed, _note_failure)
    if found.second:
        owner, kept = Owner(found.id, found.name, None), {"throttled_as": attempt.user_id}
        raise await second_step.needed(services, PASSWORDS, attempt, found, SECOND, owner, **kept)
    return await services.write(start, attempt, found, old_token, Proof(PASSWORD))


async def finish(
    tx: Work, proof: Proof, content: dict[str, Any], *, attempt: Attempt, old_token: str
) -> tuple[str, str]:
    """Start the session, once the second factor is right too. Raises Over."""
    found = await second_step.still_right(tx, PASSWORDS, attempt, content)
    return await _begin(tx, attempt, found, old_token, proof)


async def _note_failure(tx: Work, found: Staff, _: bool) -> None:  # noqa: FBT001
    await tx.audit("office.login.failed", who=found.name)


async def start(
    tx: Work, attempt: Attempt, found: Staff, old_token: str, proof: Proof
) -> tuple[str, str]:
    """Start the session of somebody who has proved enough; give its cookie and the device's. Raises WrongPassword."""
    await PASSWORDS.check_unchanged(tx, attempt, found)
    return await _begin(tx, attempt, found, old_token, proof)


async def _begin(
    tx: Work, attempt: Attempt, found: Staff, old_token: str, proof: Proof
) -> tuple[str, str]:
    await sessions.end(tx, STAFF, old_token)
    standing = await throttle.standing(tx, attempt, found.id)
    await throttle.succeeded(tx, attempt, standing)
    device_token = await throttle.remember_device(tx, attempt, found.id, standing)
    token = tokens.new_session_token()
    await staff_sessions.add(
        tx,
        tokens.new_id(),
        tokens.digest(token),
        found.id,
        network=attempt.address,
        method=proof.method,
    )
    await tx.audit("office.login.done", who=found.name, **proof.details)
    return token, device_token
