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


async def read_all(stage: Stage, who: str) -> list[str]:
    """Open every address, and what its page links to, whole and as a fragment, and look at its head.

    Give what was opened by a link alone: addresses that name a row of somebody.
    """
    waiting, linked = [*stage.addresses], list[str]()
    for address in waiting:
        whole, *_ = [await read(stage.browsers[who], address, *way) for way in WAYS]
        if address in linked or not whole.headers.get("Content-Type", "").startswith("text/html"):
            continue
        found = [each.get("href", "") for each in elements(Page(whole).root, "a")]
        links = [urldefrag(urljoin(address, each)).url for each in found]
        new = [each for each in dict.fromkeys(links) if each[:1] == "/" and each not in waiting]
        linked += new
        waiting += new
    return linked


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
    linked: list[str] = []
    for who in stage.browsers:
        linked += await read_all(stage, who)
        services = stage.product.services
        await services.seen.flush(services.database)
        assert dump(stage.product, TASKS) == before, who
    for named in ("activity/disown?event=", "/office/forms/"):
        assert any(named in each for each in linked), named


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
