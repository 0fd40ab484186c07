"""More people than the machine can hold: who comes too late is told and loses nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.e2e.waiting import PATIENCE
from tests.support.gate import Gate
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import HTMX
from tests.support.product import Product, running
from web import metrics
from web.database import Tx

pytestmark = pytest.mark.anyio

LOGIN = "/useridmg/login"
RIGHT = {"user_id": "KNCA6288", "password": ALICE.payment_password}


@pytest.fixture
async def small(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> AsyncIterator[Product]:
    """Run a product that answers two requests at once."""
    async with running(tmp_path, post, MYPAGE_REQUESTS_AT_ONCE="2") as product:
        yield product


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
async def test_who_comes_when_it_is_full_is_told_and_loses_nothing(
    small: Product, headers: dict[str, str]
) -> None:
    """A 503 page with what was typed, passwords aside; the next moment it works."""
    next_step = Gate()

    async def slow(_: Tx) -> None:
        await next_step.passed()

    writing = asyncio.create_task(small.services.database.write(slow))
    asyncio.get_running_loop().call_later(PATIENCE, next_step.open)  # if the test fails before
    async with small.browser() as first, small.browser() as other:
        two = [asyncio.create_task(first.post(LOGIN, data=RIGHT)) for _ in range(2)]
        refused = await until_refused(other, headers)
        page = Page(refused)
        assert page.h1 == "ただいま混み合っています"
        assert refused.headers["Retry-After"] == "3"
        assert page.fields(LOGIN)["user_id"] == "KNCA6288"
        assert ALICE.payment_password not in page.text
        assert (await other.get("/healthz")).status_code == 200
        next_step.open()
        await writing
        assert [each.status_code for each in await asyncio.gather(*two)] == [303, 303]
        assert (await other.post(LOGIN, data=RIGHT)).status_code == 303


async def until_refused(browser: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    """Let the first two come in, then come oneself."""
    async with asyncio.timeout(PATIENCE):
        while (metrics.REGISTRY.get_sample_value("mypage_in_flight") or 0) < 2:  # noqa: ASYNC110 they come in by themselves
            await asyncio.sleep(0)
    return await browser.post(LOGIN, data=RIGHT, headers=headers)
