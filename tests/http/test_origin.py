"""DNS rebinding: no page for a foreign host; and a POST that was refused has done nothing."""

import httpx
import pytest

from tests.http.test_routes import TABLE
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_a_refused_post_has_done_nothing(product: Product, alice: httpx.AsyncClient) -> None:
    """A cross-site 終了 is a page (linted here) and does not log Alice out."""
    answer = await alice.post("/useridmg/leave", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert (await alice.get("/useridmg/mypage")).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:8001",
        "127.0.0.1:8000.evil.example",
        "evil.example:8000",
        "",
        "127.0.0.1:8000, evil.example",
    ],
)
async def test_a_foreign_host_is_a_400_on_every_route(
    visitor: httpx.AsyncClient, host: str
) -> None:
    """A name rebound to our address reads no page; what machines ask is exempt."""
    for name, row in TABLE.items():
        method = "GET" if row.get is not None else "POST"
        answer = await visitor.request(method, row.path, headers={"Host": host})
        expected = 200 if name.startswith("health/") else 400
        assert answer.status_code == expected, name


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "LocalHost:8000", "[::1]:8000"]
)
async def test_loopback_names_are_one_host(visitor: httpx.AsyncClient, host: str) -> None:
    """On a loopback base every loopback name will do."""
    assert (await visitor.get("/", headers={"Host": host})).status_code == 200


async def test_a_forwarded_host_changes_nothing(visitor: httpx.AsyncClient) -> None:
    """X-Forwarded-Host and -Proto are ignored: no address on the page comes from them."""
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    answer = await visitor.get("/", headers=forged)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert "Strict-Transport-Security" not in answer.headers
