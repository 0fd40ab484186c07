"""/healthz and /readyz: what a load balancer and a watchdog ask."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.http.test_errors import raising_at_once
from tests.support.engines import nothing_is_read
from tests.support.product import Product
from web.database import DatabaseUnavailable
from web.mail.courier import Courier

pytestmark = pytest.mark.anyio

WAITING = """
    INSERT INTO outbox (id, once_key, message_id, recipient, address, sealed, created_at, next_try_at)
    VALUES ('a', 'a', '<a@b>', 'a@example.jp', :bytes, :bytes, :created_at, :next_try_at)
"""


async def nothing(_: Courier) -> int:
    """Deliver nothing, as if the courier hung."""
    return 0


async def test_a_mail_overdue_makes_us_not_ready(
    product: Product,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a quarter of an hour, not before; the process still lives."""
    monkeypatch.setattr(Courier, "deliver_due", nothing)
    await product.meddle(WAITING, bytes=b"\0", created_at=frozen.at, next_try_at=frozen.at)
    frozen.advance(900)
    assert (await visitor.get("/readyz")).status_code == 200
    frozen.advance(1)
    assert (await visitor.get("/readyz")).status_code == 503
    assert (await visitor.get("/healthz")).status_code == 200


async def test_a_mail_that_was_refused_does_not(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """One full mailbox must not take the service off the air for two days."""
    await product.meddle(
        WAITING, bytes=b"\0", created_at=frozen.at - 9000, next_try_at=frozen.at + 3600
    )
    assert (await visitor.get("/readyz")).status_code == 200


async def test_a_database_that_does_not_answer_makes_us_not_ready(
    visitor: httpx.AsyncClient,
) -> None:
    """Nor is the process restarted for it: it would not help."""
    with pytest.MonkeyPatch.context() as patch:
        nothing_is_read(patch, raising_at_once(DatabaseUnavailable("boom")))
        assert (await visitor.get("/readyz")).status_code == 503
        assert (await visitor.get("/healthz")).status_code == 200
