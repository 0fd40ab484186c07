"""A mail server that says what its script says, command by command, on the loop of the test."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from inspect import isawaitable

Answer = str | None  # None hangs up
Rule = Callable[[str], Answer | Awaitable[Answer]]

USUAL: dict[str, Answer] = {
    "CONNECT": "220 scripted",
    "EHLO": "250 scripted",
    "HELO": "250 scripted",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


class ScriptedServer:
    """Takes mails by its rules; a rule sees the line and gives the answer, or None to hang up."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.connections = 0
        self.open = 0  # of them, now
        self.received: list[str] = []  # mails whose final dot came, acknowledged or not
        self.kept: list[str] = []  # those acknowledged
        self.tls: ssl.SSLContext | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Give the setting that sends mail here."""
        return f"smtp://127.0.0.1:{self.port}"

    async def _answer(self, verb: str, line: str) -> Answer:
        rule = self.rules.get(verb)
        if rule is None:
            return "250 ok" if verb == "." else USUAL.get(verb, "502 unknown")
        answer = rule(line)
        return await answer if isawaitable(answer) else answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one conversation."""
        self.connections += 1
        self.open += 1
        try:
            await self._converse(reader, writer)
        except (ConnectionError, EOFError, ssl.SSLError):
            pass  # the other side has hung up, as it may
        finally:
            self.open -= 1
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb, line = "CONNECT", ""
        while (answer := await self._answer(verb, line)) is not None:
            writer.write(f"{answer}\r\n".encode())
            await writer.drain()
            if verb == "QUIT":
                return
            if verb == "." and answer.startswith("250"):
                self.kept.append(line)
            if verb == "STARTTLS" and self.tls:
                await writer.start_tls(self.tls)
            if verb == "DATA" and answer.startswith("354"):
                line = (await reader.readuntil(b"\r\n.\r\n")).decode()
                verb = "."
                self.received.append(line)
                continue
            line = (await reader.readline()).decode().strip()
            if not line:
                return
            verb = line.split()[0].upper()


@asynccontextmanager
async def scripted(tls: ssl.SSLContext | None = None) -> AsyncIterator[ScriptedServer]:
    """Run such a server; with TLS from the first byte if a context is given."""
    server = ScriptedServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
