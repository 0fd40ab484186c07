"""One conversation with the mail server, and what its answers mean for a mail (RFC 5321)."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import unquote, urlsplit

import aiosmtplib

from web.fields.email import quoted
from web.settings import Settings

PATIENCE = 60.0  # seconds for an answer to a command
DATA_PATIENCE = 600.0  # after the final dot: giving up early doubles mails (RFC 5321, 4.5.3.2.6)
QUIT_PATIENCE = 5.0
PERMANENT = 500  # codes from here on will not get better
CLOSING = 421
NOT_LET_IN = frozenset({530, 534, 535, 538})  # log-in needed or refused: our settings are wrong
_FAILED = (aiosmtplib.SMTPException, OSError)


class MailServerDown(Exception):
    """The mail server cannot be used now; no mail is to blame."""


class Refused(Exception):
    """The server refuses this mail."""

    def __init__(self, code: int) -> None:
        super().__init__(f"SMTP {code}")
        self.permanent = code >= PERMANENT


class Interrupted(Exception):
    """The connection ended before the mail was sent."""


class PerhapsSent(Exception):
    """The connection ended after the mail was sent and before the server confirmed it."""


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[aiosmtplib.SMTP]:
    """Hold a connection for the block: greeted, encrypted and logged in. Raises MailServerDown."""
    url = urlsplit(settings.smtp_url)
    server = aiosmtplib.SMTP(
        hostname=url.hostname,
        port=url.port,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        # Asked for, STARTTLS must succeed: a mail never falls back to plain text (ASVS 12.3.1)
        start_tls=url.scheme == "smtp+starttls",
        tls_context=ssl.create_default_context() if url.scheme != "smtp" else None,
        timeout=PATIENCE,
    )
    try:
        await server.connect()
    except (
        _FAILED
    ) as error:  # also a 5xx to greeting or log-in: our settings are wrong, not the mail
        server.close()
        raise MailServerDown(_told(error)) from error
    try:
        yield server
        with suppress(*_FAILED):
            await server.quit(timeout=QUIT_PATIENCE)
    finally:
        server.close()


async def hand_over(
    server: aiosmtplib.SMTP,
    sender: str,
    recipient: str,
    raw: bytes,
    *,
    is_ours: Callable[[], bool] = lambda: True,
) -> None:
    """Give a mail to the server, if it is still ours when all is ready: a frozen process may wake up in between.

    Raises Refused, Interrupted, PerhapsSent about this mail; MailServerDown if no mail would do.
    """
    try:
        await server.mail(sender)
    except _FAILED as error:  # no recipient was given yet
        server.close()
        raise MailServerDown(f"MAIL: {_told(error)}") from error
    try:
        await server.rcpt(quoted(recipient))
    except aiosmtplib.SMTPResponseException as refusal:
        raise await _meaning(server, refusal) from refusal
    except _FAILED as error:
        server.close()
        raise Interrupted(_told(error)) from error
    if not is_ours():
        server.close()
        raise Interrupted("the lease is over")
    try:
        await server.data(raw, timeout=DATA_PATIENCE)
    except aiosmtplib.SMTPResponseException as refusal:
        raise await _meaning(server, refusal) from refusal
    except _FAILED as error:
        server.close()
        raise PerhapsSent(_told(error)) from error


async def _meaning(
    server: aiosmtplib.SMTP, refusal: aiosmtplib.SMTPResponseException
) -> Refused | MailServerDown:
    """Tell what a refusal is about, and leave the connection ready for the next mail or closed."""
    if refusal.code in NOT_LET_IN:
        server.close()
        return MailServerDown(_told(refusal))
    if refusal.code == CLOSING:
        server.close()
    else:
        try:
            await server.rset()
        except _FAILED:
            server.close()
    return Refused(refusal.code)


def _told(error: BaseException) -> str:
    """Name a failure without the server's words, which may repeat an address."""
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
