"""Connections that drip: they are ended, while a request that came whole takes as long as it takes."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from tests.e2e.waiting import PATIENCE
from tests.support.loop_time import LoopTime
from web.cli.server import HEADER_SECONDS, Patient

pytestmark = pytest.mark.anyio

WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Served:
    """A server whose application answers when it is told to."""

    def __init__(self) -> None:
        self.port = 0
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()
        self.state = ServerState()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.set()
        await self.go_on.wait()
        await PlainTextResponse("done")(scope, receive, send)

    async def until_timed(self) -> None:
        """Wait until the time of the one connection runs."""
        async with asyncio.timeout(PATIENCE):
            while not any(each._deadline for each in self.state.connections):  # type: ignore[union-attr]  # noqa: ASYNC110 the loop reads it
                await asyncio.sleep(0)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    """Serve it on a free port."""
    served = Served()
    config = uvicorn.Config(
        served, http=Patient, log_config=None, proxy_headers=False, timeout_keep_alive=600
    )
    config.load()
    listening = await asyncio.get_running_loop().create_server(
        lambda: Patient(config=config, server_state=served.state, app_state={}), "127.0.0.1", 0
    )
    served.port = listening.sockets[0].getsockname()[1]
    yield served
    listening.close()


@pytest.mark.parametrize("sent", [b"", b"GET", WHOLE[:-2], WHOLE[:-2] + b"X-Drip: 1\r\n"])
async def test_a_connection_that_drips_is_ended(
    served: Served, loop_time: LoopTime, sent: bytes
) -> None:
    """Nothing, half a line, headers without an end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    await served.until_timed()
    writer.write(sent)
    loop_time.advance(HEADER_SECONDS)
    with pytest.raises(ConnectionResetError):
        await ended(reader)
    writer.close()


async def ended(reader: asyncio.StreamReader) -> None:
    """Read until the connection is ended, which a reset or its end may tell."""
    async with asyncio.timeout(PATIENCE):
        if not await reader.read():
            raise ConnectionResetError


async def test_a_request_that_came_whole_is_answered(served: Served, loop_time: LoopTime) -> None:
    """Twice over one connection, although each takes longer than its headers may."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    for _ in range(2):
        writer.write(WHOLE)
        await served.asked.wait()
        loop_time.advance(3 * HEADER_SECONDS)
        await asyncio.sleep(0)  # what is due now goes off before the answer
        served.go_on.set()
        assert (await reader.readuntil(b"done")).startswith(b"HTTP/1.1 200")
        served.asked.clear()
        served.go_on.clear()
    writer.write(b"GET / HT")  # the third one drips
    await served.until_timed()
    loop_time.advance(HEADER_SECONDS)
    with pytest.raises(ConnectionResetError):
        await ended(reader)
    writer.close()
