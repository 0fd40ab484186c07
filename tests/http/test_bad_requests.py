"""What no browser sends is a 400 page, what is too large a 413 page, and neither writes anything."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.dump import dump
from tests.support.forms import FORMS, LOGIN, Filled, company
from tests.support.journeys import EDIT
from tests.support.page import Page
from tests.support.press import HTMX
from tests.support.product import Product
from tests.support.raw import Wire, send
from web.clock import HOUR

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

KIND = "application/x-www-form-urlencoded"
LIMIT = 64 * 1024
MEGABYTES = 10 * 1024 * 1024
UNREADABLE, TOO_LARGE = "送信された内容を読み取れませんでした", "送信された内容が大きすぎます"
BOUNDARY = b"--b\r\nContent-Disposition: form-data; name=user_id\r\n\r\nKNCA6288\r\n--b--\r\n"
CHECKS = {
    "U1": "/useridmg/profile/check",
    "C1": "/useridmg/password/check",
    "R1": "/useridmg/pwdInitPay/request/check",
    "B4": "/useridmg/pwdInitBulk/password/check",
}


def malformed(filled: Filled) -> dict[str, tuple[bytes, str]]:
    """Give bodies that no browser sends for this form, with their types."""
    good = urlencode(filled.fields).encode()
    name = list(filled.fields)[-1]
    return {
        "doubled field": (good + f"&{name}=again".encode(), KIND),
        "doubled and equal": (good + b"&" + urlencode({name: filled.fields[name]}).encode(), KIND),
        "doubled unknown field": (good + b"&x=1&x=2", KIND),
        "raw bytes": (good + b"&other=\xff\xfe", KIND),
        "percent-encoded bytes": (good + b"&other=%FF", KIND),
        "half a character": (good + b"&other=%E3%81", KIND),
        "Shift_JIS": (good + b"&other=" + "軽自".encode("cp932"), KIND),
        "a surrogate": (good + b"&other=%ED%A0%80", KIND),
        "too many fields": (good + b"".join(b"&f%d=" % n for n in range(100)), KIND),
        "multipart": (BOUNDARY, "multipart/form-data; boundary=b"),
        "JSON": (b'{"user_id": "KNCA6288"}', "application/json"),
        "plain text": (good, "text/plain"),
        "no type": (good, ""),
    }


@pytest.mark.parametrize("form", FORMS)
async def test_what_no_browser_sends_is_a_400_page(
    product: Product, visitor: httpx.AsyncClient, form: str
) -> None:
    """Page and fragment; neither counted, hashed nor written; the good form still goes through."""
    filled = await FORMS[form](product, visitor)
    await product.settle()
    before = dump(product)
    for case, (body, kind) in malformed(filled).items():
        headers = {"Content-Type": kind, **(HTMX if len(case) % 2 else {})}
        answer = await visitor.post(filled.action, content=body, headers=headers)
        assert answer.status_code == 400, case
        assert Page(answer).h1 == UNREADABLE
    assert dump(product) == before
    good = await visitor.post(filled.action, data=filled.fields, headers=HTMX)
    assert good.status_code in {200, 204}


@pytest.mark.parametrize("address", CHECKS.values(), ids=CHECKS)
async def test_a_live_check_reads_as_strictly(
    product: Product, alice: httpx.AsyncClient, address: str
) -> None:
    """The same 400 for the fields that are judged as they are left."""
    before = dump(product)
    for case, (body, kind) in malformed(Filled(address, {"new_password": "a"})).items():
        answer = await alice.post(address, content=body, headers={"Content-Type": kind, **HTMX})
        assert answer.status_code == 400, case
    assert dump(product) == before


async def pieces(size: int) -> AsyncIterator[bytes]:
    """Send a body in pieces, so that no length is announced."""
    body = b"user_id=" + b"A" * (size - 8)
    for start in range(0, size, LIMIT):
        yield body[start : start + LIMIT]


async def large(browser: httpx.AsyncClient, address: str, size: int) -> list[httpx.Response]:
    """Send a body of so many bytes with an honest, a lying and no Content-Length."""
    kind = {"Content-Type": KIND}
    body = b"user_id=" + b"A" * (size - 8)
    return [
        await browser.post(address, content=body, headers=kind),
        await browser.post(address, content=body, headers={**kind, "Content-Length": "10"}),
        await browser.post(address, content=pieces(size), headers=kind),
        await browser.post(address, content=pieces(size), headers={**kind, **HTMX}),
    ]


@pytest.mark.parametrize("form", ["L1", "C1", "R1", "U1 company", "U2", "R4", "conflict"])
async def test_a_body_that_is_too_large_is_a_413_page(
    product: Product, visitor: httpx.AsyncClient, form: str
) -> None:
    """Whatever its Content-Length says or does not say; nothing is written."""
    filled = await FORMS[form](product, visitor)
    await product.settle()
    before = dump(product)
    for size in (LIMIT + 1, MEGABYTES):
        for answer in await large(visitor, filled.action, size):
            assert answer.status_code == 413, size
            assert Page(answer).h1 == TOO_LARGE
    assert dump(product) == before


async def test_a_body_of_exactly_64_kb_is_read(visitor: httpx.AsyncClient) -> None:
    """The limit is the last size that passes; the field itself is called too long."""
    for answer in await large(visitor, LOGIN, LIMIT):
        assert answer.status_code in {303, 422}


@pytest.mark.parametrize("length", [str(LIMIT + 1), "9" * 30, "-1", "abc", "1e3", "", "\xb2"])
async def test_an_announced_length_that_is_too_large_or_none_is_a_413_page(
    product: Product, visitor: httpx.AsyncClient, length: str
) -> None:
    """It is refused before a byte of the body is read."""
    headers = [(b"Content-Type", KIND.encode()), (b"Content-Length", length.encode("latin-1"))]
    answer = await visitor.post(LOGIN, content=b"user_id=a", headers=headers)
    assert answer.status_code in {400, 413}
    assert Page(answer).h1 in {UNREADABLE, TOO_LARGE}


async def test_a_body_that_is_too_large_is_not_parked(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A dead session does not turn the refusal into a row of the database."""
    filled = await company(product, visitor)
    frozen.advance(HOUR)
    before = dump(product)
    for answer in await large(visitor, filled.action, LIMIT + 1):
        assert answer.status_code == 413
    assert dump(product) == before


async def test_what_is_malformed_is_not_parked(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A dead session and bytes that nobody can read lead to log-in; nothing is kept."""
    filled = await company(product, visitor)
    frozen.advance(HOUR)
    before = dump(product)
    for body, kind in malformed(filled).values():
        answer = await visitor.post(filled.action, content=body, headers={"Content-Type": kind})
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith(LOGIN)
    assert dump(product) == before
    assert EDIT in filled.action


@pytest.mark.parametrize("query", [b"q=\xff", b"q=%FF", b"%E3%81=1", b"flow=%ED%A0%80"], ids=str)
@pytest.mark.parametrize("path", ["/", "/help/search", "/useridmg/login", "/useridmg/profile/edit"])
async def test_an_address_that_is_no_utf8_is_a_400(
    product: Product, path: str, query: bytes
) -> None:
    """Neither guessed at nor echoed; the error page does not stumble over it either."""
    for method in ("GET", "POST"):
        headers = ((b"host", b"127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin"))
        answer = await send(product.app, Wire(method, path, query, headers))
        assert answer.status == 400
        assert UNREADABLE in answer.body.decode()


async def test_an_unknown_mailed_address_with_bytes_that_are_no_utf_8_is_a_404(
    product: Product,
) -> None:
    """The query of a mailed URL is not judged beforehand, and its error page has to be shown all the same."""
    wire = Wire("GET", "/useridmg/pwdInitEvil/INIT", b"flow=\xff", ((b"host", b"127.0.0.1:8000"),))
    assert (await send(product.app, wire)).status == 404
