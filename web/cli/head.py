"""Checks the head of a request (all before its body): its size, and that it can be read in one way only.

A second length, a folded line or a bare line feed might end the request elsewhere for the proxy than for us
(request smuggling). Only the body's length is read here; httptools parses the rest, and takes whatever passes
here: uvicorn would answer what it cannot parse itself, without our page, headers and line in the log.
"""

import re
from typing import NamedTuple

import httptools

from web.http.middleware import LARGEST_BODY

LONGEST_HEAD = 16 * 1024
LONGEST_TARGET = 8_000  # RFC 9112, section 3, names it as the least
MOST_LINES = 100
END = b"\r\n\r\n"

_WELL_FORMED = re.compile(
    rb"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) (?P<target>[\x21-\x7e]++) HTTP/1\.[01]"
    rb"(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t\x20-\x7e\x80-\xff]*+)*+"
)
# Asked of what is well formed: there each line begins behind \r\n, and to look for the \n alone takes half the time.
_CONCERNS_US = re.compile(
    rb"\n(content-length|transfer-encoding|expect|upgrade|x-forwarded-for):[ \t]*([^\r]*)",
    re.IGNORECASE,
)
# The front answers Expect itself; there is no other protocol to upgrade to.
_NOT_PASSED_ON = re.compile(rb"\r\n(?:expect|upgrade):[^\r]*", re.IGNORECASE)
_ENDLESS = re.compile(rb"(\r\ncontent-length:[ \t]*)[0-9]{20,}+", re.IGNORECASE)


class Refused(Exception):
    """A request that is answered before the application sees it."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(status, reason)
        self.status, self.reason = status, reason


class Head(NamedTuple):
    """The bytes to pass on, the length of the body, and what else the front needs."""

    passed_on: bytes
    body: int
    expects: bool = False  # waits for 100 Continue
    forwarded: tuple[str, ...] = ()  # the lines of X-Forwarded-For

    @property
    def too_large(self) -> bool:
        """Tell whether the body is larger than any form of ours."""
        return self.body > LARGEST_BODY


def judge(head: bytes) -> Head:
    """Read a whole head, without the empty line at its end. Raises Refused."""
    if head.count(b"\n") > MOST_LINES:
        raise Refused(431, "too many header lines")
    found = _WELL_FORMED.fullmatch(head)
    if found is None:
        raise Refused(400, "unreadable head")
    if len(found["target"]) > LONGEST_TARGET:
        raise Refused(414, "target too long")
    if not _names_a_path(found["target"]):
        raise Refused(400, "unreadable target")
    concerns: dict[bytes, list[bytes]] = {}
    for name, value in _CONCERNS_US.findall(head):
        concerns.setdefault(name.lower(), []).append(value)
    if not concerns:
        return Head(head + END, 0)
    body = _length(concerns)
    if b"expect" in concerns or b"upgrade" in concerns:
        head = _NOT_PASSED_ON.sub(b"", head)
    if body > LARGEST_BODY:  # httptools cannot count to twenty digits; one too many says as much
        head = _ENDLESS.sub(rb"\g<1>%d" % (LARGEST_BODY + 1), head)
    return Head(
        head + END,
        body,
        expects=b"100-continue" in map(bytes.lower, concerns.get(b"expect", ())),
        forwarded=tuple(map(_decoded, concerns.get(b"x-forwarded-for", ()))),
    )


def _decoded(value: bytes) -> str:
    return value.decode("latin-1")


def _names_a_path(target: bytes) -> bool:
    try:
        return bool(httptools.parse_url(target).path)
    except httptools.HttpParserInvalidURLError:
        return False


def _length(concerns: dict[bytes, list[bytes]]) -> int:
    """Give the body's length; without one there is no body. Raises Refused."""
    lengths = concerns.get(b"content-length", [])
    if b"transfer-encoding" in concerns:
        # Browsers send forms with a length. A chunked body can be framed in two ways (smuggling).
        raise Refused(400 if lengths else 411, "body in pieces")
    if not lengths:
        return 0
    length = lengths[0].rstrip(b" \t")
    if len(lengths) > 1 or not length.isdigit():
        raise Refused(400, "unreadable length")
    return int(length) if len(length) < 20 else LARGEST_BODY + 1  # noqa: PLR2004 int() is quadratic
