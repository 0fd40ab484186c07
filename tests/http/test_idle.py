"""The end of a log-in is announced: asked for without prolonging it, and put off by one press."""

from xml.etree.ElementTree import Element

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.dump import dump
from tests.support.html import elements
from tests.support.page import Page
from tests.support.press import HTMX, visit
from tests.support.product import Product
from web.clock import HOUR, MINUTE, mypage_style

pytestmark = pytest.mark.anyio

ASK, STAY, MYPAGE = "/useridmg/session", "/useridmg/session/stay", "/useridmg/mypage"
IDLE = 30 * MINUTE


async def test_asking_does_not_prolong(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The seconds run down however often they are asked for, by GET and by HEAD."""
    for minute in range(30):
        assert (await alice.get(ASK)).json() == {"seconds": IDLE - minute * MINUTE}
        assert (await alice.head(ASK)).status_code == 200
        frozen.advance(MINUTE)
    assert (await alice.get(ASK)).status_code == 401
    assert (await alice.get(MYPAGE)).status_code == 303


async def test_staying_prolongs_as_often_as_it_is_pressed(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Twelve presses, each two minutes before the end (WCAG 2.2.1 asks for ten)."""
    before = dump(product)
    for _ in range(12):
        frozen.advance(28 * MINUTE)
        assert (await alice.post(STAY)).json() == {"seconds": IDLE}
    assert dump(product) == before
    frozen.advance(IDLE - 1)
    assert (await alice.get(MYPAGE)).status_code == 200


async def test_nothing_prolongs_beyond_eight_hours(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Towards the absolute end staying gives what is left, and says so."""
    for _ in range(19):
        frozen.advance(25 * MINUTE)
        answer = await alice.post(STAY)
    assert answer.json() == {"seconds": 8 * HOUR - 19 * 25 * MINUTE}
    frozen.advance(5 * MINUTE)
    assert (await alice.post(STAY)).status_code == 401


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["script", "htmx"])
async def test_when_it_is_over_both_answer_401(
    product: Product,
    alice: httpx.AsyncClient,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    headers: dict[str, str],
) -> None:
    """Expired, ended or never begun; the way back of a form is not spent on it."""
    frozen.advance(IDLE)
    for browser in (alice, visitor):
        for answer in (await browser.get(ASK, headers=headers), await browser.post(STAY)):
            assert answer.status_code == 401
            assert "Set-Cookie" not in answer.headers
            assert "HX-Redirect" not in answer.headers
    assert not product.rows("SELECT 1 FROM drafts")


async def test_leaving_in_another_tab_is_noticed(alice: httpx.AsyncClient) -> None:
    """The next question of the other tab is answered by 401."""
    assert (await alice.get(ASK)).status_code == 200
    await alice.post("/useridmg/leave")
    assert (await alice.get(ASK)).status_code == 401
    assert (await alice.post(STAY)).status_code == 401


async def test_another_site_can_neither_ask_nor_stay(alice: httpx.AsyncClient) -> None:
    """A press from elsewhere is refused; the answer to a question is readable by nobody else."""
    across = {"Sec-Fetch-Site": "cross-site"}
    assert (await alice.post(STAY, headers=across)).status_code == 403
    answer = await alice.get(ASK)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"


def idles(page: Page) -> list[Element]:
    """Give what says when the log-in ends."""
    return [each for each in elements(page.root, "section") if "data-seconds" in each.attrib]


async def test_the_page_says_when_the_log_in_ends(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The time stands on the page for those without scripts, the seconds for the dialog."""
    frozen.advance(7 * MINUTE)
    page = await visit(alice, MYPAGE)
    assert f"{mypage_style(frozen.at + IDLE)}に自動的にログアウトします。" in page.text
    (idle,) = idles(page)
    assert idle.get("data-seconds") == str(IDLE)
    assert (idle.get("data-ask"), idle.get("data-stay")) == (ASK, STAY)
    assert page.action("終了") == "/useridmg/leave"


async def test_the_page_names_the_absolute_end_when_that_comes_first(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Eight hours after log-in, not thirty minutes after the last request."""
    begun = frozen.at
    for _ in range(16):
        frozen.advance(29 * MINUTE)
        page = await visit(alice, MYPAGE)
    assert f"{mypage_style(begun + 8 * HOUR)}に自動的にログアウトします。" in page.text


async def test_who_is_not_logged_in_reads_nothing_of_it(visitor: httpx.AsyncClient) -> None:
    """No time on pages without a log-in."""
    for address in ("/", "/useridmg/login", "/help/contact"):
        page = await visit(visitor, address)
        assert "自動的にログアウトします" not in page.text
        assert idles(page) == []
