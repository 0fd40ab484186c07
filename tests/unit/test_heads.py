"""The head of a request is bounded and can be read in one way only, or it is refused."""

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
    "bytes that are no ASCII": ("GET /検索?q=あ HTTP/1.1\r\nX: あ".encode(), 0),
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


def test_what_the_front_answers_itself_is_not_passed_on() -> None:
    """Neither the question whether to send, nor the offer of another protocol."""
    taken = judge(LINE + HOST + b"\r\nExpect: 100-Continue\r\nUpgrade: h2c" + FIVE)
    assert taken.expects
    assert taken.passed_on == LINE + HOST + FIVE + b"\r\n\r\n"
    assert not judge(LINE + HOST + b"\r\nExpect: the-unexpected").expects


def test_every_line_of_the_proxies_is_read() -> None:
    """In their order."""
    taken = judge(LINE + b"\r\nX-Forwarded-For: a, b" + HOST + b"\r\nx-forwarded-for:c")
    assert taken.forwarded == ("a, b", "c")
