"""L1 マイページログイン."""

import httpx
import pytest

from tests.conftest import log_in
from tests.support.people import ALICE
from tests.support.product import Product

pytestmark = pytest.mark.anyio


async def test_alice_logs_in(product: Product) -> None:
    """The right password leads to My Page, which shows the two IDs."""
    async with product.browser() as browser:
        await log_in(browser, ALICE)
        page = await browser.get("/useridmg/mypage")
        assert page.status_code == httpx.codes.OK
        assert "KNCA6288" in page.text
