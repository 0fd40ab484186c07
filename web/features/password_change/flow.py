"""Changing the 納付利用者パスワード with the current one."""

from web import clock
from web.database import Tx
from web.mail import messages
from web.security import new_password, throttle, tokens
from web.security.throttle import Ahead, Attempt
from web.services import Services, Work
from web.steps import receipts
from web.store import accounts, credentials, reset_links, sessions
from web.store.accounts import Account
from web.store.credentials import Credential, CredentialKind
from web.store.receipts import Receipt

NAME = "password_change"
REPEATABLE = 10 * clock.MINUTE


class WrongPassword(Exception):
    """Unknown ID, wrong current password, or a disabled account: never said which."""


class _DoneMeanwhile(Exception):
    """The same form was pressed twice at once; the other press came first."""


class Spent(Exception):
    """This form was used already, and this is not the same press coming again."""


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


async def change(
    services: Services, attempt: Attempt, current: str, new: str, once_key: str, *, now: int
) -> Receipt:
    """Change the password; pressed again, find what was done.

    It is a log-in by another door, so it shares log-in's counters (ASVS 6.3.4).
    Raises TooMany, WrongPassword, NotAccepted, Spent.
    """
    with services.tries.one(attempt, current) as ahead:
        return await _try(services, attempt, ahead, current, new, once_key, now=now)


async def _try(
    services: Services,
    attempt: Attempt,
    ahead: Ahead,
    current: str,
    new: str,
    once_key: str,
    *,
    now: int,
) -> Receipt:
    async with services.read() as reads:
        await throttle.check(reads, attempt, ahead)
        account = await accounts.find_by_payment_id(reads, attempt.user_id)
        known = account if account and account.disabled_at is None else None
        credential = await _credential(reads, known)
        done = await receipts.find_by_key(reads, once_key, NAME)
    if done and (known is None or done.account_id != known.id):
        done, once_key = None, tokens.new_id()  # somebody else's key is nobody's receipt here
    # The press before has changed it: what was new then must be current now.
    right = await services.passwords.verify(
        credential.password_hash if credential else None, new if done else current
    )
    if not right or known is None or credential is None:
        await services.write(_note_failure, attempt, account)
        raise Spent if done else WrongPassword
    if done and now >= done.created_at + REPEATABLE:
        raise Spent
    return done or await _change(services, attempt, known, credential, new, once_key)


async def _change(
    services: Services,
    attempt: Attempt,
    account: Account,
    verified: Credential,
    new: str,
    once_key: str,
) -> Receipt:
    async with services.read() as reads:
        used = await credentials.former(reads, account.id, CredentialKind.PAYMENT)
    why_not = await new_password.weakness(
        services.passwords,
        new,
        words=new_password.words_of(account),
        used=[verified.password_hash, *used],
    )
    if why_not:
        raise NotAccepted(why_not)
    new_hash = await services.passwords.hash(new)
    try:
        return await services.write(_set, attempt, account, verified, new_hash, once_key)
    except _DoneMeanwhile:
        return await _same_press(services, account, new, once_key)


async def _same_press(services: Services, account: Account, new: str, once_key: str) -> Receipt:
    """Find what the press that came first did, if it set the same password. Raises Spent."""
    async with services.read() as reads:
        done = await receipts.find(reads, once_key, account.id, NAME)
        credential = await credentials.find(reads, account.id, CredentialKind.PAYMENT)
    hashed = credential.password_hash if credential else None
    if done is None or not await services.passwords.verify(hashed, new):
        raise Spent
    return done


async def _credential(reads: Tx, account: Account | None) -> Credential | None:
    """Find an account's password; for nobody too, or a read less would tell which IDs exist."""
    return await credentials.find(reads, account.id if account else "", CredentialKind.PAYMENT)


async def _note_failure(tx: Work, attempt: Attempt, account: Account | None) -> None:
    await throttle.failed(tx, attempt)
    account_id = account.id if account else None
    await tx.audit("password.refused", account_id, form=NAME)


async def _set(
    tx: Work, attempt: Attempt, account: Account, verified: Credential, new_hash: str, once_key: str
) -> Receipt:
    if await receipts.find(tx, once_key, account.id, NAME):
        raise _DoneMeanwhile
    stored = await credentials.find(tx, account.id, CredentialKind.PAYMENT)
    if stored is None or stored.password_hash != verified.password_hash:
        raise WrongPassword  # somebody changed it between the check and now
    await credentials.set_password(tx, account.id, CredentialKind.PAYMENT, new_hash)
    await throttle.succeeded(tx, attempt)
    await sessions.end_others(tx, account.id)
    await reset_links.end(tx, account.id, CredentialKind.PAYMENT)
    receipt = await receipts.issue(tx, once_key, account.id, NAME)
    await tx.audit("password.changed", account.id)
    message = messages.password_changed(
        tx.settings, account.admin_email, account.payment_user_id, at=tx.now
    )
    await tx.mail(message, f"password_change:{once_key}", account_id=account.id)
    return receipt
