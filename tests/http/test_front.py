"""The product behind its front, on real sockets: requests that are too large or never whole harm nobody else."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.e2e.waiting import PATIENCE
from tests.support import lint
from tests.support.dump import dump
from tests.support.page import Page
from tests.support.post import PostOffice
from tests.support.product import Product, running
from tests.support.wire import Client, client, listening
from web.cli import front
from web.cli.head import LONGEST_HEAD

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HOST = "mypage.example.jp"
LOGIN = "/useridmg/login"
KIND = "Content-Type: application/x-www-form-urlencoded"
SITE = {
    "MYPAGE_BASE_URL": f"https://{HOST}",
    "MYPAGE_TRUSTED_PROXIES": "127.0.0.1/32",
    "MYPAGE_REQUESTS_AT_ONCE": "20",
}


@pytest.fixture
async def site(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> AsyncIterator[Product]:
    """Run the product in production mode, with 20 slots."""
    async with running(tmp_path, post, **SITE) as site:
        yield site


@pytest.fixture
async def port(site: Product) -> AsyncIterator[int]:
    """Serve it."""
    async with listening(site.app, site.settings) as port:
        yield port


def request(method: str, path: str, *lines: str, network: str = "192.0.2.7") -> bytes:
    """Write the head of a request, as the proxy passes it on."""
    ours = (f"Host: {HOST}", "Sec-Fetch-Site: same-origin", f"X-Forwarded-For: {network}")
    return "\r\n".join([f"{method} {path} HTTP/1.1", *ours, *lines, "\r\n"]).encode("latin-1")


async def answers(port: int) -> None:
    """Check that somebody else is answered as usual."""
    async with client(port) as bystander:
        for path, heading in (("/healthz", None), (LOGIN, "マイページログイン")):
            await bystander.send(request("GET", path))
            answer = await bystander.answer()
            assert answer.status_code == 200
            assert heading is None or Page(answer).h1 == heading


@pytest.mark.parametrize("networks", [1, 10, 200])
async def test_two_hundred_requests_whose_body_never_arrives_take_no_slot(
    site: Product, port: int, networks: int
) -> None:
    """From one network, from ten, from two hundred."""
    announced = (KIND, "Content-Length: 1000")
    async with AsyncExitStack() as stack:
        for number in range(200):
            network = f"198.51.100.{number % networks}"
            sent = request("POST", LOGIN, *announced, network=network) + b"user_id=K"
            await stack.enter_async_context(client(port, sent))
        await answers(port)


REFUSED: dict[str, tuple[bytes, int, str]] = {
    "a cookie of 60 KB": (
        request("GET", LOGIN, f'Cookie: session="{chr(92)}"{chr(92)}"{30_000 * chr(92) + chr(34)}'),
        431, "ブラウザーから送られた情報が多すぎます",
    ),
    "ten thousand headers": (
        request("GET", LOGIN, *["X: 1"] * 10_000), 431, "ブラウザーから送られた情報が多すぎます"
    ),
    "an address of 10 KB": (request("GET", f"/?{10_000 * 'q'}"), 414, "アドレスが長すぎます"),
    "two lengths": (
        request("POST", LOGIN, "Content-Length: 1", "Content-Length: 2"),
        400, "送信された内容を読み取れませんでした",
    ),
    "a method that nobody has": (request("FOO", LOGIN), 400, "送信された内容を読み取れませんでした"),
    "a way through": (
        b"CONNECT %b:443 HTTP/1.1\r\nHost: %b\r\n\r\n" % (HOST.encode(), HOST.encode()),
        400, "送信された内容を読み取れませんでした",
    ),
    "an address that is no path": (
        request("GET", "useridmg"), 400, "送信された内容を読み取れませんでした"
    ),
    "bytes of an address that are no ASCII": (
        request("GET", "/\xe3\x81\x82"), 400, "送信された内容を読み取れませんでした"
    ),
    "a control character": (
        request("GET", LOGIN, "X: a\x01b"), 400, "送信された内容を読み取れませんでした"
    ),
    "a length of thirty digits": (
        request("POST", LOGIN, KIND, f"Content-Length: {30 * '9'}"), 413, "送信された内容が大きすぎます"
    ),
    "pieces": (
        request("POST", LOGIN, "Transfer-Encoding: chunked"), 411, "送信された内容を受け取れませんでした"
    ),
    "a body that is too large": (
        request("POST", LOGIN, KIND, "Content-Length: 65537"), 413, "送信された内容が大きすぎます"
    ),
    "a body of 10 MB, asked for": (
        request("POST", LOGIN, KIND, "Content-Length: 10000000", "Expect: 100-continue"),
        413, "送信された内容が大きすぎます",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_too_large_is_a_page_that_says_so(
    site: Product, port: int, what: str
) -> None:
    """In Japanese, with a request id and all headers; then the connection ends. Nothing is written."""
    sent, status, heading = REFUSED[what]
    before = dump(site)
    async with client(port, sent) as asked:
        answer = await asked.answer(site.settings.base_url)
        assert answer.status_code == status
        assert Page(answer).h1 == heading
        lint.check(answer)
        assert answer.headers["Strict-Transport-Security"]
        assert await asked.ended() == b""
    assert dump(site) == before
    await answers(port)


async def test_who_still_sends_what_is_too_large_reads_the_page_all_the_same(port: int) -> None:
    """The connection is not reset while the browser still sends."""
    async with client(port, request("POST", LOGIN, KIND, "Content-Length: 1000000")) as large:
        assert Page(await large.answer()).h1 == "送信された内容が大きすぎます"
        await large.send(b"x" * 1_000_000)
        async with asyncio.timeout(PATIENCE):
            assert await large.reader.read() == b""


async def test_headers_without_an_end_are_cut_at_16_kb(port: int) -> None:
    """A client that goes on to 250 MB is cut off."""
    line = b"X-Endless: " + 10_000 * b"a" + b"\r\n"
    async with client(port, request("GET", LOGIN)[:-2]) as endless:
        assert await poured(endless, line, times=25_000) < 4 * front.LINGER_BYTES
    await answers(port)


async def poured(endless: Client, line: bytes, times: int) -> int:
    """Send until nobody takes it any more; give how many bytes went."""
    for number in range(times):
        try:
            await endless.send(line)
        except ConnectionError:
            return number * len(line)
    return times * len(line)


async def test_a_head_of_nearly_16_kb_is_answered(port: int) -> None:
    """Eight cookies of 1.5 KB are far more than ours."""
    cookie = "; ".join(f"c{number}={1_500 * 'x'}" for number in range(8))
    sent = request("GET", LOGIN, f"Cookie: {cookie}")
    assert len(sent) < LONGEST_HEAD
    async with client(port, sent) as heavy:
        assert (await heavy.answer()).status_code == 200


async def spent(asked: Client, cookie: str) -> float:
    """Measure the processor's time for ten answers."""
    before = time.process_time()
    for _ in range(10):
        await asked.send(request("GET", LOGIN, f"Cookie: {cookie}"))
        assert (await asked.answer()).status_code == 200
    return time.process_time() - before


@pytest.mark.parametrize("hurts", ['\\"', "\\042", ";", "; a=", '"', "=", "__Host-session="])
async def test_no_cookie_takes_longer_to_read_than_another(port: int, hurts: str) -> None:
    """15 KB of what is slow to unquote, or to take apart, beside as much of what is not."""
    fill = 15_000 // len(hurts) * hurts
    async with client(port) as asked:
        plain = min([await spent(asked, f"__Host-session={15_000 * 'x'}") for _ in range(3)])
        worst = min([await spent(asked, f'__Host-session="{fill}"') for _ in range(3)])
    assert worst < 3 * plain
