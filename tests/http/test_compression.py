"""Pages travel compressed, but for those whose length another site could weigh (BREACH)."""

import httpx
import pytest

from tests.support.press import HTMX, visit
from tests.support.product import Product
from web.http.compression import WORTH_IT

pytestmark = pytest.mark.anyio

FOUND = "/help/search?q=KNCA62"
PAGES = ("/", "/useridmg/login", FOUND)


def zipped(answer: httpx.Response) -> bool:
    """Tell whether an answer came compressed, and that its headers fit."""
    assert "Accept-Encoding" in answer.headers["Vary"]
    return bool(answer.headers.get("Content-Encoding") == "gzip")


@pytest.mark.parametrize("path", PAGES)
async def test_pages_come_compressed(visitor: httpx.AsyncClient, path: str) -> None:
    """The same page, at most half as long on the line."""
    answer = await visitor.get(path)
    plain = await visitor.get(path, headers={"Accept-Encoding": "identity"})
    assert zipped(answer)
    assert not zipped(plain)
    assert int(answer.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2
    assert int(plain.headers["Content-Length"]) == len(plain.content)


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=1.0", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("x-gzip-like", False),
        ("", False),
    ],
)
async def test_only_who_takes_gzip_gets_it(
    visitor: httpx.AsyncClient, accepted: str, *, wanted: bool
) -> None:
    """Pages and files read the header alike."""
    login = await visit(visitor, "/useridmg/login")
    for path in ("/useridmg/login", next(login.root.iter("script")).attrib["src"]):
        answer = await visitor.get(path, headers={"Accept-Encoding": accepted})
        assert zipped(answer) == wanted
        assert "</" in answer.text or "function" in answer.text


async def test_refusals_stay_plain(visitor: httpx.AsyncClient) -> None:
    """An ID that exists and one that does not are refused in the same number of bytes."""
    lengths = set()
    for user_id in ("KNCA6288", "KNCA9999"):
        typed = {"user_id": user_id, "password": "not-the-password"}
        answer = await visitor.post("/useridmg/login", data=typed, headers=HTMX)
        assert answer.status_code == 422
        assert not zipped(answer)
        lengths.add(answer.headers["Content-Length"])
    assert len(lengths) == 1
    assert not zipped(await visitor.get("/nothing-here"))


async def test_short_answers_stay_as_they_are(visitor: httpx.AsyncClient) -> None:
    """What a live check answers is shorter than what compressing would save."""
    answer = await visitor.post(
        "/useridmg/password/check",
        data={"new_password": "mijikai"},
        headers=HTMX,
    )
    assert answer.is_success
    assert len(answer.content) < WORTH_IT
    assert not zipped(answer)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_weigh_what_a_cookie_shows(product: Product, site: str) -> None:
    """Guesses in the address and the ID in the header never share a compressed page."""
    async with product.browser(**{"Sec-Fetch-Site": site}) as browser:
        assert zipped(await browser.get(FOUND))
        for cookie in ("session", "reset-1", "stash-login"):
            answer = await browser.get(FOUND, headers={"Cookie": f"{cookie}=x"})
            assert not zipped(answer)


async def test_a_browser_that_does_not_say_who_asks_gets_it_plain(product: Product) -> None:
    """Browsers before Fetch Metadata could be led like any other."""
    async with product.browser() as browser:
        del browser.headers["Sec-Fetch-Site"]
        assert zipped(await browser.get(FOUND))
        assert not zipped(await browser.get(FOUND, headers={"Cookie": "session=x"}))


async def test_the_owner_gets_it_compressed(alice: httpx.AsyncClient) -> None:
    """From our own pages, and from a bookmark."""
    for site in ("same-origin", "none"):
        answer = await alice.get(FOUND, headers={"Sec-Fetch-Site": site})
        assert zipped(answer)
