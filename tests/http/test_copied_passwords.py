"""A new password that was copied: a blank at its end, something unseen inside; said while it is set."""

from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.issuing import CHOSEN, PASSWORDS, fill_in, mailed
from tests.support.journeys import CHANGE, payment_link
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from tests.unit.parts import settings
from web.fields.field import Refused
from web.security import new_password

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

GOOD = "fuyu-no-kitakaze-88"
ENDS = "先頭か末尾に空白があります。空白を除いて入力してください。"
UNSEEN = (
    "改行やタブなど、目に見えない文字はパスワードに使えません。"
    "コピーして貼り付けたときは、直接入力してください。"
)
BLANKS = [f"{GOOD} ", f" {GOOD}", f"　{GOOD}", f"{GOOD}　", f"{GOOD}\u00a0", f"\u2003{GOOD} "]
COPIED = [
    *(GOOD + behind for behind in ("\n", "\t", "\r\n", "\u00ad", "\u2060", "\u3164", "\ufe0f", "\u2800")),
    "fuyu-no\u200b-kitakaze-88",
    f"\ufeff{GOOD}",
    f"\u202a{GOOD}\u202c",
]  # fmt: skip
SAID = [*((typed, ENDS) for typed in BLANKS), *((typed, UNSEEN) for typed in COPIED)]


@pytest.mark.parametrize(("typed", "words"), SAID)
async def test_a_change_says_what_was_copied_along(
    product: Product, visitor: httpx.AsyncClient, press: Press, typed: str, words: str
) -> None:
    """C1: at the field, and nothing is set; the live check says it as well."""
    given = {
        "user_id": ALICE.account.payment_user_id,
        "current_password": ALICE.payment_password,
        "new_password": typed,
        "new_password_again": typed,
    }
    page = (await press(visitor, CHANGE, given)).page
    assert (page.status, page.error("new_password")) == (422, words)
    live = await visitor.post("/useridmg/password/check", data={"new_password": typed})
    assert words in live.text
    assert await product.holds(ALICE, "payment", ALICE.payment_password)


async def test_every_other_door_says_it(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """パスワード初期化 and 利用者ID発行."""
    form = await visit(visitor, await payment_link(product, visitor, ALICE))
    action = form.action("パスワード初期化")
    typed = {**form.fields(action), "new_password": f"{GOOD} ", "new_password_again": f"{GOOD} "}
    assert (await press(visitor, action, typed)).page.error("new_password") == ENDS
    page: Page = (await fill_in(visitor, await mailed(product, visitor))).page
    typed = {**page.fields(PASSWORDS), **CHOSEN}
    typed |= dict.fromkeys(("bulk_password", "bulk_password_again"), f" {GOOD}")
    page = (await press(visitor, page.action("次へ"), typed)).page
    assert page.error("bulk_password") == ENDS


FIELD = new_password.field("new", "新しいパスワード", settings(Path("/nowhere")))


@given(
    st.text(
        st.characters(categories=["L", "N", "P", "Zs"]) | st.sampled_from(" 　\t\n\u200b\u2800"),
        max_size=30,
    )
)
def test_what_is_set_can_be_typed_again(typed: str) -> None:
    """Nothing at the ends, nothing unseen; blanks between words stay allowed."""
    try:
        value = FIELD.convert(typed)
    except Refused:
        return
    assert value == typed
    assert value == value.strip()
    assert not set(value) & set("\t\n\u200b\u2800\ufeff")


@pytest.mark.parametrize("typed", ["fuyu no kitakaze 88", "ふゆの　きたかぜ はやい88", GOOD])
def test_blanks_between_words_are_good(typed: str) -> None:
    """A sentence is a fine password."""
    assert FIELD.convert(typed) == typed
