"""What a mailbox and a password alone do not open: change, reset, address, bank account, own data."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import codes, debits
from tests.support.codes import code, enter, press_log_in
from tests.support.journeys import GOOD, bulk_link, choose, payment_link, propose, twice
from tests.support.office import at_work, hire, id_of, look
from tests.support.office import enter as enter_office
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Press, natively, visit
from tests.support.product import Product
from web.clock import DAY, MINUTE
from web.demo.personas import ADMIN
from web.steps.second_form import USED, WRONG

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CHANGE, CHANGE_SECOND = "/useridmg/password/change", "/useridmg/password/second"
NEW = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
BEFORE = "パスワードを登録する前に、ご本人であることを確認します。"


@pytest.fixture
async def alice_id(product: Product) -> str:
    """Give Alice an app and two 予備コード; give the id of her account."""
    found = await id_of(product, ALICE)
    await codes.give_app(product, found)
    await codes.give_paper(product, found)
    return found


@pytest.fixture
async def alice(
    product: Product, alice_id: str, frozen: FrozenClock
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser in which Alice is logged in by a code, a minute ago."""
    assert alice_id
    async with product.browser() as browser:
        assert (await enter(browser, ALICE, frozen.at)).h1 == "マイページ"
        frozen.advance(MINUTE)
        yield browser


async def press_change(browser: httpx.AsyncClient, press: Press = natively) -> Page:
    """Type the current password and a new one at パスワード変更."""
    form = await visit(browser, CHANGE)
    typed = {
        "user_id": "KNCA6288",
        "current_password": ALICE.payment_password,
        **twice(GOOD),
    }
    return (await press(browser, CHANGE, {**form.fields(CHANGE), **typed})).page


async def test_a_change_asks_the_second_factor_before_anything_changes(
    product: Product,
    alice_id: str,
    visitor: httpx.AsyncClient,
    press: Press,
    frozen: FrozenClock,
) -> None:
    """A password alone changes no password; with the code it is changed, once."""
    assert alice_id
    page = await press_change(visitor, press)
    assert page.h1 == "ログインの確認"
    assert BEFORE in page.text
    assert await product.holds(ALICE, "payment", ALICE.payment_password)
    page = (await press(visitor, CHANGE_SECOND, {"code": code(frozen.at + DAY)})).page
    assert page.error("code") == WRONG
    assert await product.holds(ALICE, "payment", ALICE.payment_password)
    page = (await press(visitor, CHANGE_SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "パスワード変更結果通知"
    assert await product.holds(ALICE, "payment", GOOD)
    again = (await press(visitor, CHANGE_SECOND, {"code": code(frozen.at)})).page
    assert again.h1 == "パスワード変更結果通知"
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'password.changed'")) == 1
    assert (await press_log_in(visitor, ALICE)).h1 == "マイページログイン"


async def test_the_step_of_a_log_in_changes_no_password(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A step is good for the purpose it was made for."""
    assert alice_id
    await press_log_in(visitor, ALICE)
    visitor.cookies.set("second-password_change", visitor.cookies["second-login"])
    page = (await natively(visitor, CHANGE_SECOND, {"code": code(frozen.at)})).page
    assert page.h1 == "パスワード変更"


async def test_a_mailbox_alone_sets_no_password(
    product: Product,
    alice_id: str,
    visitor: httpx.AsyncClient,
    press: Press,
    frozen: FrozenClock,
) -> None:
    """The mailed URL asks the second factor before the form; a reset logs nobody in."""
    assert alice_id
    link = await payment_link(product, visitor, ALICE)
    page = await visit(visitor, link)
    assert page.h1 == "ログインの確認"
    assert BEFORE in page.text
    here = page.action("確認")
    form = here.replace("/second", "/password")
    answer = (await natively(visitor, form, twice(GOOD))).page
    assert answer.h1 == "ログインの確認"
    judged = await visitor.post(
        form.replace("/password?", "/password/check?"),
        data={"new_password": ALICE.payment_password},
    )
    assert "使えません" not in judged.text  # or the live check would tell the password
    assert await product.holds(ALICE, "payment", ALICE.payment_password)
    page = (await press(visitor, here, {"code": code(frozen.at + DAY)})).page
    assert page.error("code") == WRONG
    page = (await press(visitor, here, {"code": code(frozen.at)})).page
    assert page.h1 == "納付利用者パスワード初期化 希望パスワードの入力"
    assert (await choose(visitor, page, GOOD, press)).page.h1.endswith("登録完了")
    assert await product.holds(ALICE, "payment", GOOD)
    assert "session" not in visitor.cookies
    assert product.rows("SELECT 1 FROM sessions") == []
    assert (await visit(visitor, "/useridmg/mypage")).h1 == "マイページログイン"


@pytest.mark.parametrize("kind", ["payment", "bulk"])
async def test_the_second_factor_of_a_mailed_url_is_asked_while_it_lives(
    product: Product, alice_id: str, alice: httpx.AsyncClient, frozen: FrozenClock, kind: str
) -> None:
    """Of the browser that opened it; without a factor the form comes at once; used up, the URL says so."""
    link = await (
        payment_link(product, alice, ALICE) if kind == "payment" else bulk_link(product, alice)
    )
    page = await visit(alice, link)
    begins = {"payment": "/useridmg/pwdInitPay/request", "bulk": "/useridmg/pwdInitBulk/request"}
    assert (page.status, page.link("はじめからやり直す")) == (200, begins[kind])
    async with product.browser() as other:
        assert (await visit(other, page.address)).status == 403
    answer = await alice.post(page.action("確認"), data={"code": code(frozen.at)})
    (cookie,) = answer.headers.get_list("Set-Cookie")
    assert "Max-Age=600;" in f"{cookie};"
    form = await visit(alice, answer.headers["Location"])
    await product.meddle("DELETE FROM code_apps WHERE owner_id = :id", id=alice_id)
    assert (await visit(alice, page.address)).address == form.address
    await choose(alice, form, GOOD)
    assert (await visit(alice, page.address)).status == 410


async def test_a_mailed_url_that_is_over_asks_no_second_factor(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """On the page that lay open, too."""
    assert alice_id
    page = await visit(visitor, await payment_link(product, visitor, ALICE))
    assert page.h1 == "ログインの確認"
    frozen.advance(DAY)
    assert (await visitor.get(page.address)).status_code == 410
    answer = await visitor.post(page.address, data={"code": code(frozen.at)})
    assert answer.status_code == 410


async def test_a_proof_for_one_mailed_url_is_none_for_the_next(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """And it is over with its ten minutes."""
    assert alice_id
    page = await visit(visitor, await payment_link(product, visitor, ALICE))
    await natively(visitor, page.action("確認"), {"code": code(frozen.at)})
    frozen.advance(10 * MINUTE)
    form = page.action("確認").replace("/second", "/password")
    assert (await visit(visitor, form)).h1 == "ログインの確認"
    assert (
        await visit(visitor, await payment_link(product, visitor, ALICE))
    ).h1 == "ログインの確認"


async def test_a_reset_removes_no_factor(
    product: Product, alice_id: str, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """After it the log-in asks the code as before."""
    assert alice_id
    page = await visit(visitor, await payment_link(product, visitor, ALICE))
    page = (
        await natively(
            visitor, f"{page.action('確認')}&codes=1", {"recovery_code": "01ABCDEFGHJKMN"}
        )
    ).page
    await choose(visitor, page, GOOD)
    given = {"user_id": "KNCA6288", "password": GOOD}
    assert (await natively(visitor, "/useridmg/login", given)).page.h1 == "ログインの確認"
    assert frozen.at


async def test_a_new_address_needs_a_code_and_no_password_will_do(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Whoever takes over the address takes over the account."""
    confirm = (await propose(alice, press, **NEW)).page
    here = confirm.action("確定")
    for typed, message in (
        ({}, "確認コードを入力してください。"),
        ({"current_password": ALICE.payment_password}, "確認コードを入力してください。"),
        ({"code": code(frozen.at + DAY)}, WRONG),
        ({"code": code(frozen.at - MINUTE)}, WRONG),
        ({"recovery_code": "01ABCDEFGHJKMN"}, "確認コードを入力してください。"),
    ):
        page = (await press(alice, here, typed)).page
        assert (page.status, page.error("code")) == (422, message)
        assert page.value("code") == ""
    done = (await press(alice, here, {"code": code(frozen.at)})).page
    assert done.h1 == "利用者情報変更 登録完了"
    again = (await press(alice, here, {"code": code(frozen.at)})).page
    assert again.h1 == "利用者情報変更 登録完了"


async def test_forty_presses_of_one_code_change_an_address_once(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Every press leads to the same receipt: none reads 使用済み."""
    here = (await propose(alice, **NEW)).page.action("確定")
    given = {"code": code(frozen.at)}
    answers = await asyncio.gather(*(alice.post(here, data=given) for _ in range(40)))
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(product.rows("SELECT 1 FROM receipts WHERE flow = 'profile'")) == 1


async def test_each_act_asks_anew(alice: httpx.AsyncClient, frozen: FrozenClock) -> None:
    """A code that has changed the address saves no data."""
    here = (await propose(alice, **NEW)).page.action("確定")
    assert (await natively(alice, here, {"code": code(frozen.at)})).page.h1.endswith("登録完了")
    page = (await natively(alice, "/useridmg/activity/data", {"code": code(frozen.at)})).page
    assert page.error("code") == USED


async def test_a_bank_account_needs_a_code(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """No 届出書 without it; the right one makes one."""
    confirm = (await debits.propose(alice, press)).page
    page = (await press(alice, confirm.action("確定"), {})).page
    assert (page.status, page.error("code")) == (422, "確認コードを入力してください。")
    assert debits.forms(product) == []
    page = (await press(alice, confirm.action("確定"), {"code": code(frozen.at)})).page
    assert len(debits.forms(product)) == 1
    assert "届出書" in page.text


async def test_own_data_needs_a_code(alice: httpx.AsyncClient, frozen: FrozenClock) -> None:
    """And tells of the app: its name, never its secret."""
    data = "/useridmg/activity/data"
    page = (await natively(alice, data, {"current_password": ALICE.payment_password})).page
    assert page.error("code") == "確認コードを入力してください。"
    content = (await alice.post(data, data={"code": code(frozen.at)})).json()
    assert content["認証アプリ"][0]["名前"] == "花子のスマートフォン"
    assert [each["番号"] for each in content["予備コード"]] == [1, 2]
    assert content["ログイン"][-1]["確認の方法"] == "認証アプリ"


async def test_the_office_asks_its_own_second_factor(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """At log-in, and anew for 停止; the reason typed stays."""
    await hire(product, ADMIN)
    staff_id = product.rows("SELECT id FROM staff")[0]["id"]
    await codes.give_app(product, staff_id, name="事務所の電話")
    await enter_office(visitor, ADMIN)
    assert "office" not in visitor.cookies
    page = (await press(visitor, "/office/login/second", {"code": code(frozen.at)})).page
    assert page.h1 == "担当者画面"
    assert product.rows("SELECT method FROM staff_sessions") == [{"method": "app"}]
    frozen.advance(MINUTE)
    account = await id_of(product, ALICE)
    page = await look(visitor, f"/office/accounts/{account}")
    typed = {"act": "disable", "reason": "本人の依頼"}
    page = (await natively(visitor, page.action("実行"), typed)).page
    assert (page.status, page.error("code")) == (422, "確認コードを入力してください。")
    assert page.value("reason") == "本人の依頼"
    page = (await natively(visitor, page.action("実行"), {**typed, "code": code(frozen.at)})).page
    assert "利用を停止しました" in page.notice


async def test_a_new_address_in_the_office_needs_a_code_of_the_one_who_proposes(
    product: Product, frozen: FrozenClock
) -> None:
    """Of whoever has a second factor; the address stands in the form again."""
    async with at_work(product, ADMIN) as browser:
        await codes.give_app(product, product.rows("SELECT id FROM staff")[0]["id"])
        here = f"/office/accounts/{await id_of(product, ALICE)}/address"
        page = await look(browser, here)
        typed = {"act": "propose", "admin_email": "neu@example.jp", "reason": "免許証を見た"}
        page = (await natively(browser, here, {**typed, "code": code(frozen.at + DAY)})).page
        assert page.error("code") == WRONG
        assert page.value("admin_email") == "neu@example.jp"
        assert product.rows("SELECT 1 FROM address_changes") == []
        await natively(browser, here, {**typed, "code": code(frozen.at)})
        assert len(product.rows("SELECT 1 FROM address_changes")) == 1
