"""Logging in and out."""

from dataclasses import dataclass

from web import clock
from web.database import Tx
from web.features.login import new_device
from web.security import throttle, tokens
from web.security.throttle import Ahead, Attempt
from web.services import Services, Work
from web.store import audit as audit_rows
from web.store import credentials, devices, sessions
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword

DONE = "login.done"


class WrongPassword(Exception):
    """Unknown ID, wrong password, or an account that may not log in: never said which."""


class Expired(Exception):
    """The password is right, but its life is over."""

    def __init__(self, since: int) -> None:
        super().__init__(since)
        self.since = since


class FirstLogIn(Exception):
    """The password is right, but it is one that the operator chose and that has to be changed."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session's cookie, and whose it is."""

    token: str
    account_id: str


async def log_in(
    services: Services, attempt: Attempt, typed: str, *, user_agent: str, old_token: str, now: int
) -> LoggedIn:
    """Check ID and password and start a session. Raises TooMany, WrongPassword, FirstLogIn, Expired."""
    with services.tries.one(attempt, typed) as ahead:
        found = await _check(services, attempt, ahead, typed)
        if found.first_password == FirstPassword.TO_CHANGE:
            await services.write(_note_first, found)
            raise FirstLogIn
        life = services.settings.password_life_days * clock.DAY
        if life and now >= found.password_changed_at + life:
            await services.write(_note_expiry, found)
            raise Expired(since=found.password_changed_at + life)
        await _keep_hash_current(services, found, typed)
        token = await services.write(
            _start, attempt, found, user_agent=user_agent, old_token=old_token
        )
    return LoggedIn(token, found.account_id)


async def _check(
    services: Services, attempt: Attempt, ahead: Ahead, typed: str
) -> credentials.LogIn:
    """Give whose ID and password these are. Raises TooMany, WrongPassword."""
    async with services.read() as reads:
        await throttle.check(reads, attempt, ahead)
        found = await credentials.find_by_payment_id(reads, attempt.user_id)
    known = found is not None and found.disabled_at is None
    right = await services.passwords.verify(found.password_hash if found else None, typed)
    if not (found and known and right):
        await services.write(_note_failure, attempt, found)
        raise WrongPassword
    return found


async def _keep_hash_current(services: Services, found: credentials.LogIn, typed: str) -> None:
    """Hash again with today's parameters when the stored hash has older ones (ASVS 11.2.2)."""
    if services.passwords.outdated(found.password_hash):
        new_hash = await services.passwords.hash(typed)
        await services.write(
            credentials.rehash,
            found.account_id,
            CredentialKind.PAYMENT,
            found.password_hash,
            new_hash,
        )


async def _note_failure(tx: Work, attempt: Attempt, found: credentials.LogIn | None) -> None:
    device = await _device(tx, attempt)
    await throttle.failed(tx, attempt)
    account_id = found.account_id if found else None
    await tx.audit("login.failed", account_id, device=device)


async def _note_first(tx: Work, found: credentials.LogIn) -> None:
    await tx.audit("login.first", found.account_id)


async def _note_expiry(tx: Work, found: credentials.LogIn) -> None:
    await tx.audit("login.expired", found.account_id)


async def _device(tx: Tx, attempt: Attempt) -> str:
    """Say for the audit trail whether the device has logged in under this ID before."""
    return "known" if await throttle.knows(tx, attempt) else "new"


async def _start(
    tx: Work, attempt: Attempt, found: credentials.LogIn, *, user_agent: str, old_token: str
) -> str:
    current = await credentials.find_by_payment_id(tx, attempt.user_id)
    unchanged = current and current.password_changed_at == found.password_changed_at
    if current is None or not unchanged or current.disabled_at is not None:
        raise WrongPassword  # changed, or shut, while the password waited to be hashed
    if old_token:
        await end(tx, old_token)
    await throttle.succeeded(tx, attempt)
    previous_login_at = await audit_rows.latest_of_account(tx, found.account_id, DONE)
    if previous_login_at is not None:
        await new_device.tell(tx, attempt, found.account_id, user_agent)
    device = await _device(tx, attempt)
    await devices.add(tx, attempt.device, found.account_id)
    token = tokens.new_session_token()
    await sessions.add(
        tx,
        tokens.new_id(),
        tokens.digest(token),
        found.account_id,
        previous_login_at=previous_login_at,
        user_agent=user_agent,
        network=attempt.address,
    )
    await tx.audit(DONE, found.account_id, device=device)
    return token


async def end(tx: Work, token: str) -> None:
    """End the session of a cookie, if it is a live one."""
    session = await sessions.find(tx, tokens.digest(token))
    if session and session.ended_at is None:
        await sessions.end(tx, session.id)
        await tx.audit("logout.done", session.account.id)
