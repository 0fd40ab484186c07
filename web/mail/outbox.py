"""Puts mails into the outbox, in the transaction that causes them."""

from dataclasses import dataclass

from web.database import Tx
from web.mail.messages import Message
from web.security import tokens
from web.security.vault import Vault
from web.settings import Settings
from web.store import outbox

PURPOSE = "outbox"


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where mails wait; what they say is sealed until they are sent."""

    settings: Settings
    vault: Vault

    async def put(
        self,
        tx: Tx,
        message: Message,
        *,
        once_key: str,
        now: int,
        account_id: str | None = None,
        expires_at: int | None = None,
    ) -> None:
        """Put a mail in, once per event: the once_key names the event."""
        mail_id = tokens.new_id()
        domain = self.settings.mail_from.partition("@")[2]
        content = {"subject": message.subject, "body": message.body}
        await outbox.add(
            tx,
            outbox.Row(
                id=mail_id,
                once_key=once_key,
                account_id=account_id,
                message_id=f"<{mail_id}@{domain}>",
                recipient=message.to,
                sealed=self.vault.seal(PURPOSE, content, bound_to=mail_id),
                created_at=now,
                expires_at=expires_at,
                tries=0,
            ),
        )
