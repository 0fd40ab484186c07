"""Using a mailed link: opening it consumes nothing; only the posted password does, once."""

from web import clock
from web.mail import messages
from web.security import new_password, throttle, tokens
from web.services import Services, Work
from web.store import accounts, credentials, reset_links, sessions
from web.store.accounts import Account
from web.store.credentials import CredentialKind
from web.store.reset_links import Link

REPEATABLE = 10 * clock.MINUTE


class Spent(Exception):
    """The link is unknown, used, too old, or ended by a newer one: never said which."""


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


async def find(services: Services, key: str, kind: CredentialKind) -> Link | None:
    """Find the link of a mailed key, for the one credential it was made for."""
    spelled = tokens.read_link_key(key)
    if spelled is None:
        return None
    async with services.read() as reads:
        return await reset_links.find_by_key(reads, tokens.digest(spelled), kind)


async def owner(services: Services, link: Link) -> Account:
    """Give the account of a link. Raises Spent when it is gone."""
    async with services.read() as reads:
        account = await accounts.find(reads, link.account_id)
    if account is None or account.disabled_at is not None:
        raise Spent
    return account


def user_id(account: Account, kind: CredentialKind) -> str:
    """Give the ID whose password a link sets."""
    return account.payment_user_id if kind is CredentialKind.PAYMENT else account.bulk_user_id


async def weakness(services: Services, link: Link, typed: str) -> str:
    """Say why a password may not be set by a link; '' when it may."""
    account = await owner(services, link)
    async with services.read() as reads:
        credential = await credentials.find(reads, link.account_id, link.kind)
        used = await credentials.former(reads, link.account_id, link.kind)
    if credential is None:
        raise Spent
    return await new_password.weakness(
        services.passwords,
        typed,
        words=new_password.words_of(account),
        used=[credential.password_hash, *used],
    )


async def is_repeat(services: Services, link: Link, typed: str, *, now: int) -> bool:
    """Tell whether this is the press that used the link, coming a second time."""
    if link.used_at is None or now >= link.used_at + REPEATABLE:
        return False
    async with services.read() as reads:
        credential = await credentials.find(reads, link.account_id, link.kind)
    if credential is None or credential.password_changed_at != link.used_at:
        return False  # changed since: this is no place to guess the newer password
    return await services.passwords.verify(credential.password_hash, typed)


async def set_password(services: Services, link: Link, typed: str) -> None:
    """Set the password and use the link up. Raises Spent, NotAccepted."""
    account = await owner(services, link)
    why_not = await weakness(services, link, typed)
    if why_not:
        raise NotAccepted(why_not)
    new_hash = await services.passwords.hash(typed)
    await services.write(_set, link, account, new_hash)


async def _set(tx: Work, link: Link, account: Account, new_hash: str) -> None:
    if not await reset_links.use(tx, link.id):
        raise Spent
    await credentials.set_password(tx, account.id, link.kind, new_hash)
    if link.kind is CredentialKind.PAYMENT:
        await sessions.end_others(tx, account.id)
        await throttle.unlock(tx, tx.vault, account.payment_user_id)
    await tx.audit("reset.used", account.id, kind=link.kind)
    message = messages.reset_completed(
        tx.settings, link.kind, account.admin_email, user_id(account, link.kind), at=tx.now
    )
    await tx.mail(message, f"reset_completed:{link.id}", account_id=account.id)
