"""The front with an application behind it on a socket of its own, and what a client of bytes does to it."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from tests.e2e.waiting import PATIENCE
from web.cli import server
from web.services.error_numbers import ErrorNumbers
from web.settings import Settings

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n"


@asynccontextmanager
async def listening(
    app: ASGIApp, settings: Settings, *, send_buffer: int | None = None
) -> AsyncIterator[int]:
    """Serve an application as `mypage serve` would; give the port.

    `send_buffer`: bytes that the kernel keeps for a client, about; else what it thinks right.
    """
    config = server.config_of(app, settings, ErrorNumbers(lane=0))
    config.load()
    state = ServerState()
    listens = await asyncio.get_running_loop().create_server(
        lambda: config.http_protocol_class(config=config, server_state=state, app_state={}),  # type: ignore[call-arg]
        "127.0.0.1",
        0,
    )
    if send_buffer:  # connections inherit it
        listens.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
    try:
        yield listens.sockets[0].getsockname()[1]
    finally:
        listens.close()


@dataclass
class Client:
    """A connection that sends what it likes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send bytes; nobody may listen any more."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, base: str = "http://127.0.0.1:8000") -> httpx.Response:
        """Read one answer, as if from this address."""
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await self.reader.readexactly(int(length[1])) if length else b""
        status, *lines = head.decode("latin-1").rstrip().split("\r\n")
        pairs = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
        request = httpx.Request("GET", base)
        return httpx.Response(int(status.split()[1]), headers=pairs, content=body, request=request)

    async def ended(self) -> bytes:
        """Read until the connection is ended; a reset ends it too."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


@asynccontextmanager
async def client(port: int, *sent: bytes) -> AsyncIterator[Client]:
    """Connect, and send something at once."""
    connected = Client(*await asyncio.open_connection("127.0.0.1", port))
    try:
        for each in sent:
            await connected.send(each)
        yield connected
    finally:
        connected.writer.transport.abort()
