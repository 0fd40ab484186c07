"""Requests that arrive in pieces, or never whole: they take no slot, are bounded, and end in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.e2e.waiting import PATIENCE
from tests.support import lint
from tests.support.page import Page
from tests.support.wire import GET, Client, client, listening
from tests.unit import parts
from web.cli import front, waiting

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SOON = 1.0  # a busy machine takes this long for nothing that is asked here
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n%b\r\n"


class Echo:
    """An application that gives back what it was sent, after as many seconds as it takes."""

    def __init__(self) -> None:
        self.begun = 0
        self.takes = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        self.begun += 1
        body = await Request(scope, receive).body()
        done = asyncio.Event()
        asyncio.get_running_loop().call_later(self.takes, done.set)
        await done.wait()
        await PlainTextResponse(b"got " + body)(scope, receive, send)


@pytest.fixture
def echo() -> Echo:
    """Give the application."""
    return Echo()


@pytest.fixture
async def port(tmp_path: Path, echo: Echo) -> AsyncIterator[int]:
    """Serve it behind a proxy on this machine."""
    settings = parts.settings(tmp_path, MYPAGE_TRUSTED_PROXIES="127.0.0.1")
    async with listening(echo, settings) as port:
        yield port


@pytest.fixture
async def hurried(port: int, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> int:
    """Give everything little time, less than the application takes."""
    echo.takes = 3 * SOON
    for name in ("HEADER_SECONDS", "BODY_SECONDS", "IDLE_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(front, name, SOON)
    return port


@pytest.mark.parametrize(
    "sent",
    [b"GET", GET[:-2], GET[:-2] + b"X-Drip: 1\r\n", POST % (5, b""), POST % (5, b"") + b"1234"],
)
async def test_what_stays_waiting_is_a_408_page(hurried: int, echo: Echo, sent: bytes) -> None:
    """Half a line, headers without an end, a body without a byte or with one too few."""
    async with client(hurried, sent) as dripping:
        answer = await dripping.answer()
        assert answer.status_code == 408
        lint.check(answer)
        assert Page(answer).h1 == "送信が途中で途切れました"
        assert await dripping.ended() == b""
    assert echo.begun == 0


async def test_a_connection_that_sends_nothing_is_ended(hurried: int) -> None:
    """Without an answer."""
    async with client(hurried) as silent:
        assert await silent.ended() == b""


async def test_a_request_that_came_whole_is_answered(hurried: int) -> None:
    """Twice over one connection, although each takes longer than a head may; then it was idle too long."""
    async with client(hurried) as calm:
        for _ in range(2):
            await calm.send(GET)
            assert (await calm.answer()).text == "got "
        assert await calm.ended() == b""


async def test_the_application_begins_when_the_last_byte_has_come(port: int, echo: Echo) -> None:
    """A request that arrives byte by byte takes a slot only when it is whole."""
    async with client(port) as slow:
        for byte in POST % (6, b"") + b"kaze\r":
            await slow.send(bytes([byte]))
        async with client(port, GET) as other:
            await other.answer()
        assert echo.begun == 1
        await slow.send(b"\n")
        assert (await slow.answer()).text == "got kaze\r\n"
        assert echo.begun == 2


async def test_requests_sent_ahead_are_answered_in_their_order(port: int, echo: Echo) -> None:
    """One at a time, with bodies; the refusal of the third comes after both answers."""
    echo.takes = SOON
    async with client(port, POST % (1, b"") + b"1" + POST % (1, b"")) as hasty:
        await until_begun(echo)
        await hasty.send(b"2" + b"nonsense\r\n\r\n")
        assert [(await hasty.answer()).text for _ in range(2)] == ["got 1", "got 2"]
        assert (await hasty.answer()).status_code == 400


async def until_begun(echo: Echo) -> None:
    """Wait for the application to have a request."""
    async with asyncio.timeout(PATIENCE):
        while not echo.begun:  # noqa: ASYNC110 it begins by itself
            await asyncio.sleep(0)


async def test_who_sends_far_ahead_is_answered_in_full(port: int, echo: Echo) -> None:
    """The connection is not read while much waits, and is read again later."""
    echo.takes = SOON / 10
    size, times = front.AHEAD, 8
    async with client(port) as hasty:
        sending = asyncio.create_task(hasty.send((POST % (size, b"") + b"x" * size) * times))
        for _ in range(times):
            assert len((await hasty.answer()).content) == size + len("got ")
        await sending


async def test_who_asks_before_sending_is_told_to_go_on_once(port: int) -> None:
    """`Expect: 100-continue`, as curl sends it."""
    async with client(port, POST % (4, b"Expect: 100-continue\r\n")) as polite:
        assert (await polite.answer()).status_code == 100
        await polite.send(b"kaze")
        answer = await polite.answer()
        assert (answer.status_code, answer.text) == (200, "got kaze")


async def test_a_browser_that_offers_another_protocol_stays_with_this_one(port: int) -> None:
    """Twice: the parser would take what follows an upgrade for no HTTP any more."""
    upgrade = GET[:-2] + b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n"
    async with client(port) as modern:
        for _ in range(2):
            await modern.send(upgrade)
            assert (await modern.answer()).status_code == 200


def announced(network: str) -> bytes:
    """Begin a request by way of the proxy, whose body never comes."""
    return POST % (5, b"X-Forwarded-For: " + network.encode() + b"\r\n") + b"1"


async def half(stack: AsyncExitStack, port: int, sent: bytes) -> Client:
    """Send something that stays half sent."""
    return await stack.enter_async_context(client(port, sent))


async def test_a_network_that_half_sends_too_much_loses_its_oldest(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests of another /64 are answered."""
    monkeypatch.setattr(waiting, "MOST_OF_A_NETWORK", 3)
    async with AsyncExitStack() as stack:
        other = await half(stack, port, announced("2001:db8:0:1::9"))
        of_one = [await half(stack, port, announced(f"[2001:db8::{n}]:4{n}")) for n in range(3)]
        of_one.append(await half(stack, port, announced("2001:db8::ffff")))
        refused = await of_one[0].answer()
        assert refused.status_code == 503
        lint.check(refused)
        for each in (other, *of_one[1:]):
            await each.send(b"2345")
            assert (await each.answer()).text == "got 12345"


async def test_in_a_crowd_the_network_with_most_goes_first(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its oldest; a connection of our proxy without a head is not ended."""
    monkeypatch.setattr(waiting, "MOST", 6)
    async with AsyncExitStack() as stack:
        bystanders = [
            await half(stack, port, announced("192.0.2.1")),
            *[await half(stack, port, b"") for _ in range(2)],
        ]
        many = [await half(stack, port, announced("192.0.2.9")) for _ in range(3)]
        late = await half(stack, port, announced("192.0.2.2"))
        assert (await many[0].answer()).status_code == 503
        await late.send(b"2345")
        await bystanders[0].send(b"2345")
        for each in bystanders[1:]:
            await each.send(GET)
        for each in (late, *bystanders):
            assert (await each.answer()).status_code == 200


async def test_what_is_waiting_is_bounded_in_bytes(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest is ended when all hold more than the bound."""
    monkeypatch.setattr(waiting, "MOST_BYTES", 100_000)
    large = POST % (60_000, b"X-Forwarded-For: 192.0.2.1\r\n") + b"x" * 59_999
    async with AsyncExitStack() as stack:
        first = await half(stack, port, large)
        second = await half(stack, port, large)
        assert (await first.answer()).status_code == 503
        await second.send(b"x")
        assert (await second.answer()).status_code == 200
