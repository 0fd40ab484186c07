"""What ends a mailed パスワード初期化用URL before its 24 hours are over."""

import httpx
import pytest

from tests.support.journeys import (
    CHANGE,
    GOOD,
    bulk_link,
    choose,
    commit,
    payment_link,
    propose,
    twice,
)
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SPENT = "このURLは使用できません"


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_a_newer_link_ends_the_older(
    product: Product, alice: httpx.AsyncClient, press: Press, kind: str
) -> None:
    """One live URL per credential: the older's address and open form are 410, the newer works."""

    async def new_link() -> str:
        """Ask once more."""
        if kind == "payment":
            return await payment_link(product, alice, ALICE)
        return await bulk_link(product, alice)

    older = await new_link()
    form = await visit(alice, older)
    newer = await new_link()
    assert (await visit(alice, older)).h1 == SPENT
    assert (await choose(alice, form, GOOD, press)).page.status == 410
    done = (await choose(alice, await visit(alice, newer), GOOD, press)).page
    assert done.h1.endswith("登録完了")


async def test_a_password_change_ends_the_live_link(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Its address and its open form: whoever holds the old mail sets nothing."""
    link = await payment_link(product, visitor, ALICE)
    form = await visit(visitor, link)
    page = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password}
    await press(visitor, CHANGE, {**page.fields(CHANGE), **typed, **twice("kani-to-saru-no-kaki")})
    assert (await visitor.get(link)).status_code == 410
    assert (await choose(visitor, form, GOOD, press)).page.status == 410
    assert not await product.holds(ALICE, "payment", GOOD)


async def test_a_new_admin_address_ends_both_live_links(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The mailbox that got them is no longer Alice's; other changes of the profile end none."""
    links = (await payment_link(product, alice, ALICE), await bulk_link(product, alice))
    await commit(alice, (await propose(alice, press, representative="星野　海")).page, press)
    assert [(await alice.get(link)).status_code for link in links] == [303, 303]
    new = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
    await commit(alice, (await propose(alice, press, **new)).page, press)
    assert [(await alice.get(link)).status_code for link in links] == [410, 410]


async def test_a_disabled_account_has_no_live_link(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Shut after the mail went out: no new password."""
    form = await visit(visitor, await payment_link(product, visitor, ALICE))
    await product.disable(ALICE)
    assert (await visitor.get(form.address)).status_code == 410
    assert (await choose(visitor, form, GOOD, press)).page.status == 410
    assert not await product.holds(ALICE, "payment", GOOD)
