"""Delivers what waits in the outbox: claimed one by one, retried by what the failure means."""

import asyncio
import email.policy
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

import aiosmtplib

from web import clock, log, metrics
from web.database import Database, DatabaseUnavailable
from web.fields.email import has_encoded_word, quoted
from web.mail.lease import Lease
from web.mail.mail_server import (
    Interrupted,
    MailServerDown,
    PerhapsSent,
    Refused,
    connected,
    hand_over,
)
from web.mail.outbox import PURPOSE
from web.security.vault import NotSealedHere, Vault
from web.settings import Settings
from web.store import outbox

ROUND = 50  # mails per connection
FIRST_RETRY = 30  # seconds; doubled by every further try
LAST_RETRY = clock.HOUR
GIVE_UP_AFTER = 2 * clock.DAY
FIRST_REST = 10  # seconds to leave a server alone that cannot be used; doubled likewise
LAST_REST = 5 * clock.MINUTE
SPREAD = 0.25  # waits grow by up to so much, so that mails do not come back all at once
AGAIN = 1.0  # seconds until an outcome is written again that could not be
PERHAPS_SENT = "perhaps sent"
UNREADABLE = "cannot be opened"
_AS_SENT = email.policy.compat32.clone(max_line_length=76)  # RFC 2047, section 2
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Courier:
    """Takes due mails to the mail server."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        settings: Settings,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._vault = vault
        self._settings = settings
        self._jitter = jitter
        self._door = asyncio.Lock()
        self._failed = 0  # times in a row that the server could not be used
        self._rests_until = 0

    async def free_leases(self) -> None:
        """Take over what a courier that was killed had claimed, if no other process can have claimed it."""
        if await self._database.only_server():
            await self._database.write(outbox.free_leases)

    async def deliver_due(self, *, first_tries_only: bool = False) -> int:
        """Try mails that are due, one after the other; give how many. Raises MailServerDown."""
        self._check_rest()  # while it lasts, each commit would look for mails in vain
        tried = 0
        while tried < ROUND and await self._any_due(again=not first_tries_only):
            async with self._connected() as server:
                while tried < ROUND and server.is_connected:
                    lease = await Lease.claim(self._database, again=not first_tries_only)
                    if lease is None:
                        return tried
                    tried += 1
                    await self._deliver(server, lease)
        return tried

    async def _any_due(self, *, again: bool) -> bool:
        return await self._database.read_one(outbox.any_due, again=again)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Connect, unless the server has just shown that it cannot be used."""
        async with AsyncExitStack() as held:
            async with self._door:
                self._check_rest()
                try:
                    server = await held.enter_async_context(connected(self._settings))
                except MailServerDown as down:
                    self._rest(down)
                    raise
            try:
                yield server
            except MailServerDown as down:
                self._rest(down)
                raise
            self._failed = 0

    def _check_rest(self) -> None:
        if 0 < self._rests_until - clock.now() <= 2 * LAST_REST:  # a clock may be set back
            raise MailServerDown("resting")

    def _rest(self, down: MailServerDown) -> None:
        rest = self._wait(FIRST_REST, self._failed, LAST_REST)
        self._failed += 1
        self._rests_until = clock.now() + rest
        log.event("mail.server_down", reason=str(down), seconds=rest)

    def _wait(self, first: int, before: int, longest: int) -> int:
        wait = min(first * 2 ** min(before, 30), longest)
        return int(wait * (1 + SPREAD * self._jitter()))

    async def _deliver(self, server: aiosmtplib.SMTP, lease: Lease) -> None:
        row = lease.row
        if await self._is_useless(row):
            return
        raw = await self._raw(row)
        if raw is None:
            return
        sender = self._settings.mail_from
        try:
            async with lease.kept():
                await hand_over(server, sender, row.recipient, raw, is_ours=lease.is_ours)
        except Refused as refusal:
            await (self._dead if refusal.permanent else self._later)(row, str(refusal))
        except Interrupted as lost:
            await self._later(row, str(lost))
        except PerhapsSent:
            await self._perhaps_sent(row)
        except MailServerDown:
            await self._write(outbox.lease, row, until=0)
            raise
        except Exception as error:  # noqa: BLE001 logged; else it comes first again, before all others
            _failed(row, error)
            server.close()  # in the middle of a conversation; the next mail begins another
            await self._perhaps_sent(row)
        else:
            if await self._write(outbox.sent, row):
                log.event("mail.sent", mail=row.id, tries=row.tries + 1)
                metrics.MAILS.labels("sent").inc()

    async def _is_useless(self, row: outbox.Row) -> bool:
        """Give up what nobody can use, or must not go."""
        if row.expires_at is not None and clock.now() >= row.expires_at:
            await self._dead(row, "link expired")
            return True
        if has_encoded_word(row.recipient):  # of a release that took such an address
            await self._dead(row, "no address")
            return True
        return False

    async def _raw(self, row: outbox.Row) -> bytes | None:
        """Compose a mail; one that cannot be composed must not come first again, or it stops all the others."""
        try:
            return bytes(self._compose(row))
        except NotSealedHere as error:  # another node may hold the secret it was sealed under
            if row.last_error != UNREADABLE:
                log.failure("mail.unreadable", error, mail=row.id)
            await self._later(row, UNREADABLE, counts=False)
        except Exception as error:  # noqa: BLE001 logged
            _failed(row, error)
            await self._later(row, "cannot be composed")
        return None

    async def _perhaps_sent(self, row: outbox.Row) -> None:
        """Try once more under the same Message-ID; a third try could flood the receiver with copies."""
        if row.last_error == PERHAPS_SENT:
            await self._dead(row, f"{PERHAPS_SENT}, twice")
        else:
            await self._later(row, PERHAPS_SENT)

    async def _later(self, row: outbox.Row, error: str, *, counts: bool = True) -> None:
        now = clock.now()
        if now - row.created_at > GIVE_UP_AFTER:
            await self._dead(row, error)
            return
        wait = self._wait(FIRST_RETRY, row.tries, LAST_RETRY)
        if not counts:
            wait = min(max(wait, now - row.created_at), LAST_RETRY)
        at = min(now + wait, row.expires_at or now + wait)  # not later than its link expires
        if await self._write(outbox.try_later, row, next_try_at=at, error=error, counts=counts):
            log.event("mail.later", mail=row.id, error=error, seconds=at - now)
            metrics.MAILS.labels("later").inc()

    async def _dead(self, row: outbox.Row, error: str) -> None:
        if await self._write(outbox.give_up, row, error=error):
            log.event("mail.given_up", mail=row.id, error=error)
            metrics.MAILS.labels("given_up").inc()

    async def _write(
        self, outcome: Callable[..., Awaitable[bool]], row: outbox.Row, **values: Any
    ) -> bool:
        """Write an outcome down, however long it takes: a sent mail without its mark would go out twice.

        Tells whether it was still ours to write.
        """
        while True:
            try:
                return await self._database.write_one(outcome, row, **values)
            except DatabaseUnavailable:
                await asyncio.sleep(AGAIN)

    def _compose(self, row: outbox.Row) -> MIMEText:
        content = self._vault.open(PURPOSE, row.sealed, bound_to=row.id)
        mail = MIMEText(content["body"], "plain", "utf-8", policy=_AS_SENT)
        mail["From"] = self._settings.mail_from
        mail["To"] = _of_one_line(quoted(row.recipient))
        subject = Header(_of_one_line(content["subject"]), "utf-8", 76, "Subject")
        mail["Subject"] = subject.encode()
        mail["Date"] = format_datetime(clock.in_tokyo(row.created_at))
        mail["Message-ID"] = row.message_id
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Content-Language"] = "ja"
        return mail


def _of_one_line(text: str) -> str:
    """Refuse what would begin another header: this class of the library, which takes a fifth of the time, does not."""
    if _CONTROL.search(text):
        raise ValueError("a control character in a header")
    return text


def _failed(row: outbox.Row, error: Exception) -> None:
    """Log what nobody foresaw; not in its own words, which may hold the address."""
    log.event("mail.failed", mail=row.id, error=type(error).__name__)
