"""What an owner does against a thief ends the proposal of a new address that the thief has talked the office into."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_devices_forgotten import SESSIONS, SHUT_OUT, Shut
from tests.http.test_office_address import OLD, address, path_of, propose
from tests.support.journeys import change_profile
from tests.support.office import look
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def by_the_profile(_: Product, alice: httpx.AsyncClient) -> None:
    """Change it."""
    await change_profile(alice, representative="星野　海")


async def by_ending_one(product: Product, alice: httpx.AsyncClient) -> None:
    """End one log-in."""
    async with product.browser() as thief:
        await log_in(thief, ALICE)
    [newest] = product.rows("SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1")
    await alice.post(SESSIONS, data={"end": newest["id"]})


ACTS = {
    "profile": by_the_profile,
    "one": by_ending_one,
    **{act: SHUT_OUT[act] for act in ("change", "disown", "others")},
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_whatever_the_owner_does_against_a_thief_voids_the_proposal(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    frozen: FrozenClock,
    act: Shut,
) -> None:
    """Nobody approves it afterwards, and who tries is told why."""
    path = await path_of(product)
    await propose(clerk, path)
    change = (await look(admin, path)).value("change")
    frozen.advance(1)
    await act(product, alice)
    answer = await admin.post(path, data={"act": "approve", "change": change})
    assert answer.status_code == 409
    assert address(product) == OLD
    assert "利用者が登録内容やパスワードを変更したか" in Page(answer).text
