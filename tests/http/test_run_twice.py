"""Every test of the screens runs each transaction twice; this shows that it does."""

import pytest

from tests.support.product import Product
from web.services import Work

pytestmark = pytest.mark.anyio


async def test_a_transaction_is_taken_back_and_run_again(product: Product) -> None:
    """What the first run wrote is gone, what it did elsewhere shows."""
    seen = []

    async def flow(work: Work) -> None:
        row = await work.one("SELECT COUNT(*) AS number FROM audit WHERE event = 'logout.done'")
        assert row is not None
        seen.append(row["number"])
        await work.audit("logout.done")

    await product.services.write(flow)
    assert seen == [0, 0]
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'logout.done'")) == 1
