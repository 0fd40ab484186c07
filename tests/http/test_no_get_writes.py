"""GET and HEAD never change anything but last-seen times: every route, whoever asks."""

from collections.abc import AsyncIterator
from urllib.parse import urldefrag, urljoin

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.dump import dump
from tests.support.every_row import ROUTES_BY_NAME, Stage, staged
from tests.support.html import elements
from tests.support.page import Page
from tests.support.press import HTMX
from tests.support.product import Product
from web.clock import DAY, HOUR
from web.routes import ROUTES

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
async def stage(product: Product, visitor: httpx.AsyncClient) -> AsyncIterator[Stage]:
    """Fill the database and open every address that people have seen."""
    async with staged(product, visitor) as filled:
        yield filled


WAYS: tuple[tuple[str, dict[str, str]], ...] = (("GET", {}), ("GET", HTMX), ("HEAD", {}))


async def read_all(stage: Stage, who: str) -> dict[str, httpx.Response]:
    """Open every address, whole and as a fragment, and look at its head; give what came whole."""
    found = {}
    for address in stage.addresses:
        found[address], *_ = [await read(stage.browsers[who], address, *way) for way in WAYS]
    return found


def linked(answers: dict[str, httpx.Response]) -> set[str]:
    """Give what pages link to beside themselves: addresses that name a row of somebody."""
    pages = {
        address: Page(answer)
        for address, answer in answers.items()
        if answer.headers.get("Content-Type", "").startswith("text/html")
    }
    links = [
        urldefrag(urljoin(address, each.get("href", ""))).url
        for address, page in pages.items()
        for each in elements(page.root, "a")
    ]
    return {each for each in links if each[:1] == "/"} - answers.keys()


async def read(
    browser: httpx.AsyncClient, address: str, method: str, headers: dict[str, str]
) -> httpx.Response:
    """Open an address in one way."""
    answer = await browser.request(method, address, headers=headers)
    assert answer.status_code < 500, address
    return answer


# Whose error pages were shown: written down by a task, not by the GET that shows one.
TASKS = "shown_errors"


async def test_reading_changes_nothing(stage: Stage) -> None:
    """The database is the same before and after every GET and HEAD of every address, by anybody."""
    full, before = dump(stage.product), dump(stage.product, TASKS)
    assert all(full.values()), [name for name in full if not full[name]]
    followed = set[str]()
    for who, browser in stage.browsers.items():
        links = linked(await read_all(stage, who))
        for address in sorted(links):
            await read(browser, address, "GET", {})
        followed |= links
        services = stage.product.services
        await services.seen.flush(services.database)
        assert dump(stage.product, TASKS) == before, who
    for named in ("activity/disown?event=", "/office/forms/"):
        assert any(named in each for each in followed), named


async def test_reading_changes_nothing_when_things_have_ended(
    stage: Stage, frozen: FrozenClock
) -> None:
    """Dead sessions, old drafts and expired links are told of, not tidied, by a GET."""
    before = dump(stage.product, TASKS)
    for later in (HOUR, 3 * HOUR, 2 * DAY):
        frozen.advance(later)
        await read_all(stage, "Alice")
        assert dump(stage.product, TASKS) == before, later


def test_every_route_that_can_be_read_is_read() -> None:
    """The sweep takes its addresses from the route table itself."""
    assert len(ROUTES_BY_NAME) == len(ROUTES)
    readable = [each for each in ROUTES_BY_NAME.values() if "GET" in (each.methods or ())]
    assert len(readable) > 20
