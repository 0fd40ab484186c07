"""Guessing passwords: through the screens, and by the store where a hundred tries are needed."""

import httpx

from tests.support import lint
from tests.support.people import ALICE
from tests.support.press import HTMX
from tests.support.product import SAME_ORIGIN, Product
from web.database import Tx
from web.security import throttle
from web.security.throttle import SCOPES, WRONG, Attempt
from web.store import credentials

LOGIN = "/useridmg/login"
SHUTTING = {*SCOPES} - {WRONG}
HOME = "127.0.0.1"


async def guess(
    browser: httpx.AsyncClient, user_id: str = "KNCA6288", password: str = "not-the-password"
) -> httpx.Response:
    """Try a password on L1, wrong unless told otherwise."""
    return await browser.post(LOGIN, data={"user_id": user_id, "password": password}, headers=HTMX)


async def let_in(browser: httpx.AsyncClient) -> bool:
    """Tell whether Alice's right password is let in; a log-in leaves for My Page."""
    return (await guess(browser, password=ALICE.payment_password)).status_code == 204


async def fail(
    product: Product, times: int, *, user_id: str = "", address: str = HOME, token: str = ""
) -> None:
    """Count failures as the product counts them, without the hashing; each ID new unless given."""
    await product.services.database.write(_fail, product, times, user_id, address, token)


async def _fail(
    tx: Tx, product: Product, times: int, user_id: str, address: str, token: str
) -> None:
    for number in range(times):
        named = user_id or f"KNCA{number:06d}"
        attempt = Attempt(product.services.vault, named, address, token or "a stranger's")
        found = await credentials.find_by_payment_id(tx, named)
        standing = await throttle.standing(tx, attempt, found.owner_id if found else "")
        await throttle.failed(tx, attempt, standing)


def counted(product: Product) -> dict[str, int]:
    """Give the sum of every kind of counter that shuts somebody out."""
    found = product.rows("SELECT scope, SUM(number) AS number FROM failures GROUP BY scope")
    return {row["scope"]: row["number"] for row in found if row["scope"] in SHUTTING}


def browser_at(product: Product, address: str, **headers: str) -> httpx.AsyncClient:
    """Open a browser at another address; it lints every answer like the others."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(product.app, client=(address, 50000)),
        base_url=product.settings.base_url,
        headers={**SAME_ORIGIN, **headers},
        event_hooks={"response": [lint.hook]},
    )
