"""An outbox, a courier and mail servers that misbehave in one way each, for the tests of mail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.conftest import FrozenClock
from tests.support.post import PostOffice
from web.database.sqlite.database import SQLite
from web.mail import outbox
from web.mail.courier import Courier
from web.mail.messages import Message
from web.security.vault import Vault
from web.settings import Settings

LETTER = Message("k-oss@example.jp", "【軽自動車OSS】お知らせ", "本文です。\n\n軽自　太郎 様")
ROWS = """
    SELECT once_key, message_id, recipient, sealed, tries, next_try_at, sent_at, dead_at, last_error
      FROM outbox ORDER BY created_at, once_key
"""


class FussyOffice(PostOffice):
    """Refuses recipients, too; `on_recipient` decides."""

    def __init__(self) -> None:
        super().__init__()
        self.on_recipient: Callable[[str], str] = lambda _: "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient, or refuse it."""
        answer = self.on_recipient(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer


class RudeOffice(PostOffice):
    """Hangs up in the middle of every mail after the first."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the first mail; drop the connection at the others."""
        if self.mails:
            transport: Any = server.transport
            transport.close()
        return await super().handle_DATA(server, session, envelope)


def vault_of(secret: str) -> Vault:
    """Give a vault that can count, as one does after Services.open."""
    vault = Vault((secret,))
    vault.count_with(b"the counter key of a test")
    return vault


@dataclass(frozen=True)
class Mailroom:
    """What writes mails, what delivers them, and the time, which moves when told to."""

    database: SQLite
    settings: Settings
    clock: FrozenClock
    vault: Vault = field(default_factory=lambda: vault_of("a secret of the tests, long enough"))

    @property
    def courier(self) -> Courier:
        """Give a courier, as a server that just started would."""
        return Courier(self.database, self.vault, self.settings, jitter=lambda: 0.0)

    async def put(self, once_key: str, message: Message = LETTER, **more: Any) -> None:
        """Put a mail into the outbox, now."""
        await self.database.write(outbox.put, self.settings, self.vault, message, once_key, **more)

    async def rows(self) -> list[dict[str, Any]]:
        """Give what the outbox knows of its mails."""
        async with self.database.read() as reads:
            return [dict(row) for row in await reads.all(ROWS)]

    async def row(self, once_key: str) -> dict[str, Any]:
        """Give what the outbox knows of one mail."""
        return next(row for row in await self.rows() if row["once_key"] == once_key)
