"""Logging in by a passkey, without ID and password."""

from collections.abc import Callable

from web.features.login import flow
from web.features.login.flow import LoggedIn
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import passkey_log_in
from web.steps.check_password import PAYMENT, ShutOut
from web.steps.passkeys import Tried, Why
from web.steps.second_factor import Owner
from web.store import accounts

PURPOSE = "login/log_in"


async def log_in(
    services: Services,
    typed: str,
    attempt_of: Callable[[str], Attempt],
    *,
    user_agent: str,
    old_token: str,
) -> LoggedIn | Why:
    """Check the answer and start a session. Raises ShutOut.

    The life of the 納付利用者パスワード does not matter: it was not typed.
    """
    return await passkey_log_in.log_in(
        services, typed, PURPOSE, _enter, attempt_of, user_agent, old_token
    )


async def _enter(
    tx: Work,
    tried: Tried,
    attempt_of: Callable[[str], Attempt],
    user_agent: str,
    old_token: str,
) -> LoggedIn | Why:
    account = await accounts.find(tx, tried.passkey.owner_id if tried.passkey else "")
    owner = Owner(account.id, account.payment_user_id, account.id) if account else None
    proof = await passkey_log_in.use(tx, tried, owner)
    if isinstance(proof, Why):
        return proof
    assert account  # noqa: S101 whose passkey was used
    found = await PAYMENT.find(tx, account.payment_user_id)
    if found is None or found.disabled_at is not None:
        raise ShutOut(tx.settings)
    attempt = attempt_of(account.payment_user_id)
    return await flow.start(tx, attempt, found, user_agent, old_token, proof)
