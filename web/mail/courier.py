"""Delivers what waits in the outbox, one mail at a time, retrying by SMTP class."""

import email.policy
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from web import clock, log
from web.database import Database
from web.mail.outbox import PURPOSE
from web.security.vault import NotSealedHere, Vault
from web.settings import Settings
from web.store import outbox

ROUND = 50  # mails per connection
PATIENCE = 30.0  # seconds for one answer of the mail server
FIRST_RETRY = 30  # seconds; doubled by every further try
LAST_RETRY = clock.HOUR
GIVE_UP_AFTER = 2 * clock.DAY
_AS_SENT = email.policy.default.clone(max_line_length=76)  # RFC 2047, section 2
PERMANENT = 500  # SMTP codes from here on will not get better


class MailServerDown(Exception):
    """The mail server cannot be used now; no mail is to blame."""


class Courier:
    """Takes due mails to the mail server."""

    def __init__(self, database: Database, vault: Vault, settings: Settings) -> None:
        self._database = database
        self._vault = vault
        self._settings = settings

    async def deliver_due(self) -> int:
        """Try every mail that is due; give how many were tried. Raises MailServerDown."""
        async with self._database.read() as reads:
            due = await outbox.due(reads, now=clock.now(), most=ROUND)
        if not due:
            return 0
        try:
            async with self._server() as server:
                for row in due:
                    await self._deliver(server, row)
        except aiosmtplib.SMTPException as error:
            raise MailServerDown(type(error).__name__) from error
        except OSError as error:
            raise MailServerDown(type(error).__name__) from error
        return len(due)

    def _server(self) -> aiosmtplib.SMTP:
        url = urlsplit(self._settings.smtp_url)
        secure = url.scheme != "smtp"
        return aiosmtplib.SMTP(
            hostname=url.hostname,
            port=url.port,
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            # Asked for, STARTTLS must succeed: a mail never falls back to plain text (ASVS 12.3.1)
            start_tls=url.scheme == "smtp+starttls",
            tls_context=ssl.create_default_context() if secure else None,
            timeout=PATIENCE,
        )

    async def _deliver(self, server: aiosmtplib.SMTP, row: outbox.Row) -> None:
        now = clock.now()
        if row.expires_at is not None and now >= row.expires_at:
            await self._database.write(outbox.give_up, row.id, error="link expired", now=now)
            return
        try:
            raw = bytes(self._compose(row))
        except NotSealedHere as error:  # the secret it was sealed under is gone
            log.failure("mail.unreadable", error, mail=row.id)
            await self._database.write(outbox.give_up, row.id, error="cannot be opened", now=now)
            return
        try:
            await server.sendmail(self._settings.mail_from, [row.recipient], raw)
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            await self._refused(row, refusal.recipients[0].code)
        except aiosmtplib.SMTPResponseException as refusal:
            await self._refused(row, refusal.code)
        else:
            await self._database.write(outbox.sent, row.id, now=clock.now())
            log.event("mail.sent", mail=row.id, tries=row.tries + 1)

    async def _refused(self, row: outbox.Row, code: int) -> None:
        now, error = clock.now(), f"SMTP {code}"
        if code >= PERMANENT or now - row.created_at > GIVE_UP_AFTER:
            await self._database.write(outbox.give_up, row.id, error=error, now=now)
            log.event("mail.given_up", mail=row.id, error=error)
            return
        wait = min(FIRST_RETRY * 2**row.tries, LAST_RETRY)
        await self._database.write(outbox.try_later, row.id, next_try_at=now + wait, error=error)
        log.event("mail.later", mail=row.id, error=error, seconds=wait)

    def _compose(self, row: outbox.Row) -> EmailMessage:
        content = self._vault.open(PURPOSE, row.sealed, bound_to=row.id)
        mail = EmailMessage(policy=_AS_SENT)
        mail["From"] = self._settings.mail_from
        mail["To"] = row.recipient
        mail["Subject"] = content["subject"]
        mail["Date"] = format_datetime(clock.in_tokyo(row.created_at))
        mail["Message-ID"] = row.message_id
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(content["body"], charset="utf-8", cte="base64")
        mail["Content-Language"] = "ja"  # set_content() clears every Content- header
        return mail
