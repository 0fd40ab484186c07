"""CSRF and DNS rebinding: no POST from another site, no page for a foreign host."""

import httpx
import pytest

from tests.http.test_routes import FORM, POSTS, TABLE, Row, fits
from tests.support.page import Page
from tests.support.press import HTMX
from tests.support.product import BASE_URL, Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

REFUSED = "この操作は受け付けられません"
# What a browser (or a program) may say about where a request comes from; None: it says nothing.
FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "cross-site", "Origin": BASE_URL},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "https://127.0.0.1:8000"},
    {"Origin": f"{BASE_URL}.evil.example"},
    {"Referer": f"{BASE_URL}/"},
    {},
]
OWN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": BASE_URL},
    {"Origin": BASE_URL},
    {"Origin": "http://localhost:8000"},
]


def bare(product: Product) -> httpx.AsyncClient:
    """Open a browser that says nothing by itself about where a request comes from."""
    browser = product.browser()
    del browser.headers["Sec-Fetch-Site"]
    return browser


@pytest.mark.parametrize(("name", "row"), POSTS.items(), ids=POSTS)
async def test_no_route_takes_a_post_from_elsewhere(product: Product, name: str, row: Row) -> None:
    """403 and a page, as a document and for htmx, before anything else is looked at."""
    async with bare(product) as browser:
        for headers in FOREIGN:
            answer = await browser.post(row.path, content=b"", headers={**FORM, **headers})
            assert (answer.status_code, Page(answer).h1) == (403, REFUSED), headers
        answer = await browser.post(row.path, content=b"", headers={**FORM, **HTMX, **FOREIGN[0]})
        assert (answer.status_code, Page(answer).h1) == (403, REFUSED)


@pytest.mark.parametrize("headers", OWN, ids=str)
async def test_every_route_takes_a_post_of_its_own_pages(
    product: Product, headers: dict[str, str]
) -> None:
    """Sec-Fetch-Site, or the configured origin where an old browser does not send it."""
    async with bare(product) as browser:
        for name, row in POSTS.items():
            answer = await browser.post(row.path, content=b"", headers={**FORM, **headers})
            assert fits(answer, row.post), name


async def test_a_refused_post_has_done_nothing(product: Product, alice: httpx.AsyncClient) -> None:
    """A cross-site 終了 does not log Alice out."""
    answer = await alice.post("/useridmg/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (await alice.get("/useridmg/mypage")).status_code == 200


async def test_no_method_but_the_safe_ones_comes_from_elsewhere(visitor: httpx.AsyncClient) -> None:
    """PUT, PATCH, DELETE are refused before they are called unknown; GET may be linked to."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await visitor.request(method, "/useridmg/login", headers=elsewhere)
        assert answer.status_code == 403
    assert (await visitor.get("/useridmg/login", headers=elsewhere)).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:8001",
        "127.0.0.1:8000.evil.example",
        "evil.example:8000",
        "",
        "127.0.0.1:8000, evil.example",
    ],
)
async def test_a_foreign_host_is_a_400_on_every_route(
    visitor: httpx.AsyncClient, host: str
) -> None:
    """A name rebound to our address reads no page; what machines ask is exempt."""
    for name, row in TABLE.items():
        method = "GET" if row.get is not None else "POST"
        answer = await visitor.request(method, row.path, headers={"Host": host})
        expected = 200 if name.startswith("health/") else 400
        assert answer.status_code == expected, name


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000"]
)
async def test_loopback_names_are_one_host(visitor: httpx.AsyncClient, host: str) -> None:
    """On a loopback base every loopback name will do."""
    assert (await visitor.get("/", headers={"Host": host})).status_code == 200


async def test_a_forwarded_host_changes_nothing(visitor: httpx.AsyncClient) -> None:
    """X-Forwarded-Host and -Proto are ignored: no address on the page comes from them."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = await visitor.get("/", headers=forged)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert "Strict-Transport-Security" not in answer.headers
