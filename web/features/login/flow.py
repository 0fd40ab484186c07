"""Logging in."""

from dataclasses import dataclass
from typing import Any

from web import clock, networks
from web.http import sessions as http_sessions
from web.http.browser import in_words
from web.http.sessions import USER
from web.mail import messages
from web.security import throttle, tokens
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import second_step
from web.steps.check_password import PAYMENT, check_password
from web.steps.second_factor import PASSWORD, Owner, Proof
from web.store import accounts, sessions
from web.store.credentials import Credential
from web.store.first_passwords import FirstPassword

DONE = "login.done"
SECOND = "login"
_PURPOSE = "new device"


class MustChange(Exception):
    """The password is right, but has to be changed before anybody logs in; `why` is for パスワード変更 to say."""

    def __init__(self, **why: str) -> None:
        super().__init__(*why)
        self.why = why


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The cookies of a new session and of its device, and whose they are."""

    token: str
    device_token: str
    account_id: str


async def log_in(
    services: Services, attempt: Attempt, typed: str, *, user_agent: str, old_token: str
) -> LoggedIn:
    """Check ID and password and start a session.

    Raises TooMany, WrongPassword, MustChange, SecondNeeded.
    """
    found = await check_password(services, PAYMENT, attempt, typed, _note_failure)
    if found.first_password == FirstPassword.TO_CHANGE:
        await services.write(_note_first, found)
        raise MustChange(first="1")  # the operator chose it
    life = services.settings.password_life_days * clock.DAY
    ends_at = found.password_changed_at + life
    if life and clock.now() >= ends_at:
        await services.write(_note_expiry, found)
        raise MustChange(expired_since=str(ends_at))
    if found.second:
        owner = Owner(found.account_id, attempt.user_id, found.account_id)
        raise await second_step.needed(services, PAYMENT, attempt, found, SECOND, owner)
    return await services.write(start, attempt, found, user_agent, old_token, Proof(PASSWORD))


async def finish(
    tx: Work,
    proof: Proof,
    content: dict[str, Any],
    *,
    attempt: Attempt,
    user_agent: str,
    old_token: str,
) -> LoggedIn:
    """Start the session, once the second factor is right too. Raises Over."""
    found = await second_step.still_right(tx, PAYMENT, attempt, content)
    return await _begin(tx, attempt, found, user_agent, old_token, proof)


async def _note_failure(tx: Work, found: Credential, known: bool) -> None:  # noqa: FBT001
    await tx.audit("login.failed", found.account_id, device="known" if known else "new")


async def _note_first(tx: Work, found: Credential) -> None:
    await tx.audit_repeated("login.first", found.account_id)


async def _note_expiry(tx: Work, found: Credential) -> None:
    await tx.audit_repeated("login.expired", found.account_id)


async def start(
    tx: Work, attempt: Attempt, found: Credential, user_agent: str, old_token: str, proof: Proof
) -> LoggedIn:
    """Start the session of somebody who has proved enough. Raises WrongPassword."""
    await PAYMENT.check_unchanged(tx, attempt, found)
    return await _begin(tx, attempt, found, user_agent, old_token, proof)


async def _begin(
    tx: Work, attempt: Attempt, found: Credential, user_agent: str, old_token: str, proof: Proof
) -> LoggedIn:
    await http_sessions.end(tx, USER, old_token)
    standing = await throttle.standing(tx, attempt, found.owner_id)
    await throttle.succeeded(tx, attempt, standing)
    device_token = await throttle.remember_device(tx, attempt, found.owner_id, standing)
    token = tokens.new_session_token()
    added = await sessions.add(
        tx,
        tokens.new_id(),
        tokens.digest(token),
        found.account_id,
        user_agent=user_agent,
        network=attempt.address,
        method=proof.method,
    )
    if added.previous_login_at is not None and not standing.known:
        await _tell_of_new_device(tx, attempt, found.account_id, user_agent)
    device = "known" if standing.known else "new"
    details = {"device": device, **proof.details}
    await tx.audit_repeated(DONE, found.account_id, added.lately, **details)
    return LoggedIn(token, device_token, found.account_id)


async def _tell_of_new_device(tx: Work, attempt: Attempt, account_id: str, user_agent: str) -> None:
    """Mail the 利用者管理用メールアドレス of a log-in from a new device (ASVS 6.3.5).

    The same words come once a day: some browsers forget their cookies whenever they are closed.
    """
    account = await accounts.find(tx, account_id)
    if account is None:
        return
    browser, network = in_words(user_agent), attempt.address
    message = messages.new_device(
        tx.settings,
        account.admin_email,
        account.payment_user_id,
        browser=browser,
        network=network,
        at=tx.now,
    )
    near = networks.counted(network)  # of IPv6 a subscriber has as many addresses as he likes
    said = f"{account_id}\n{clock.in_tokyo(tx.now).date()}\n{browser}\n{near}"
    once_key = f"new_device:{tx.vault.sign(_PURPOSE, said.encode()).hex()[:32]}"
    await tx.mail(message, once_key, account_id=account_id)
