"""Another bank is a 中止 and a 新規 together: however they were picked, the office approves both."""

import httpx
import pytest

from tests.support.office import BANK, hand_in, id_of, picked
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import natively
from tests.support.product import Product
from web.direct_debit import acts
from web.direct_debit.acts import Wish
from web.fields.check_digit import grouped
from web.security import tokens
from web.store import direct_debit_forms
from web.store.direct_debit_forms import Action, Kind, Mandate

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def at_bank(product: Product, form: Mandate) -> Mandate:
    """Bring a form to 金融機関審査中, as the office does."""
    services = product.services
    for version, act in ((1, acts.receive), (2, acts.send)):
        await services.write(act, form.id, version)
    async with services.database.read() as reads:
        found = await direct_debit_forms.find(reads, form.id)
    assert found
    return found


async def pair(product: Product) -> tuple[Mandate, Mandate]:
    """Give the 中止 and the 新規 of somebody who changes the bank, both at the bank."""
    services, account_id = product.services, await id_of(product, ALICE)
    first = await at_bank(product, await hand_in(product, ALICE))
    await services.write(acts.approve, first.id, 3)
    wishes = [Wish(Kind.NATIONAL, action, BANK) for action in (Action.STOP, Action.NEW)]
    stop, new = await services.write(acts.make, account_id, wishes, tokens.new_id())
    return await at_bank(product, stop), await at_bank(product, new)


@pytest.mark.parametrize("stop_first", [True, False])
async def test_a_pair_is_approved_in_one_press(
    product: Product, clerk: httpx.AsyncClient, *, stop_first: bool
) -> None:
    """The new account lives, the old one has ended, in whichever order they were ticked."""
    stop, new = await pair(product)
    forms = (stop, new) if stop_first else (new, stop)
    ticks = [("form", f"{form.id}.{form.version}") for form in forms]
    page = Page(await clerk.get("/office/forms/move", params=[*ticks, ("act", "approve")]))
    page = (await natively(clerk, page.action("確定"), {})).page
    assert (page.status, page.h1) == (200, "届出書")
    live = product.rows("SELECT id FROM direct_debit_accounts WHERE ended_at IS NULL")
    assert [row["id"] for row in live] == [new.id]


async def test_a_stop_alone_waits_for_the_new_account(
    product: Product, clerk: httpx.AsyncClient
) -> None:
    """The page says what to approve first, not that a colleague was quicker; nothing changes."""
    stop, new = await pair(product)
    await product.settle()
    before = product.content()
    page = Page(await clerk.post(picked(stop, "approve")))
    assert (page.status, page.h1) == (409, "新しい口座の届出書を先に承認してください")
    assert f"整理番号{grouped(stop.number)}" in page.text
    assert product.content() == before
    assert (await clerk.post(picked(new, "approve"))).status_code == 303
    assert (await clerk.post(picked(stop, "approve"))).status_code == 303
