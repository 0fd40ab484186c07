"""The メールアドレス確認用URL: a new 利用者管理用メールアドレス is in force at once, but not confirmed."""

from dataclasses import dataclass

from web import clock
from web.security import tokens
from web.services import Work
from web.store import address_confirmations
from web.store.address_confirmations import Confirmation


@dataclass(frozen=True, slots=True)
class NewUrl:
    """A URL to be mailed, and when it dies."""

    link: str
    expires_at: int


async def new_url(tx: Work, account_id: str) -> NewUrl:
    """Make the URL for the address that is registered now; the one before is dead."""
    key, settings = tokens.new_link_key(), tx.settings
    expires_at = tx.now + settings.confirm_link_days * clock.DAY
    new = Confirmation(account_id, tokens.new_id(), tx.now, expires_at, None)
    await address_confirmations.put(tx, new, tokens.digest(key))
    # From the settings, never from the request's Host: a forged one must not reach the mail.
    return NewUrl(f"{settings.base_url}/useridmg/email/INIT?key={key}", expires_at)
