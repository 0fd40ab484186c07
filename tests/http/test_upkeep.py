"""The hourly upkeep: what is too old goes, and the log names the end of the audit trail."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.log_lines import Told
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.product import Product, running
from web import background
from web.clock import DAY
from web.security import audit_proof

pytestmark = pytest.mark.anyio

SEVEN_YEARS = 7 * 366 * DAY


async def test_audit_rows_go_after_seven_years_and_no_day_before(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The rest still fits, because the last removed row's mac is kept as the anchor."""
    frozen.advance(SEVEN_YEARS - 1)
    await background.upkeep(product.services)
    assert product.rows("SELECT 1 FROM audit WHERE event = 'login.done'")
    frozen.advance(2)
    await background.upkeep(product.services)
    assert [row["event"] for row in product.rows("SELECT event FROM audit")] == ["audit.trimmed"]
    async with product.services.database.read() as reads:
        assert (await audit_proof.verify(reads, product.services.vault)).number == 1


async def test_the_log_names_the_end_of_the_trail(
    product: Product, alice: httpx.AsyncClient, told: Told
) -> None:
    """Shipped elsewhere, it shows a trail that was cut together with its marks."""
    told.clear()
    await background.upkeep(product.services)
    async with product.services.database.read() as reads:
        proved = await audit_proof.verify(reads, product.services.vault)
    assert [line["end"] for line in told.of("audit.end")] == [proved.end]


async def test_the_log_names_the_end_at_every_start_and_stop(
    tmp_path: Path, post: PostOffice, frozen: FrozenClock, told: Told
) -> None:
    """So that no more than an hour of events is ever without a noted end, however short a run is."""
    async with running(tmp_path, post) as product:
        [start] = told.of("audit.end")
        async with product.browser() as browser:
            await log_in(browser, ALICE)
    _, stop = told.of("audit.end")
    assert int(start["end"].partition(":")[0]) + 1 == int(stop["end"].partition(":")[0])
