"""Connections that drip: they are ended, while a request that came whole takes as long as it takes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from web.cli import server
from web.cli.server import Patient

pytestmark = pytest.mark.anyio

WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SOON = 0.1


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Serve an application that takes longer than headers may."""
    monkeypatch.setattr(server, "HEADER_SECONDS", SOON)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        loop.call_later(3 * SOON, done.set)
        await done.wait()
        await PlainTextResponse("done")(scope, receive, send)

    config = uvicorn.Config(app, http=Patient, log_config=None, proxy_headers=False)
    config.load()
    state = ServerState()
    listening = await asyncio.get_running_loop().create_server(
        lambda: Patient(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    yield listening.sockets[0].getsockname()[1]
    listening.close()


@pytest.mark.parametrize("sent", [b"", b"GET", WHOLE[:-2], WHOLE[:-2] + b"X-Drip: 1\r\n"])
async def test_a_connection_that_drips_is_ended(port: int, sent: bytes) -> None:
    """Nothing, half a line, headers without an end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(50 * SOON):
        with pytest.raises(ConnectionResetError):
            await ended(reader)
    writer.close()


async def ended(reader: asyncio.StreamReader) -> None:
    """Read until the connection is ended, which a reset or its end may tell."""
    if not await reader.read():
        raise ConnectionResetError


async def test_a_request_that_came_whole_is_answered(port: int) -> None:
    """Twice over one connection, although each takes longer than its headers may."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(WHOLE)
        async with asyncio.timeout(50 * SOON):
            assert (await reader.readuntil(b"done")).startswith(b"HTTP/1.1 200")
    writer.write(b"GET / HT")  # the third one drips
    async with asyncio.timeout(50 * SOON):
        with pytest.raises(ConnectionResetError):
            await ended(reader)
    writer.close()
