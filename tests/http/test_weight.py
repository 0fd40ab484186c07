"""How many bytes a screen takes when nothing of it was ever loaded, with all that it names."""

import re

import httpx
import pytest

from tests.support.press import visit

pytestmark = pytest.mark.anyio

MOST, FILES = 25_000, 5
BEFORE_PAINT = 8704  # 50 kbit/s carry 6.25 KB in a second


async def weight(browser: httpx.AsyncClient, path: str) -> dict[str, int]:
    """Weigh a page and its files as they are sent, each file once."""
    page = await visit(browser, path)
    named = [each for tag in ("script", "link", "img") for each in page.root.iter(tag)]
    files = [each.attrib.get("src") or each.attrib["href"] for each in named]
    files += [each.attrib["data-script"] for each in named if "data-script" in each.attrib]
    return {
        address: int((await browser.get(address)).headers["Content-Length"])
        for address in dict.fromkeys([path, *files])
    }


async def test_the_log_in_takes_25_kb(visitor: httpx.AsyncClient) -> None:
    """L1 with style, script and mark: all that a phone loads before somebody can type."""
    parts = await weight(visitor, "/useridmg/login")
    assert len(parts) == FILES
    assert sum(parts.values()) <= MOST, parts


async def test_nothing_keeps_back_the_first_paint(visitor: httpx.AsyncClient) -> None:
    """The style and a script of a few lines; the other script is asked for when these are there, the mark too."""
    page = await visit(visitor, "/useridmg/login")
    (start,) = page.root.iter("script")
    (mark,) = page.root.iter("img")
    assert start.attrib["src"].startswith("/static/start.")
    assert "defer" in start.attrib
    assert mark.attrib["loading"] == "lazy"
    parts = await weight(visitor, "/useridmg/login")
    late = {start.attrib["data-script"], mark.attrib["src"]}
    assert sum(bytes_ for address, bytes_ in parts.items() if address not in late) <= BEFORE_PAINT


async def test_my_page_takes_25_kb(alice: httpx.AsyncClient) -> None:
    """M1, even where the log-in has loaded nothing before."""
    parts = await weight(alice, "/useridmg/mypage")
    assert sum(parts.values()) <= MOST, parts


async def test_styles_name_no_colour_that_is_not_there(visitor: httpx.AsyncClient) -> None:
    """The values of the design system are written in; what is named is declared."""
    page = await visit(visitor, "/useridmg/login")
    address = next(page.root.iter("link")).attrib["href"]
    css = (await visitor.get(address)).text
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= set(re.findall(r"(--[\w-]+):", css))
    assert "--accent:#0017c1" in css
