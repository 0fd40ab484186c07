"""Every error is a page that helps: what happened, what to do, whom to call, by which number."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.support.engines import nothing_is_read
from tests.support.forms import LOGIN, conflict
from tests.support.guessing import guess
from tests.support.html import by_id, elements, words
from tests.support.page import Page
from tests.support.press import HTMX, natively
from tests.support.product import Product
from web.database import Database, DatabaseUnavailable
from web.security.fair_queue import Busy
from web.security.passwords import Passwords

pytestmark = pytest.mark.anyio

Headers = dict[str, str]
Cause = Callable[[Product, httpx.AsyncClient, Headers], Awaitable[httpx.Response]]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHONE = "050-3364-0800"
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
RIGHT = {"user_id": "KNCA6288", "password": "midori-no-kaze-6288"}


async def unreadable(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Send bytes that are no text."""
    return await browser.post(LOGIN, content=b"user_id=\xff", headers={**FORM, **headers})


async def foreign(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Send a form from another site."""
    across = {"Sec-Fetch-Site": "cross-site"}
    return await browser.post(LOGIN, data=RIGHT, headers={**across, **headers})


async def missing(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Open what is not there."""
    return await browser.get("/nothing-here", headers=headers)


async def impossible(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Do what cannot be done there."""
    return await browser.delete(LOGIN, headers=headers)


async def outdated(
    product: Product, browser: httpx.AsyncClient, headers: Headers
) -> httpx.Response:
    """Meet somebody else's change."""
    return await browser.get((await conflict(product, browser)).action, headers=headers)


async def spent(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Open a link that is none."""
    return await browser.get(f"/useridmg/pwdInitPay/INIT?key={'0' * 128}", headers=headers)


async def large(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Send more than anybody types."""
    return await browser.post(LOGIN, content=b"a" * 70_000, headers={**FORM, **headers})


async def often(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Guess too often."""
    for _try in range(5):
        await guess(browser)
    return await browser.post(LOGIN, data=RIGHT, headers=headers)


async def broken(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Meet a fault of the program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", raising(RuntimeError("boom")))
        return await browser.post(LOGIN, data=RIGHT, headers=headers)


async def full(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Meet a database that cannot serve."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", raising(DatabaseUnavailable("boom")))
        return await browser.post(LOGIN, data=RIGHT, headers=headers)


async def busy(_: Product, browser: httpx.AsyncClient, headers: Headers) -> httpx.Response:
    """Meet more log-ins than can be hashed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Passwords, "_in_thread", raising(Busy()))
        return await browser.post(LOGIN, data=RIGHT, headers=headers)


def raising(error: Exception) -> Callable[..., Awaitable[None]]:
    """Make a method that fails."""

    async def fail(*_: object, **__: object) -> None:
        raise error

    return fail


CAUSES: dict[str, tuple[int, Cause]] = {
    "400": (400, unreadable),
    "403": (403, foreign),
    "404": (404, missing),
    "405": (405, impossible),
    "409": (409, outdated),
    "410": (410, spent),
    "413": (413, large),
    "429": (429, often),
    "500": (500, broken),
    "503 database": (503, full),
    "503 passwords": (503, busy),
}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(("status", "cause"), CAUSES.values(), ids=CAUSES)
async def test_an_error_is_a_page_that_helps(
    product: Product, visitor: httpx.AsyncClient, headers: Headers, status: int, cause: Cause
) -> None:
    """Japanese heading, what to do next, phone and request id inside the step; no traceback."""
    answer = await cause(product, visitor, headers)
    page = Page(answer)
    (step,) = elements(page.root, "main")
    text = words(step)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert JAPANESE.search(page.h1)
    assert re.search(r"エラー番号：\d{8}$|エラー番号：\d{8} ", text)
    assert answer.headers["X-Request-Id"] not in text  # nobody reads 32 digits out
    assert f'data-request-id="{answer.headers["X-Request-Id"]}"' in answer.text
    assert PHONE in text
    assert re.search("(ください|できます|戻れます)。", text)
    assert elements(step, "a", "button")
    assert not re.search("Traceback|boom|Error|Internal|web/", page.text)
    assert ("Retry-After" in answer.headers) == (status in {429, 503})
    assert "HX-Push-Url" not in answer.headers
    if headers and status != 409:  # a 409 replaces the step; of the others htmx selects #problem
        problem = by_id(page.root, "problem")
        assert problem is not None
        assert re.search(r"エラー番号：\d{8}", words(problem))
        assert PHONE in words(problem)


async def test_a_form_with_errors_is_a_422_page_with_its_title_saying_so(
    visitor: httpx.AsyncClient,
) -> None:
    """The form again: summary, messages at the fields, the phone at the foot of the page."""
    page = (await natively(visitor, LOGIN, {})).page
    assert (page.status, page.h1) == (422, "マイページログイン")
    assert page.title.startswith("エラー：マイページログイン")
    assert len(page.summary) == 2
    assert PHONE in page.text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("boom"), 500), (DatabaseUnavailable("boom"), 503)]
)
async def test_a_page_that_cannot_be_read_is_an_error_page(
    alice: httpx.AsyncClient, headers: Headers, error: Exception, status: int
) -> None:
    """A GET while the database is broken or away, signed in."""
    with pytest.MonkeyPatch.context() as patch:
        nothing_is_read(patch, raising_at_once(error))
        answer = await alice.get("/useridmg/mypage", headers=headers)
    page = Page(answer)
    assert page.status == status
    assert JAPANESE.search(page.h1)
    assert ("Retry-After" in answer.headers) == (status == 503)


def raising_at_once(error: Exception) -> Callable[..., None]:
    """Make a function that fails when it is called."""

    def fail(*_: object) -> None:
        raise error

    return fail


async def test_a_form_from_another_site_is_not_offered_again(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """もう一度送信する under our own name would be the forgery (ASVS 3.5.1)."""
    page = Page(await foreign(product, alice, {}))
    assert page.status == 403
    assert "もう一度送信する" not in page.text
    assert not any(each.get("name") == "user_id" for each in elements(page.root, "input"))


@pytest.mark.parametrize("name", ["app.css", "app.js", "mark.svg"])
async def test_a_static_file_comes_whole_with_its_headers(
    product: Product, visitor: httpx.AsyncClient, name: str
) -> None:
    """Asked for again with a condition or a range it is no 304 or 206 without headers (the linter looks)."""
    address = product.app.state.templates.globals["static"](name)
    for asked in (
        {},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"Range": "bytes=0-1"},
        {"Accept-Encoding": "gzip"},
    ):
        for method in ("GET", "HEAD"):
            answer = await visitor.request(method, address, headers=asked)
            assert answer.status_code == 200
            assert len(answer.content) > 100 or method == "HEAD"
