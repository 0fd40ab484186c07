"""Answers that nobody reads: a page takes no slot, and all are bounded and end in time."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from tests.e2e.waiting import PATIENCE, TURN_SECONDS
from tests.support.wire import GET, listening
from tests.unit import parts
from web.cli import front, waiting

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PAGE = 200_000  # bytes: more than any page of ours
FILE = 4_000_000  # a long CSV
KERNEL = 4_096  # bytes that the kernel keeps on each side, about
SOON = 1.0

Ask = Callable[..., Awaitable[socket.socket]]


class Server:
    """An application that gives large answers, and what the server holds for its clients."""

    def __init__(self) -> None:
        self.begun = self.inside = 0  # answers, slots
        self.connections: set[front.Front] = set()
        self.go_on = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in pieces, as a CSV is sent."""
        self.begun += 1
        self.inside += 1
        if scope["path"] == "/slow":
            await self.go_on.wait()
        length = FILE if scope["path"] == "/file" else PAGE

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(length // PAGE):
                yield b"x" * PAGE

        try:
            await StreamingResponse(pieces())(scope, receive, send)
        finally:
            self.inside -= 1

    @property
    def counts(self) -> tuple[int, int, int]:
        """Tell how many requests have begun, are in work, and how many connections there are."""
        return self.begun, self.inside, len(self.connections)

    async def comes_to(self, begun: int, inside: int, connections: int) -> None:
        """Wait until the counts are these."""
        wanted, pause = (begun, inside, connections), asyncio.Event()
        for _ in range(int(PATIENCE / TURN_SECONDS)):
            if self.counts == wanted:
                return
            asyncio.get_running_loop().call_later(TURN_SECONDS, pause.set)
            await pause.wait()
            pause.clear()
        assert self.counts == wanted


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Run on both loops: uvicorn takes uvloop, which writes later, where it is there."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """Give the server, and follow its connections."""
    server = Server()
    made, lost = front.Front.connection_made, front.Front.connection_lost

    def connection_made(line: front.Front, transport: asyncio.BaseTransport) -> None:
        server.connections.add(line)
        made(line, transport)

    def connection_lost(line: front.Front, wrong: Exception | None) -> None:
        server.connections.discard(line)
        lost(line, wrong)

    monkeypatch.setattr(front.Front, "connection_made", connection_made)
    monkeypatch.setattr(front.Front, "connection_lost", connection_lost)
    return server


@pytest.fixture
async def ask(tmp_path: Path, server: Server) -> AsyncIterator[Ask]:
    """Give what connects, sends, and reads nothing."""
    settings = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES="127.0.0.1")
    with ExitStack() as stack:
        async with listening(server, settings, send_buffer=KERNEL) as port:

            async def send(*requests: bytes) -> socket.socket:
                line = stack.enter_context(socket.socket())
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, KERNEL)
                line.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.sock_connect(line, ("127.0.0.1", port))
                await loop.sock_sendall(line, b"".join(requests))
                return line

            yield send


def get(path: str = "/", client: str = "192.0.2.1", more: bytes = b"") -> bytes:
    """Write the request of a client behind our proxy."""
    head = GET.replace(b"GET /", b"GET %b" % path.encode())[:-2]
    return head + b"X-Forwarded-For: %b\r\n%b\r\n" % (client.encode(), more)


async def read(line: socket.socket) -> int:
    """Read until the connection is ended; give how many bytes came."""
    loop, length = asyncio.get_running_loop(), 0
    async with asyncio.timeout(PATIENCE):
        while piece := await loop.sock_recv(line, PAGE):
            length += len(piece)
    return length


CLOSE = b"Connection: close\r\n"


@pytest.mark.parametrize("more", [b"", CLOSE])
async def test_a_page_that_nobody_reads_takes_no_slot(
    ask: Ask, server: Server, more: bytes
) -> None:
    """The application is done with it; read late, it is whole."""
    line = await ask(get(more=more))
    await server.comes_to(1, 0, 1)
    if not more:
        line.shutdown(socket.SHUT_WR)
    assert await read(line) > PAGE


@pytest.mark.parametrize(
    ("path", "more"), [("/", b""), ("/", CLOSE), ("/file", b""), ("/file", CLOSE)]
)
async def test_who_reads_nothing_is_ended(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch, path: str, more: bytes
) -> None:
    """Whether or not the application is done, and the connection is to be closed."""
    monkeypatch.setattr(front, "READ_SECONDS", SOON)
    await ask(get(path, more=more))
    await server.comes_to(1, 0, 0)


async def test_who_reads_slowly_gets_everything(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it is: who reads is not cut off."""
    monkeypatch.setattr(front, "READ_SECONDS", 10 * SOON)
    line = await ask(get("/file", more=CLOSE))
    await server.comes_to(1, 1, 1)
    assert await read(line) > FILE


async def test_no_request_is_begun_before_the_answer_to_the_one_before_is_read(
    ask: Ask, server: Server
) -> None:
    """Else a client that reads nothing had a hundred answers kept for it."""
    line = await ask(*[get()] * 9, get(more=CLOSE))
    await server.comes_to(1, 0, 1)
    assert await read(line) > 10 * PAGE
    assert server.begun == 10


@pytest.mark.parametrize("path", ["/", "/file"])
async def test_a_network_that_reads_nothing_loses_its_oldest(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """However many connections it opens; another /64 is left in peace."""
    monkeypatch.setattr(waiting, "MOST_OF_A_NETWORK", 3)
    other = await ask(get(path, "2001:db8:0:1::9", CLOSE))
    for number in range(1, 7):
        if number > 1:
            await ask(get(path, f"2001:db8::{number}"))
        held = min(number, 4)
        await server.comes_to(number, held if path == "/file" else 0, held)
    assert await read(other) > PAGE


async def test_what_nobody_reads_is_bounded_in_bytes(
    ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In total, as what is half sent."""
    monkeypatch.setattr(waiting, "MOST_BYTES", 3 * PAGE)
    for number in range(1, 7):
        await ask(get(client=f"192.0.2.{number}"))
        await server.comes_to(number, 0, min(number, 3))


async def test_who_leaves_while_an_answer_is_made_leaves_no_error_behind(
    ask: Ask, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Browsers do it all day: nothing is written to a line that is gone."""
    line = await ask(get("/slow"))
    await server.comes_to(1, 1, 1)
    line.close()
    await server.comes_to(1, 1, 0)
    server.go_on.set()
    await server.comes_to(1, 0, 0)
    assert [record.getMessage() for record in caplog.records] == []
