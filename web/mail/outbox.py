"""Puts mails into the outbox, in the transaction that causes them."""

from web import clock
from web.database import Tx
from web.mail.messages import Message
from web.security import tokens
from web.security.vault import Vault
from web.settings import Settings
from web.store import outbox

PURPOSE = "outbox"
_ADDRESS = "mail address"


def mailbox(address: str) -> str:
    """Give what one mailbox is counted by: without case, and without what follows a plus sign.

    A flood must not be divided among the spellings of an address.
    """
    local, _, domain = address.casefold().rpartition("@")
    return f"{local[:1]}{local[1:].partition('+')[0]}@{domain}"


async def put(
    tx: Tx,
    settings: Settings,
    vault: Vault,
    message: Message,
    once_key: str,
    *,
    account_id: str | None = None,
    expires_at: int | None = None,
    confirmed: bool | None = None,
) -> None:
    """Put a mail in, once per event: the once_key names the event; what it says is sealed until sent.

    Beyond the day's number for its address it is kept unsent, for an operator to see. `confirmed`:
    whether the address is known to be the account's; None for the address that is registered now.
    """
    address = vault.count(_ADDRESS, mailbox(message.to).encode())[:16]
    mail_id, content = tokens.new_id(), {"subject": message.subject, "body": message.body}
    row = outbox.Row(
        id=mail_id,
        once_key=once_key,
        account_id=account_id,
        message_id=f"<{mail_id}@{settings.mail_from.partition('@')[2]}>",
        recipient=message.to,
        address=address,
        sealed=vault.seal(PURPOSE, content, bound_to=mail_id),
        created_at=tx.now,
        expires_at=expires_at,
    )
    if account_id is None:
        confirmed = True  # an address that nobody has an account with: it is counted by itself
    bounds = _bounds(settings, message)
    await outbox.add(tx, row, bounds, since=tx.now - clock.DAY, confirmed=confirmed)


def _bounds(settings: Settings, message: Message) -> outbox.Bounds:
    """Give how many mails of a day an address gets.

    Each account has a number of its own: a stranger who registers somebody's address must not use
    up that person's mails. Before an address is confirmed, all accounts share a small one.
    """
    unconfirmed = settings.unconfirmed_mails_per_day
    return outbox.Bounds(
        most=settings.mails_per_day,
        alike=message.protects,
        most_alike=settings.mails_in_reserve if message.protects else 0,
        too_many=f"{settings.mails_per_day} a day",
        most_unconfirmed=unconfirmed,
        too_many_unconfirmed=f"{unconfirmed} a day, unconfirmed",
    )
