"""60 KB of marks in a form: refused at once, and cheap at every later look at the draft."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.http.test_parked_rows import drafts, opened, park
from tests.support.journeys import EDIT, propose
from tests.support.press import visit
from tests.support.product import Product
from web.clock import MINUTE
from web.fields.field import KEPT, LONGEST
from web.steps.profile_form import PROFILE

pytestmark = pytest.mark.anyio

MARKS = "\u0300\u0316" * 3_000
SAID = f"長すぎます。{LONGEST}文字以内で入力してください。"


async def test_a_draft_keeps_the_beginning_of_what_is_too_long(
    product: Product, alice: httpx.AsyncClient, normalised: list[int]
) -> None:
    """The field says so after 次へ and at every look; nothing longer is ever worked on."""
    page = (await propose(alice, corporate_name=MARKS)).page
    assert page.error("corporate_name").startswith(SAID)
    (row,) = drafts(product)
    assert len(opened(product, row)["corporate_name"]) == KEPT
    again = await visit(alice, page.address)
    assert again.error("corporate_name").startswith(SAID)
    assert max(normalised, default=0) <= LONGEST


async def test_a_parked_form_keeps_only_its_fields_cut_to_their_bounds(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Fields that the form does not have fill nobody's disk."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await park(alice, form, corporate_name=MARKS, another="x" * 9_000)
    (row,) = drafts(product)
    kept = opened(product, row)
    assert set(kept) <= set(PROFILE.names)
    assert max(map(len, kept.values())) == KEPT
