"""What one connection reads for everybody is short: whoever asks for much waits for a reader of his own."""

from contextvars import ContextVar
from typing import Any

import httpx
import pytest

from tests.http.test_no_get_writes import read_all
from tests.support.every_row import BOB_AFTERWARDS, staged
from tests.support.product import Product
from web.database import Database, Row, Tx

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MOST = 3  # statements; the next one in the line waits for all of them


async def test_nothing_that_is_opened_keeps_the_connection_of_single_reads(
    product: Product, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every address, and 自分の登録データ: twenty-three tables read there made everybody else wait for seconds."""
    statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)
    longest: list[str] = []
    single, read = type(product.services.database).read_one, Tx.all

    async def read_one(self: Database, *args: Any, **kwargs: Any) -> Any:
        nonlocal longest
        before = statements.set([])
        try:
            return await single(self, *args, **kwargs)
        finally:
            longest = max(longest, statements.get() or [], key=len)
            statements.reset(before)

    async def noted(self: Tx, sql: str, /, **values: Any) -> list[Row]:
        found = statements.get()
        if found is not None:
            found.append(sql)
        return await read(self, sql, **values)

    async with staged(product, visitor) as stage:
        monkeypatch.setattr(type(product.services.database), "read_one", read_one)
        monkeypatch.setattr(Tx, "all", noted)
        for who in stage.browsers:
            await read_all(stage, who)
        bob, typed = stage.browsers["Bob"], {"current_password": BOB_AFTERWARDS.payment_password}
        page = await bob.post("/useridmg/activity/data", data={**typed, "as": "page"})
        assert (await bob.get(page.headers["Location"])).status_code == 200
        file = await bob.post("/useridmg/activity/data", data=typed)
        assert file.headers["Content-Type"] == "application/json"
    assert longest
    assert len(longest) <= MOST, longest
