"""What an owner does against a thief ends the proposal of a new address that the thief has talked the office into."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_activity import ACTIVITY, disowning
from tests.http.test_disown import disown
from tests.http.test_office_address import OLD, address, path_of, propose
from tests.support.journeys import BETTER, CHANGE, change_profile, twice
from tests.support.office import look
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SESSIONS = "/useridmg/sessions"
Act = Callable[[Product, httpx.AsyncClient], Awaitable[object]]


async def the_profile_is_changed(_: Product, alice: httpx.AsyncClient) -> None:
    """U3."""
    await change_profile(alice, representative="星野　海")


async def the_password_is_changed(_: Product, alice: httpx.AsyncClient) -> None:
    """C2."""
    page = await visit(alice, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(BETTER)}
    answer = await alice.post(CHANGE, data={**page.fields(CHANGE), **typed})
    assert "/changed" in answer.headers["Location"]


async def an_event_is_disowned(_: Product, alice: httpx.AsyncClient) -> None:
    """心当たりがない."""
    link = disowning(await visit(alice, ACTIVITY))[0].get("href", "")
    await disown(alice, await visit(alice, link))


async def another_log_in_is_ended(product: Product, alice: httpx.AsyncClient) -> None:
    """Of one device."""
    async with product.browser() as thief:
        await log_in(thief, ALICE)
    newest = product.rows("SELECT id FROM sessions ORDER BY rowid DESC LIMIT 1")[0]["id"]
    await alice.post(SESSIONS, data={"end": newest})


async def all_others_are_ended(product: Product, alice: httpx.AsyncClient) -> None:
    """Of every device but this."""
    await alice.post(SESSIONS, data={"end": "others"})


ACTS: tuple[Act, ...] = (
    the_profile_is_changed,
    the_password_is_changed,
    an_event_is_disowned,
    another_log_in_is_ended,
    all_others_are_ended,
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
async def test_whatever_the_owner_does_against_a_thief_voids_the_proposal(
    product: Product,
    clerk: httpx.AsyncClient,
    admin: httpx.AsyncClient,
    alice: httpx.AsyncClient,
    frozen: FrozenClock,
    act: Act,
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
