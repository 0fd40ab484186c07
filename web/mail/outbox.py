"""Puts mails into the outbox, in the transaction that causes them."""

from web import clock
from web.database import Tx
from web.mail.messages import Message
from web.security import tokens
from web.security.vault import Vault
from web.settings import Settings
from web.store import accounts, outbox

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
    if confirmed is None and account_id is not None:
        confirmed = await accounts.address_is_confirmed(tx, account_id, message.to)
    unconfirmed = confirmed is False
    refused = await _over(tx, settings, message, address, account_id, unconfirmed=unconfirmed)
    mail_id, content = tokens.new_id(), {"subject": message.subject, "body": message.body}
    await outbox.add(
        tx,
        outbox.Row(
            id=mail_id,
            once_key=once_key,
            account_id=account_id,
            message_id=f"<{mail_id}@{settings.mail_from.partition('@')[2]}>",
            recipient=message.to,
            address=address,
            sealed=vault.seal(PURPOSE, content, bound_to=mail_id),
            created_at=tx.now,
            expires_at=expires_at,
            dead_at=tx.now if refused else None,
            last_error=refused,
            unconfirmed=unconfirmed,
        ),
    )


async def _over(
    tx: Tx,
    settings: Settings,
    message: Message,
    address: bytes,
    account_id: str | None,
    *,
    unconfirmed: bool,
) -> str:
    """Say which number of the day is used up; '' for none.

    Each account has a number of its own: a stranger who registers somebody's address must not use
    up that person's mails. Before an address is confirmed, all accounts share a small one.
    """
    own, of_all = await outbox.to_address_since(tx, address, account_id, since=tx.now - clock.DAY)
    most = settings.mails_per_day
    if own >= most + (settings.mails_in_reserve if message.security else 0):
        return f"{most} a day"
    most = settings.unconfirmed_mails_per_day
    return f"{most} a day, unconfirmed" if unconfirmed and of_all >= most else ""
