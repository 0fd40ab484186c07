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


async def put(
    tx: Tx,
    settings: Settings,
    vault: Vault,
    message: Message,
    once_key: str,
    *,
    account_id: str | None = None,
    expires_at: int | None = None,
) -> None:
    """Put a mail in, once per event: the once_key names the event; what it says is sealed until sent.

    Beyond the day's number for its address it is kept unsent, for an operator to see.
    """
    # casefold: one mailbox has one limit, however its address is written
    address = vault.sign(_ADDRESS, message.to.casefold().encode())[:16]
    before = await outbox.to_address_since(tx, address, since=tx.now - clock.DAY)
    most = settings.mails_per_day
    dead_at, last_error = (tx.now, f"{most} a day") if before >= most else (None, "")
    mail_id = tokens.new_id()
    content = {"subject": message.subject, "body": message.body}
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
            dead_at=dead_at,
            last_error=last_error,
        ),
    )
