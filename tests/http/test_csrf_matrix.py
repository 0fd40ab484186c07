"""CSRF, whole: every route, method, Sec-Fetch-Site, Origin and Referer there can be (ASVS 3.5.1, 3.5.3)."""

from collections.abc import AsyncIterator
from itertools import product as every
from urllib.parse import urlsplit

import httpx
import pytest

from tests.http.test_routes import FORM, ROUTE_NAMES, TABLE
from tests.support.product import BASE_URL, Product
from tests.support.raw import Answered, Wire, send
from web.http import errors

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

UNSAFE, SAFE = ("POST", "PUT", "PATCH", "DELETE"), ("GET", "HEAD", "OPTIONS")
# What a browser, or a program, may say about where a request comes from; None: it says nothing.
SITES = (
    None,
    "same-origin",
    "same-site",
    "cross-site",
    "none",
    "",
    "SAME-ORIGIN",
    "same-origin, x",
)
ORIGINS = (
    None,
    BASE_URL,
    "http://localhost:8000",
    "http://127.0.0.1:8001",
    "https://127.0.0.1:8000",
    f"{BASE_URL}.evil.example",
    f"{BASE_URL}/",
    "https://evil.example",
    "null",
    "",
)
OWN = {BASE_URL, "http://localhost:8000"}
OUR_PAGE = f"{BASE_URL}/useridmg/login"
# Text browsers send neither of those headers, but this one.
REFERERS = {
    None: False,
    OUR_PAGE: True,
    f"{BASE_URL}/": True,
    "http://localhost:8000/useridmg/login?again=1": True,
    BASE_URL: False,
    "http://127.0.0.1:8001/useridmg/login": False,
    "https://127.0.0.1:8000/useridmg/login": False,
    f"{BASE_URL}.evil.example/": False,
    f"{BASE_URL}@evil.example/": False,
    f"{BASE_URL}\\evil.example/": False,
    f"https://evil.example/?{BASE_URL}/": False,
    f" {BASE_URL}.evil.example/": False,
    "//127.0.0.1:8000/": False,
    "/useridmg/login": False,
    "about:blank": False,
    "null": False,
    "": False,
}
REFUSED = errors.PAGES[403][0].encode()


@pytest.fixture
async def bare(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser that says nothing by itself about where a request comes from."""
    async with product.browser() as browser:
        del browser.headers["Sec-Fetch-Site"]
        browser.event_hooks = {}  # headers and HTML of these pages are linted elsewhere
        yield browser


def said(site: str | None, origin: str | None, referer: str | None = None) -> dict[str, str]:
    """Write what is said into headers."""
    pairs = {"Sec-Fetch-Site": site, "Origin": origin, "Referer": referer}
    return {name: value for name, value in pairs.items() if value is not None}


def own(site: str | None, origin: str | None) -> bool:
    """Tell whether our own pages send this: the first header decides where it is there."""
    return site == "same-origin" or (site is None and origin in OWN)


async def ask(product: Product, method: str, path: str, headers: dict[str, str]) -> Answered:
    """Put a request to the application itself: some 60,000 pass, and a client costs more than they do."""
    before, _, query = path.partition("?")
    given = {"Host": urlsplit(BASE_URL).netloc, **headers}
    pairs = tuple((name.lower().encode(), value.encode()) for name, value in given.items())
    return await send(product.app, Wire(method, before, query.encode(), pairs))


@pytest.mark.parametrize("name", [*ROUTE_NAMES, "static"])
async def test_only_our_own_pages_may_change_anything(product: Product, name: str) -> None:
    """Anything unsafe from elsewhere is a 403 before anything is looked at; safe ones may be linked to.

    A Referer of ours makes up for nothing that another header says.
    """
    path = TABLE[name].path
    cases = [
        (said(site, origin, OUR_PAGE), own(site, origin))
        for site, origin in every(SITES, ORIGINS)
        if (site, origin) != (None, None)
    ]
    cases += [(said(None, None, referer), ours) for referer, ours in REFERERS.items()]
    for method, (headers, ours) in every(UNSAFE, cases):
        answer = await ask(product, method, path, {**FORM, **headers})
        refused = (answer.status, REFUSED in answer.body) == (403, True)
        assert refused != ours, (method, headers, answer.status)
    for method, site, origin in every(
        SAFE, SITES, (None, BASE_URL, "https://evil.example", "null")
    ):
        answer = await ask(product, method, path, said(site, origin))
        assert REFUSED not in answer.body, (method, site, origin)


@pytest.mark.parametrize("name", [*ROUTE_NAMES, "static"])
async def test_no_other_site_may_read_an_answer(product: Product, name: str) -> None:
    """No CORS header for anybody, asked for or not (ASVS 3.4.2, 3.5.2)."""
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "hx-request"}
    for method in (*SAFE, *UNSAFE):
        headers = {**asks, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        answer = await ask(product, method, TABLE[name].path, headers)
        assert not [each for each, _ in answer.headers if each.startswith(b"access-control-")]


async def test_what_is_there_says_which_is_believed(bare: httpx.AsyncClient) -> None:
    """Two headers of one name are no header of ours."""
    doubled = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin")]
    answer = await bare.post("/useridmg/leave", headers=doubled)
    assert answer.status_code == 403
    doubled = [("Origin", "https://evil.example"), ("Origin", BASE_URL)]
    assert (await bare.post("/useridmg/leave", headers=doubled)).status_code == 403
    doubled = [("Referer", OUR_PAGE), ("Referer", "https://evil.example/")]
    assert (await bare.post("/useridmg/leave", headers=doubled)).status_code == 403
    for name in ("Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User"):
        headers = {"Referer": OUR_PAGE, name: "navigate"}
        assert (await bare.post("/useridmg/leave", headers=headers)).status_code == 403


async def test_who_says_nothing_hears_what_to_change(bare: httpx.AsyncClient) -> None:
    """A browser that keeps the Referer back and knows no other header: the page names the setting."""
    silent = (await bare.post("/useridmg/leave")).text
    assert "リファラー（参照元、Referer）の送信を許可してから" in silent
    foreign = await bare.post("/useridmg/leave", headers={"Referer": "https://evil.example/"})
    assert "リファラー" not in foreign.text
