"""What the tests of the screens share: both ways to press a button, and more people."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import log_in
from tests.support.people import BOB, CHARLIE
from tests.support.press import WAYS, Press
from tests.support.product import Product


@pytest.fixture(params=WAYS)
def press(request: pytest.FixtureRequest) -> Press:
    """Press a button, once without scripts and once by htmx."""
    return WAYS[request.param]


@pytest.fixture
async def visitor(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which nobody is logged in."""
    async with product.browser() as browser:
        yield browser


@pytest.fixture
async def bob(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Bob, a person, is logged in."""
    async with product.browser() as browser:
        await log_in(browser, BOB)
        yield browser


@pytest.fixture
async def charlie(product: Product) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Charlie, a stranger to Alice, is logged in."""
    async with product.browser() as browser:
        await log_in(browser, CHARLIE)
        yield browser
