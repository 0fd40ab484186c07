"""A real SMTP server that keeps what it is given, and can be told to misbehave."""

import asyncio
import email
import email.policy
import os
import re
import socket
import threading
from collections.abc import Callable, Coroutine
from email.message import EmailMessage
from functools import cache
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.e2e.waiting import PATIENCE

LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


class Mail:
    """A mail as it arrived."""

    def __init__(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        if not isinstance(message, EmailMessage):
            raise TypeError(type(message))
        self.raw = raw
        self.message = message
        self.envelope_sender = sender
        self.recipients = recipients
        self.to = str(message["To"])
        self.subject = str(message["Subject"])
        self.body = str(message.get_content())

    @property
    def link(self) -> str:
        """Give the パスワード初期化用URL, which stands alone on its line."""
        return next(str(link) for link in LINK.findall(self.body) if "INIT?key=" in link)

    def __repr__(self) -> str:
        return f"<{self.to}: {self.subject}>"


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Run the loop of all post offices of this process: a thread for each costs more than its mails."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="post", daemon=True).start()
    return loop


os.register_at_fork(after_in_child=_loop.cache_clear)  # a fork has none of the threads


class PostOffice:
    """Takes mails; `answer` decides what each one is told ("250 OK" keeps it)."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.answer: Callable[[Envelope], str] = lambda _: "250 OK"
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._served: list[SMTP] = []
        self._server: asyncio.Server | None = None
        self.port = self._socket.getsockname()[1]

    def served(self) -> SMTP:
        """Serve a connection."""
        return SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=_loop())

    def start(self) -> None:
        """Listen."""
        self._run(self._listen())

    def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        self._run(self._hang_up())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, _loop()).result(PATIENCE)

    async def _listen(self) -> None:
        self._server = await _loop().create_server(self._serve, sock=self._socket)

    def _serve(self) -> SMTP:
        self._served.append(self.served())
        return self._served[-1]

    async def _hang_up(self) -> None:
        if self._server:
            _loop().remove_reader(self._socket)
            # Whoever was accepted gets a task, a server and a transport, a turn of the loop each: one that comes
            # between them finds the server closed and leaves its connection open.
            for _ in range(3):
                await asyncio.sleep(0)
            self._server.close()
        for served in self._served:
            if isinstance(served.transport, asyncio.WriteTransport):
                served.transport.abort()
        await asyncio.sleep(0)  # the loop closes them before it comes back here

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, or refuse it."""
        answer = self.answer(envelope)
        if answer.startswith("250"):
            content = envelope.original_content or b""
            self.mails.append(Mail(content, envelope.mail_from or "", envelope.rcpt_tos))
        return answer

    @property
    def url(self) -> str:
        """Give the setting that sends mail here."""
        return f"smtp://127.0.0.1:{self.port}"

    def only(self, subject: str) -> Mail:
        """Give the one mail with this end of its subject."""
        found = [mail for mail in self.mails if mail.subject.endswith(subject)]
        assert len(found) == 1, f"{subject}: {len(found)} of {self.mails}"
        return found[0]
