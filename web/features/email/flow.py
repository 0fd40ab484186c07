"""Confirming an address: opening the mailed URL consumes nothing; only 確認する does, once."""

from web.mail import messages
from web.security import throttle, tokens
from web.services import Services, Work
from web.steps import email_confirmation
from web.store import accounts, address_confirmations
from web.store.accounts import Account
from web.store.address_confirmations import Confirmation

NAME = "email"
RESENT_PER_HOUR = 3


class Spent(Exception):
    """The URL is too old, or a newer one took its place."""


class AlreadyConfirmed(Exception):
    """There is nothing to confirm."""


async def find(services: Services, key: str) -> Confirmation | None:
    """Find the confirmation of a mailed key."""
    spelled = tokens.read_link_key(key)
    if spelled is None:
        return None
    return await services.read_one(address_confirmations.find_by_key, tokens.digest(spelled))


async def confirm(tx: Work, found: Confirmation) -> None:
    """Note that the address is its owner's; pressed again, find it done. Raises Spent."""
    if await address_confirmations.used(tx, found.id):
        return
    if not await address_confirmations.use(tx, found.id):
        raise Spent
    await accounts.confirm_address(tx, found.account_id)
    await tx.audit("email.confirmed", found.account_id)


async def resend(tx: Work, signed_in: Account) -> None:
    """Mail a new URL; the one before is dead. Raises AlreadyConfirmed, TooMany, Shut."""
    account = await accounts.find_open(tx, signed_in.id)
    if account.address_confirmed:
        raise AlreadyConfirmed
    await throttle.act(tx, tx.vault, account.id, NAME, most=RESENT_PER_HOUR)
    url = await email_confirmation.new_url(tx, account.id)
    message = messages.confirm_email(
        tx.settings, account.admin_email, account.payment_user_id, url.link, at=tx.now
    )
    once_key = f"{NAME}:{tokens.new_id()}"
    await tx.mail(message, once_key, account_id=account.id, expires_at=url.expires_at)
    await tx.audit("email.asked", account.id)
