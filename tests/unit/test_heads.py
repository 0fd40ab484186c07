"""The head of a request is bounded and can be read in one way only, or it is refused."""

import random
from typing import Any

import httptools
import pytest

from web.cli import head
from web.cli.head import Refused, judge

LINE = b"POST /useridmg/login HTTP/1.1"
HOST = b"\r\nHost: mypage.example.jp"
FIVE = b"\r\nContent-Length: 5"

REFUSED: dict[str, tuple[bytes, int]] = {
    "no request": (b"", 400),
    "no version": (b"GET /", 400),
    "HTTP/2 without TLS": (b"PRI * HTTP/2.0", 400),
    "a version that is none": (b"GET / HTTP/1.7", 400),
    "two blanks": (b"GET  / HTTP/1.1", 400),
    "no address": (b"GET HTTP/1.1", 400),
    "a tab in the address": (b"GET /\t HTTP/1.1", 400),
    "a method in small letters": (b"get / HTTP/1.1", 400),
    "a method that we do not have": (b"CONNECT mypage.example.jp:443 HTTP/1.1", 400),
    "a method that nobody has": (b"FOO / HTTP/1.1", 400),
    "an address without a path": (b"GET http://mypage.example.jp HTTP/1.1", 400),
    "an address that begins with no slash": (b"GET useridmg HTTP/1.1", 400),
    "an address with a broken host": (b"GET http://[::1/ HTTP/1.1", 400),
    "bytes of an address that are no ASCII": ("GET /検索?q=あ HTTP/1.1".encode(), 400),
    "a control character": (LINE + HOST + b"\r\nX: a\x01b", 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a line without a colon": (LINE + b"\r\nHost", 400),
    "a header without a name": (LINE + b"\r\n: x", 400),
    "a blank before the colon": (LINE + HOST + b"\r\nContent-Length : 5", 400),
    "a folded line": (LINE + HOST + b"\r\nX: a\r\n b", 400),
    "a bare line feed": (LINE + HOST + b"\r\nX: a\nContent-Length: 5", 400),
    "a bare carriage return": (LINE + HOST + b"\r\nX: a\rContent-Length: 5", 400),
    "a NUL": (LINE + HOST + b"\r\nX: a\x00b", 400),
    "two lengths": (LINE + HOST + FIVE + b"\r\nContent-Length: 6", 400),
    "the same length twice": (LINE + HOST + FIVE + FIVE, 400),
    "two lengths in a line": (LINE + HOST + b"\r\nContent-Length: 5, 5", 400),
    "a negative length": (LINE + HOST + b"\r\nContent-Length: -5", 400),
    "a length with a sign": (LINE + HOST + b"\r\nContent-Length: +5", 400),
    "an empty length": (LINE + HOST + b"\r\nContent-Length:", 400),
    "a length in hexadecimal": (LINE + HOST + b"\r\nContent-Length: 0x5", 400),
    "a length in superscript": (LINE + HOST + b"\r\nContent-Length: \xb2", 400),
    "a body in pieces": (LINE + HOST + b"\r\nTransfer-Encoding: chunked", 411),
    "a body in unknown pieces": (LINE + HOST + b"\r\nTransfer-Encoding: xchunked", 411),
    "both": (LINE + HOST + FIVE + b"\r\nTransfer-Encoding: chunked", 400),
    "many lines": (LINE + b"\r\nX: 1" * (head.MOST_LINES + 1), 431),
    "a long address": (b"GET /?" + b"q" * head.LONGEST_TARGET + b" HTTP/1.1", 414),
}

TAKEN: dict[str, tuple[bytes, int]] = {
    "no header": (b"GET / HTTP/1.0", 0),
    "a length": (LINE + HOST + FIVE, 5),
    "any spelling": (LINE + HOST + b"\r\ncontent-LENGTH:\t5 ", 5),
    "zeros": (LINE + HOST + b"\r\nContent-Length: 0005", 5),
    "a length of ours, and more": (LINE + b"\r\nX-Content-Length: 7" + FIVE, 5),
    "a length that is text of another header": (LINE + b"\r\nX: Content-Length: 7" + FIVE, 5),
    "bytes that are no ASCII": ("GET /?q=%E3%81%82 HTTP/1.1\r\nX: あ\t".encode(), 0),
    "an address with its host": (b"GET http://mypage.example.jp/ HTTP/1.1", 0),
    "all of it": (b"OPTIONS * HTTP/1.1", 0),
    "an empty header": (LINE + b"\r\nX:" + FIVE, 5),
    "the longest address": (b"GET /" + b"q" * (head.LONGEST_TARGET - 1) + b" HTTP/1.1", 0),
    "as many lines as may be": (LINE + b"\r\nX: 1" * head.MOST_LINES, 0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_head_that_is_too_large_or_can_be_read_in_two_ways_is_refused(what: str) -> None:
    """A proxy might end such a request elsewhere than we do (request smuggling, ASVS 4.2.1)."""
    given, status = REFUSED[what]
    with pytest.raises(Refused) as refused:
        judge(given)
    assert refused.value.status == status


@pytest.mark.parametrize("what", TAKEN)
def test_a_head_that_browsers_and_proxies_send_is_passed_on(what: str) -> None:
    """As it came, with the length that it says."""
    given, length = TAKEN[what]
    taken = judge(given)
    assert taken.passed_on == given + b"\r\n\r\n"
    assert taken.body == length


@pytest.mark.parametrize("length", [b"65537", b"9" * 30, b"9" * 15_000], ids=len)
def test_a_length_beyond_all_bounds_is_too_large(length: bytes) -> None:
    """However many digits it has."""
    assert judge(LINE + HOST + b"\r\nContent-Length: " + length).too_large
    assert not judge(LINE + HOST + b"\r\nContent-Length: 65536").too_large


class Parsed:
    """What httptools tells of a request, as uvicorn listens to it."""

    def __init__(self) -> None:
        self.target, self.whole = b"", False

    def on_url(self, url: bytes) -> None:
        """Hear a part of the address."""
        self.target += url

    def on_headers_complete(self) -> None:
        """Hear the end of the head."""
        self.whole = True


def parsed(head: bytes) -> bool:
    """Tell whether httptools reads a head to its end, and a path from its address."""
    heard = Parsed()
    listener: Any = heard
    httptools.HttpRequestParser(listener).feed_data(head)
    path = httptools.parse_url(heard.target).path
    return heard.whole and bool(path) and path.isascii()


METHODS = [b"GET", b"POST", b"FOO", b"SOURCE", b"PRI", b"CONNECT", b"QUERY"]
TARGETS = [b"/", b"*", b"//", b"http://a/", b"http://", b"useridmg"]
LINES = [
    b"Host: a", b"Content-Length: 5", b"Content-Length: " + b"9" * 40, b"Connection: upgrade",
    b"Upgrade: websocket", b"Expect: 100-continue", b"X:", b"X: \xe3\x81",
]  # fmt: skip
MORE = [
    b"[::1",
    b"?q=",
    b"#",
    b"%zz",
    b":80",
    b"@",
    b"\\",
    b" ",
    b"\t",
    b"\x7f",
    b"\x01",
    b"\xe3\x81",
    b"\r\n",
]


def made_up(dice: random.Random) -> bytes:
    """Write a head in which some things are wrong."""
    target = dice.choice(TARGETS) + b"".join(dice.choices(MORE, k=dice.randint(0, 2)))
    lines = [
        dice.choice(LINES) + b"".join(dice.choices(MORE, k=dice.choice([0, 0, 1])))
        for _ in range(dice.randint(0, 3))
    ]
    return b"\r\n".join([dice.choice(METHODS) + b" " + target + b" HTTP/1.1", *lines])


@pytest.mark.parametrize("seed", range(10))
def test_what_passes_here_is_read_by_the_parser_behind(seed: int) -> None:
    """Otherwise uvicorn answers by itself: plain text, no headers of ours, nothing in our log."""
    dice, passed = random.Random(seed), 0  # noqa: S311 no secret
    for _ in range(2_000):
        given = made_up(dice)
        try:
            taken = judge(given)
        except Refused:
            continue
        passed += 1
        assert parsed(taken.passed_on), given
    assert passed > 50
