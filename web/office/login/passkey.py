"""Logging a 担当者 in by a passkey, without ID and password."""

from collections.abc import Callable

from web.office.login import flow
from web.office.staff import throttled_as
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import passkey_log_in
from web.steps.passkeys import Tried, Why
from web.steps.second_factor import Owner
from web.store import staff

PURPOSE = "office/login"


async def log_in(
    services: Services, typed: str, attempt_of: Callable[[str], Attempt], *, old_token: str
) -> tuple[str, str] | Why:
    """Check the answer, start a session, give its cookie and the device's."""
    return await passkey_log_in.log_in(services, typed, PURPOSE, _enter, attempt_of, old_token)


async def _enter(
    tx: Work, tried: Tried, attempt_of: Callable[[str], Attempt], old_token: str
) -> tuple[str, str] | Why:
    found = await staff.find(tx, tried.passkey.owner_id if tried.passkey else "")
    if found and found.disabled_at is not None:
        found = None
    proof = await passkey_log_in.use(
        tx, tried, Owner(found.id, found.name, None) if found else None
    )
    if isinstance(proof, Why):
        return proof
    assert found  # noqa: S101 whose passkey was used
    return await flow.start(tx, attempt_of(throttled_as(found.name)), found, old_token, proof)
