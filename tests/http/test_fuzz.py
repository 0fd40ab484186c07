"""Twenty thousand requests that nobody would send: no 5xx, no markup, header or log line of the sender's.

`make test` sends 20,000 and the same ones each time; `make fuzz` goes on for hundreds of thousands.
"""

import asyncio
import json
import random
import tempfile
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote_from_bytes, urlsplit

import pytest
from hypothesis import settings

from tests.conftest import FrozenClock, log_in
from tests.http.test_routes import TABLE
from tests.support import forms
from tests.support.forms import Filled
from tests.support.log_lines import heard
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.product import running
from tests.support.raw import Answered, Wire, send
from tests.unit.test_mail_injection import HEADERS as MAIL_HEADERS
from web import clock

pytestmark = pytest.mark.slow

T = TypeVar("T")
LONG = settings.get_current_profile_name() == "long"
A_TIME = 10  # requests of one log-in
BATCHES = (400_000 if LONG else 20_000) // A_TIME

FORM = b"application/x-www-form-urlencoded"
TAG, BREAKOUT, HEADER = "<zq onx=1>", '" zq="1', "\r\nZq-Injected: 1"
QUERY = ("flow", "draft", "receipt", "link", "key", "notice", "q", "again", "item", "format", "zq")
NASTY = (
    TAG, BREAKOUT, HEADER, f"'{BREAKOUT}>{TAG}", "{{7*7}}", "{0.__class__}", "%s%n", "${7*7}",
    "a@b.jp\r\nBcc: zq@example.jp", '"x@y" <z@w>', "a@b,c@d", "../../etc/passwd", "..%2f..%2f",
    "' OR 1=1 --", "\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "\ud7ff", "髙﨑", "👩‍👩‍👧",
    "-1", "0", "1e9", "9" * 40, str(2**63), "NaN", "true", "null", "[]", "javascript:alert(1)",
    "//evil.example", "/\\evil.example", "0" * 32, "AB" * 64, "x" * 1025, "ア" * 61, "=cmd|' /C calc'!A0",
)  # fmt: skip
# Values of a request that only some servers would survive.
RAW = (b"%", b"%zz", b"%ff%fe", b"\xff", b"a&a=b", b"a;b=c", b"+", b"%00", b"%c0%ae")
EXTRA = (
    b"user-agent", b"x-forwarded-for", b"x-forwarded-host", b"referer", b"accept", b"accept-encoding",
     b"content-type", b"content-length", b"hx-request", b"hx-current-url", b"hx-history-restore-request",
     b"origin", b"sec-fetch-site", b"host", b"cookie", b"range", b"if-none-match", b"transfer-encoding",
)  # fmt: skip
PATHS = (
    "/static/../db/schema.sql", "/static/..%2f..%2fetc/passwd", "//", "/%2e%2e/", "/useridmg/",
     "/useridmg/login/..", "/useridmg/pwdInitEvil/INIT", "/\x00", "/" + "a" * 3000, "/office/", "/demo/mail",
)  # fmt: skip
ADDRESSES = [row.path for row in TABLE.values()]
METHODS = ("GET", "GET", "GET", "HEAD", "PUT", "TRACE", "zq")


class Site:
    """The product with everything in it that an address or a form can name, all of it Alice's."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.post = PostOffice()
        self.post.start()
        self.forms: list[Filled] = []
        self.answers: Counter[str] = Counter()
        self.run(self._open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something of the application to its end."""
        return self.runner.run(work)

    async def _open(self) -> None:
        self.product = await self.stack.enter_async_context(
            running(Path(self.folder.name), self.post)
        )
        self.browser = await self.stack.enter_async_context(self.product.browser())
        for name, opener in forms.FORMS.items():
            filled = await opener(self.product, self.browser)
            # a right password would change it, and the rest would meet a stranger
            wrong = {field: "zq" for field in filled.fields if "password" in field}
            self.forms.append(Filled(filled.action, {**filled.fields, **wrong}))
            assert filled.action.startswith("/useridmg/"), name
        self.forms += [
            Filled(row.path, {"user_id": "KNCA6288", "new_password": "zq"})
            for row in TABLE.values()
            if row.post is not None
        ]

    async def signed_in(self) -> bytes:
        """Give the cookies of a browser in which Alice is logged in."""
        if not (await self.browser.get("/useridmg/session")).is_success:
            # the wrong passwords among so many requests have locked her ID
            await self.product.meddle("DELETE FROM failures")
            await log_in(self.browser, ALICE)
        return "; ".join(f"{each.name}={each.value}" for each in self.browser.cookies.jar).encode()

    def close(self) -> None:
        """Put everything away."""
        self.run(self.stack.aclose())
        self.runner.close()
        self.post.stop()
        self.folder.cleanup()


class LogLines:
    """Keeps what is wrong with any line of the log."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.number = 0

    def hear(self, line: str) -> None:
        """Look at a line as an operator gets it."""
        self.number += 1
        if (
            len(line.splitlines()) != 1
            or not line.endswith("\n")
            or not line.isascii()
            or not isinstance(json.loads(line), dict)
        ):
            self.broken.append(line)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Run one product for all requests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", FrozenClock())
        site = Site()
        yield site
        site.close()


@pytest.fixture(scope="module")
def written() -> Iterator[LogLines]:
    """Read along in the log."""
    lines = LogLines()
    with heard(lines.hear):
        yield lines


class Dice(random.Random):
    """Makes requests; the same ones again from the same seed. Hypothesis would take as long as the product itself."""

    def letters(self, most: int) -> str:
        """Write some text of any letters."""
        return "".join(self._letter() for _ in range(self.randint(0, most)))

    def _letter(self) -> str:
        return chr(self.randint(0, self.choice((0x7F, 0xFF, 0xFFFF, 0x10FFFF))))

    def value(self) -> bytes:
        """Make the value of a field as it is on the wire."""
        match self.randrange(3):
            case 0:
                return _quoted(self.choice(NASTY))
            case 1:
                return _quoted(self.letters(40))
            case _:
                return self.choice(RAW)

    def header(self) -> bytes:
        """Make the value of a header; h11 and httptools refuse CR, LF and NUL before the application sees it."""
        raw = self.randbytes(self.randint(0, 60))
        return raw.translate(None, b"\r\n\0").strip()

    def pairs(self, known: dict[str, str]) -> bytes:
        """Write fields: most as they should be, one or two wrong, missing, doubled or unknown."""
        fields = [(name.encode(), _quoted(text)) for name, text in known.items()]
        for _ in range(self.randint(0, 3)):
            where = self.randint(0, max(len(fields) - 1, 0))
            match self.randint(0, 4):
                case 0 | 1 | 2 if fields:
                    fields[where] = (fields[where][0], self.value())
                case 3 if fields:
                    fields.append((fields[where][0], self.value()))
                case 4 if fields:
                    del fields[where]
                case _:
                    fields.append((_quoted(self.letters(8)), self.value()))
        return b"&".join(name + b"=" + value for name, value in fields)

    def wire(self, known: list[Filled]) -> Wire:
        """Make a request out of a form or an address of the product."""
        number = self.randrange(2**24)
        client = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = [(b"host", b"127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin")]
        headers += [(b"hx-request", b"true")] if self.randrange(2) else []
        if self.randrange(3):
            form = self.choice(known)
            at, method = urlsplit(form.action), "POST"
            path, query, body = at.path, at.query.encode(), self.pairs(form.fields)
            headers.append((b"content-type", FORM))
            if not self.randrange(6):
                query = self.pairs(dict.fromkeys(QUERY[:4], "0" * 32))
        else:
            method, path = self.choice(METHODS), self.choice(self.choice((ADDRESSES, PATHS)))
            names = self.sample(QUERY, self.randint(0, 3))
            query, body = self.pairs(dict.fromkeys(names, "zq")), b""
        if self.randrange(2):
            name, value = self.choice(EXTRA), self.header()
            headers = [each for each in headers if each[0] != name] + [(name, value)]
        return Wire(method, path, query, tuple(headers), body, client)


def _quoted(text: str) -> bytes:
    return quote_from_bytes(text.encode(errors="replace")).encode()


def judge(wire: Wire, answer: Answered) -> None:
    """Find what must not be: our fault, their markup, their header, their address."""
    assert 200 <= answer.status < 500, (answer.status, wire)
    for part in (b"<zq", b'" zq="'):
        assert part not in answer.body, wire
    for name, value in answer.headers:
        assert not set(name + value) & set(b"\r\n\0"), wire
        assert b"zq-injected" not in name, wire
    for lead in ("location", "hx-redirect", "hx-push-url"):
        given = answer.header(lead)
        assert not given or (given[0] == "/" and given[1:2] not in {"/", "\\"}), (wire, given)
    assert answer.header("x-content-type-options") == "nosniff", wire
    assert answer.header("content-security-policy").startswith("default-src 'none'"), wire


def test_no_request_breaks_anything(site: Site, written: LogLines) -> None:
    """Types, lengths, Unicode, CR and LF, doubled parameters, paths, on every form and address."""

    seed = random.SystemRandom().getrandbits(64) if LONG else 0
    print(f"seed {seed}")  # shown when it fails
    for number in range(BATCHES):
        dice = Dice(f"{seed}.{number}")
        site.run(_send(site, [dice.wire(site.forms) for _ in range(A_TIME)]))
    assert sum(site.answers.values()) >= BATCHES * A_TIME
    assert written.number >= BATCHES * A_TIME
    assert written.broken == []
    told = {int(key.rpartition(" ")[2]) for key in site.answers}
    assert {200, 303, 400, 401, 403, 404, 405, 422} <= told
    posted = {key.split()[1] for key in site.answers if key.startswith("POST ")}
    assert {row.path for row in TABLE.values() if row.post is not None} <= posted
    for mail in site.post.mails:
        assert {name.lower() for name in mail.message} <= MAIL_HEADERS
        assert len(mail.recipients) == 1


async def _send(site: Site, batch: list[Wire]) -> None:
    cookies = await site.signed_in()
    for number, wire in enumerate(batch):
        if number % 3 and b"cookie" not in dict(wire.headers):
            wire = replace(wire, headers=(*wire.headers, (b"cookie", cookies)))  # noqa: PLW2901
        answer = await send(site.product.app, wire)
        site.answers[f"{wire.method} {wire.path[:80]} {answer.status}"] += 1
        judge(wire, answer)
