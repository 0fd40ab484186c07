"""A log-in that ends in mid-form loses nothing: back on the same step, with the input, once."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.dump import dump
from tests.support.guessing import LOGIN
from tests.support.journeys import (
    ASK_BULK,
    EDIT,
    GOOD,
    choose,
    commit,
    payment_link,
    propose,
)
from tests.support.page import Page
from tests.support.people import ALICE, CHARLIE
from tests.support.press import Press, Pressed, visit
from tests.support.product import Product
from web.clock import HOUR, MINUTE
from web.office.support import accounts as support
from web.office.support.accounts import Act

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TYPED = {"representative": "星野　海", "corporate_name": "まだだれにも言わない名前"}
PARKED = "入力した内容は保存してあります。同じ納付利用者IDでログインすると、続きから操作できます。"
DONE = "利用者情報変更 登録完了"
FORM, CONFIRM = "利用者情報変更 依頼の入力", "利用者情報変更 依頼の確認"
End = Callable[[Product, httpx.AsyncClient, FrozenClock], Awaitable[str]]


async def by_the_clock(_: Product, __: httpx.AsyncClient, frozen: FrozenClock) -> str:
    """Let thirty minutes pass; give the password that logs in afterwards."""
    frozen.advance(30 * MINUTE)
    return ALICE.payment_password


async def in_another_tab(_: Product, browser: httpx.AsyncClient, __: FrozenClock) -> str:
    """Press 終了 in another tab of the same browser."""
    await browser.post("/useridmg/leave")
    return ALICE.payment_password


async def by_a_reset(product: Product, _: httpx.AsyncClient, __: FrozenClock) -> str:
    """Reset the password with the mailed link in another browser, which ends all sessions."""
    async with product.browser() as elsewhere:
        form = await visit(elsewhere, await payment_link(product, elsewhere, ALICE))
        await choose(elsewhere, form, GOOD)
    return GOOD


ENDS = {"clock": by_the_clock, "other tab": in_another_tab, "reset": by_a_reset}


@pytest.fixture(params=ENDS)
def end(request: pytest.FixtureRequest) -> End:
    """End the session in one of the ways it can end."""
    return ENDS[request.param]


async def log_in_again(
    browser: httpx.AsyncClient, press: Press, password: str = ALICE.payment_password
) -> Page:
    """Log in on L1 and give the page that this leads to."""
    return (await press(browser, LOGIN, {"user_id": "KNCA6288", "password": password})).page


def sent_to_log_in(pressed: Pressed) -> bool:
    """Tell whether a press ended on L1, saying why, as each kind of press is told."""
    answer = pressed.answer
    told = answer.headers.get("Location") or answer.headers.get("HX-Redirect", "")
    right = 401 if "HX-Redirect" in answer.headers else 303
    notices = {f"{LOGIN}?notice={each}" for each in ("parked", "not-done")}
    return (answer.status_code, pressed.page.h1) == (
        right,
        "マイページログイン",
    ) and told in notices


def changes(product: Product) -> tuple[int, int, int]:
    """Count changes, receipts and mails about them."""
    return (
        len(product.rows("SELECT 1 FROM audit WHERE event = 'profile.changed'")),
        len(product.rows("SELECT 1 FROM receipts WHERE flow = 'profile'")),
        len(product.rows("SELECT 1 FROM outbox WHERE once_key LIKE 'profile:%'")),
    )


@pytest.mark.parametrize("minutes", [30, 8 * 60], ids=["idle", "eight hours"])
async def test_a_form_whose_session_ran_out_is_back_after_log_in(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock, minutes: int
) -> None:
    """U1, 次へ: log-in with the word, the same step with the input, finishing is one change."""
    form = await visit(alice, EDIT)
    frozen.advance(minutes * MINUTE)
    pressed = await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
    assert sent_to_log_in(pressed)
    assert PARKED in pressed.page.notice
    assert TYPED["corporate_name"] not in pressed.page.text
    page = await log_in_again(alice, press)
    assert (page.h1, page.address) == (FORM, form.address)
    assert {name: page.value(name) for name in TYPED} == TYPED
    confirm = (await press(alice, page.action("次へ"), page.fields(EDIT))).page
    assert confirm.rows()["会社・団体名"] == TYPED["corporate_name"]
    assert (await commit(alice, confirm, press)).page.h1 == DONE
    assert changes(product) == (1, 1, 1)


async def by_the_office(product: Product, _: httpx.AsyncClient, __: FrozenClock) -> str:
    """Shut the account."""
    await product.services.write(support.disable, Act("cli"), "KNCA6288")
    return ""


async def by_ending_all_others(product: Product, _: httpx.AsyncClient, __: FrozenClock) -> str:
    """End all others in another browser."""
    async with product.browser() as elsewhere:
        await log_in(elsewhere, ALICE)
        await elsewhere.post("/useridmg/sessions", data={"end": "others"})
    return ALICE.payment_password


ON_PURPOSE = {
    "other tab": in_another_tab,
    "reset": by_a_reset,
    "office": by_the_office,
    "others": by_ending_all_others,
}


@pytest.mark.parametrize("how", ON_PURPOSE.values(), ids=ON_PURPOSE)
async def test_what_was_ended_on_purpose_parks_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock, how: End
) -> None:
    """A thief who still has the cookie cannot push out the owner's input, nor plant his own."""
    form = await visit(alice, EDIT)
    await how(product, alice, frozen)
    before = product.rows("SELECT id FROM drafts")
    for _ in range(6):
        pressed = await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
        assert sent_to_log_in(pressed)
        assert PARKED not in pressed.page.notice
    assert product.rows("SELECT id FROM drafts") == before


async def test_a_confirmation_whose_session_ended_is_back_after_log_in(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock, end: End
) -> None:
    """U2, 確定: nothing is registered until the person is back on 確認 and presses again."""
    confirm = (await propose(alice, press, **TYPED)).page
    password = await end(product, alice, frozen)
    assert sent_to_log_in(await commit(alice, confirm, press))
    assert changes(product) == (0, 0, 0)
    page = await log_in_again(alice, press, password)
    assert (page.h1, page.address) == (CONFIRM, confirm.address)
    assert page.rows() == confirm.rows()
    for _ in range(2):
        assert (await commit(alice, page, press)).page.h1 == DONE
    assert changes(product) == (1, 1, 1)


async def test_another_account_in_between_sees_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Charlie logs in on the same browser, looks around and leaves; then Alice finds her input."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
    await log_in(alice, CHARLIE)
    for address in ("/useridmg/mypage", EDIT, form.address):
        assert TYPED["corporate_name"] not in (await visit(alice, address)).response.text
    await alice.post("/useridmg/leave")
    page = await log_in_again(alice, press)
    assert (page.h1, page.value("corporate_name")) == (FORM, TYPED["corporate_name"])


async def test_another_account_in_between_confirms_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """The same at 確認: Charlie neither sees nor registers Alice's draft; she still can."""
    confirm = (await propose(alice, press, **TYPED)).page
    frozen.advance(30 * MINUTE)
    await commit(alice, confirm, press)
    await log_in(alice, CHARLIE)
    for page in (await visit(alice, confirm.address), (await commit(alice, confirm, press)).page):
        assert page.h1 == FORM
        assert TYPED["corporate_name"] not in page.response.text
    assert changes(product) == (0, 0, 0)
    await alice.post("/useridmg/leave")
    page = await log_in_again(alice, press)
    assert page.h1 == CONFIRM
    await commit(alice, page, press)
    assert changes(product) == (1, 1, 1)


async def test_a_wrong_password_in_between_does_not_lose_the_way_back(
    alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """L1 with its error, then the right password, then the step."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
    assert (await log_in_again(alice, press, "not-the-password")).status == 422
    assert (await log_in_again(alice, press)).value("representative") == TYPED["representative"]


async def test_the_way_back_is_gone_once(
    alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """The log-in after the next one leads to My Page again."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, form.action("次へ"), form.fields(EDIT))
    assert (await log_in_again(alice, press)).h1 == FORM
    assert (await log_in_again(alice, press)).h1 == "マイページ"


async def test_what_was_wrong_is_parked_too(
    alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Back on the form, every value is there and the message is at its field."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    wrong = {**form.fields(EDIT), **TYPED, "admin_email": "k-oss@", "kind": ""}
    await press(alice, form.action("次へ"), wrong)
    page = await log_in_again(alice, press)
    assert page.status == 422
    assert page.value("admin_email") == "k-oss@"
    assert page.value("corporate_name") == TYPED["corporate_name"]
    assert page.error("admin_email")


async def test_a_confirmation_that_got_too_old_meanwhile_offers_its_values(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Back after two hours: the form with the input and the word why."""
    confirm = (await propose(alice, press, **TYPED)).page
    frozen.advance(2 * HOUR)
    assert sent_to_log_in(await commit(alice, confirm, press))
    page = await log_in_again(alice, press)
    assert page.h1 == FORM
    assert page.notice.startswith("入力から時間がたったため、そのままでは確定できません。")
    assert {name: page.value(name) for name in TYPED} == TYPED
    assert changes(product) == (0, 0, 0)


async def test_a_bulk_request_whose_session_ended_is_back_after_log_in(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """B1 has nothing typed, but the person is back on it; nothing was asked for meanwhile."""
    form = await visit(alice, ASK_BULK)
    frozen.advance(30 * MINUTE)
    before = dump(product)
    assert sent_to_log_in(await press(alice, ASK_BULK, form.fields(ASK_BULK)))
    assert dump(product) == before
    page = await log_in_again(alice, press)
    assert page.h1 == form.h1


async def test_another_account_that_is_parked_in_between_does_not_take_the_way_back(
    alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Charlie's own session ends in mid-form on the same browser; each finds their own input."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
    await log_in(alice, CHARLIE)
    other = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, other.action("次へ"), {**other.fields(EDIT), "representative": "茶理　花"})
    page = await log_in_again(alice, press)
    assert (page.h1, page.value("corporate_name")) == (FORM, TYPED["corporate_name"])


async def test_a_look_at_another_page_does_not_take_the_way_back(
    alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """A second tab, opened or reloaded before the log-in, does not make the parked form forgotten."""
    form = await visit(alice, EDIT)
    frozen.advance(30 * MINUTE)
    await press(alice, form.action("次へ"), {**form.fields(EDIT), **TYPED})
    await visit(alice, "/useridmg/mypage")
    page = await log_in_again(alice, press)
    assert (page.h1, page.value("corporate_name")) == (FORM, TYPED["corporate_name"])


async def test_an_address_longer_than_a_cookie_is_no_way_back(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Browsers would drop it without a word; no address of ours is so long."""
    frozen.advance(31 * MINUTE)
    answer = await alice.get(EDIT, params={"flow": 6_000 * "x"})
    assert answer.status_code == 303
    assert not any("return-" in each for each in answer.headers.get_list("Set-Cookie"))
