"""GET and HEAD never change anything but last-seen times: every route, whoever asks."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.dump import dump
from tests.support.every_row import ROUTES_BY_NAME, Stage, staged
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


async def read_all(stage: Stage, who: str) -> None:
    """Open every address, whole and as a fragment, and look at its head."""
    for address in stage.addresses:
        for method, headers in (("GET", {}), ("GET", HTMX), ("HEAD", {})):
            answer = await stage.browsers[who].request(method, address, headers=headers)
            assert answer.status_code < 500, address


# Whose error pages were shown: written down by a task, not by the GET that shows one.
TASKS = "shown_errors"


async def test_reading_changes_nothing(stage: Stage) -> None:
    """The database is the same before and after every GET and HEAD of every address, by anybody."""
    full, before = dump(stage.product), dump(stage.product, TASKS)
    assert all(full.values()), [name for name in full if not full[name]]
    for who in stage.browsers:
        await read_all(stage, who)
        services = stage.product.services
        await services.seen.flush(services.database)
        assert dump(stage.product, TASKS) == before, who


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
