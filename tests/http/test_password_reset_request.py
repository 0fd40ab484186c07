"""R1 → R2 and B1 → B2 パスワード初期化依頼: what is asked, and what the answer does not tell."""

import asyncio

import httpx
import pytest

from tests.conftest import log_in
from tests.support.alike import face
from tests.support.journeys import ASK_BULK, ASK_PAYMENT, ask_bulk, ask_payment
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TAKEN = {
    ASK_PAYMENT: "納付利用者パスワード初期化 依頼受付",
    ASK_BULK: "一括利用者パスワード初期化 依頼受付",
}
SENTENCES = (
    "利用者管理用メールアドレスにパスワード初期化のご案内メールが数分以内に送信されます。",
    "メール本文の指示にしたがって、引き続きパスワード初期化を行ってください。",
    "メールが届かない場合、お手数ですが、お問い合わせ先にご連絡ください。",
)
NOTHING_ASKED = (
    "パスワード初期化の依頼はまだ受け付けていません。"
    "内容をご確認のうえ、「パスワード初期化依頼」を押してください。"
)
OTHER = "ほかの利用者でログインしています"


def requests(product: Product) -> int:
    """Count the requests that were written down."""
    return len(product.rows("SELECT 1 FROM reset_requests"))


async def test_the_payment_screen_is_that_of_the_manual(visitor: httpx.AsyncClient) -> None:
    """Chapter 6: from log-in, two fields, パスワード初期化依頼, 戻る to where one came from."""
    page = await visit(visitor, (await visit(visitor, "/useridmg/login")).link("パスワード初期化"))
    assert page.status == 200
    assert page.h1 == "納付利用者パスワード初期化 依頼の入力"
    assert "以下の項目を入力し、「パスワード初期化依頼」ボタンを押してください。" in page.text
    assert "納付利用者ID" in page.text
    assert "利用者管理用メールアドレス" in page.text
    assert page.action("パスワード初期化依頼") == ASK_PAYMENT
    assert page.link("戻る") == "/useridmg/login"


async def test_the_bulk_screen_is_that_of_the_manual(alice: httpx.AsyncClient) -> None:
    """Chapter 4: from My Page; it shows the bulk ID and the address, and asks for nothing."""
    mypage = await visit(alice, "/useridmg/mypage")
    page = await visit(alice, mypage.link("一括利用者パスワード初期化"))
    assert page.h1 == "一括利用者パスワード初期化 依頼の確認"
    sentence = "以下の一括利用者パスワードの初期化を行う場合、「パスワード初期化依頼」ボタンを押してください。"
    assert sentence in page.text
    shown = page.rows()
    assert shown["一括利用者ID"] == "KICA6288"
    assert shown["利用者管理用メールアドレス"] == "k-oss@example.jp"
    assert page.action("パスワード初期化依頼") == ASK_BULK
    assert page.link("戻る") == "/useridmg/mypage"


async def test_a_payment_request_is_taken(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Chapter 6: 依頼受付 to the letter, one mail to the address, 終了 to the portal."""
    page = (await ask_payment(visitor, ALICE, press)).page
    assert page.h1 == TAKEN[ASK_PAYMENT]
    assert "納付利用者パスワード初期化依頼を受付しました。" in page.text
    assert all(sentence in page.text for sentence in SENTENCES)
    assert page.link("終了") == "/"
    await product.settle()
    assert product.post.only("納付利用者パスワード初期化ご案内").recipients == ["k-oss@example.jp"]
    assert len(product.post.mails) == 1


async def test_a_bulk_request_is_taken(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Chapter 4: 依頼受付 to the letter, one mail to the address; the session goes on."""
    page = (await ask_bulk(alice, press)).page
    assert page.h1 == TAKEN[ASK_BULK]
    assert "一括利用者パスワード初期化依頼を受付しました。" in page.text
    assert all(sentence in page.text for sentence in SENTENCES)
    await product.settle()
    assert product.post.only("一括利用者パスワード初期化ご案内").recipients == ["k-oss@example.jp"]
    assert len(product.post.mails) == 1
    assert (await alice.get(page.link("マイページへ戻る"))).status_code == 200


async def test_nothing_tells_whether_an_id_or_address_is_known(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """ASVS 6.3.8: right, wrong address, unknown ID, disabled: the same bytes; mail for one only."""
    await product.disable(CHARLIE)
    alice = {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
    closed = {"user_id": "KNCA7001", "admin_email": "charlie@example.jp"}
    seen = set()
    for typed in (
        alice,
        {**alice, "admin_email": "hanako@example.jp"},
        {**alice, "admin_email": "nobody@example.jp"},
        {**alice, "user_id": "KNCA9999"},
        {**alice, "user_id": "' OR 1=1 --"},
        closed,
    ):
        answers = []
        for headers in ({}, HTMX):
            once = (await visit(visitor, ASK_PAYMENT)).value("once")
            answer = await visitor.post(ASK_PAYMENT, data={"once": once, **typed}, headers=headers)
            shown = await visitor.get(f"/useridmg/pwdInitPay/requested?receipt={once}")
            answers += [repr(face(each)).replace(once, "<once>") for each in (answer, shown)]
            await product.settle()  # a newer request would end the URL, and stop its mail
        seen.add(tuple(answers))
    assert len(seen) == 1
    assert {mail.to for mail in product.post.mails} == {"k-oss@example.jp"}
    assert len(product.post.mails) == 2


async def test_id_and_address_are_taken_in_any_width(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Full-width letters, blanks around, lower-case ID, upper-case domain: all mean Alice."""
    typed = {"user_id": "　ｋｎｃａ６２８８ ", "admin_email": " ｋ－ｏｓｓ＠Ｅｘａｍｐｌｅ．ＪＰ　"}
    assert (await ask_payment(visitor, ALICE, press, **typed)).page.h1 == TAKEN[ASK_PAYMENT]
    await product.settle()
    assert [mail.to for mail in product.post.mails] == ["k-oss@example.jp"]


async def test_what_cannot_be_an_address_is_said_at_the_field(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """422, both values kept, nothing written; mended, the same form goes through as one request."""
    before = product.content()
    pressed = await ask_payment(visitor, ALICE, press, user_id="", admin_email="k-oss.example.jp")
    page = pressed.page
    assert page.status == 422
    assert page.summary[0] == "納付利用者IDを入力してください。"
    assert page.error("admin_email").startswith("「@」がありません。")
    assert page.value("admin_email") == "k-oss.example.jp"
    assert product.content() == before
    mended = {**page.fields(ASK_PAYMENT), "user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
    for _ in range(2):
        assert (await press(visitor, ASK_PAYMENT, mended)).page.h1 == TAKEN[ASK_PAYMENT]
    assert requests(product) == 1


@pytest.mark.parametrize("asked", TAKEN, ids=["payment", "bulk"])
async def test_pressing_again_is_the_same_request(
    product: Product, alice: httpx.AsyncClient, press: Press, asked: str
) -> None:
    """Five presses of one form: one 依頼受付, one request, one mail; reloading adds none."""
    typed = {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
    form = {**(await visit(alice, asked)).fields(asked), **typed}
    pages = [(await press(alice, asked, form)).page for _ in range(5)]
    pages += [await visit(alice, pages[0].address) for _ in range(2)]
    assert {page.address for page in pages} == {pages[0].address}
    assert {page.h1 for page in pages} == {TAKEN[asked]}
    await product.settle()
    assert (requests(product), len(product.post.mails)) == (1, 1)


async def test_a_form_mended_and_pressed_again_is_another_request(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """A mistyped ID or address does not swallow the right one; 納付 does not swallow 一括."""
    once = (await visit(alice, ASK_BULK)).fields(ASK_BULK)
    address = ALICE.account.profile.admin_email
    for typed in (
        {"user_id": "KNCA6288", "admin_email": "k-os@example.jp"},
        {"user_id": "KNCA6289", "admin_email": address},
        {"user_id": "KNCA6288", "admin_email": address},
    ):
        assert (await press(alice, ASK_PAYMENT, {**once, **typed})).page.h1 == TAKEN[ASK_PAYMENT]
    assert (await press(alice, ASK_BULK, once)).page.h1 == TAKEN[ASK_BULK]
    assert requests(product) == 4
    await product.settle()
    assert sorted(mail.subject[9:11] for mail in product.post.mails) == ["一括", "納付"]


@pytest.mark.parametrize("asked", TAKEN, ids=["payment", "bulk"])
async def test_twenty_presses_at_once_are_one_request(
    product: Product, alice: httpx.AsyncClient, asked: str
) -> None:
    """Native and htmx mixed: every press ends on the same 依頼受付."""
    typed = {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
    form = {**(await visit(alice, asked)).fields(asked), **typed}
    answers = await asyncio.gather(
        *(alice.post(asked, data=form, headers=HTMX if n % 2 else {}) for n in range(20))
    )
    leads = {each.headers.get("Location") or each.headers.get("HX-Push-Url") for each in answers}
    assert len(leads) == 1
    await product.settle()
    assert (requests(product), len(product.post.mails)) == (1, 1)


@pytest.mark.parametrize("once", [{}, {"once": ""}, {"once": "not from a form of ours"}])
async def test_without_a_mark_of_the_form_each_press_is_a_request(
    product: Product, alice: httpx.AsyncClient, once: dict[str, str]
) -> None:
    """A client that leaves the mark out is not told that it was heard when it was not."""
    typed = {"user_id": "KNCA6288", "admin_email": ALICE.account.profile.admin_email}
    for number in (1, 2):
        for asked, fields in ((ASK_PAYMENT, {**typed, **once}), (ASK_BULK, once)):
            assert (await natively(alice, asked, fields)).page.h1 == TAKEN[asked]
        assert requests(product) == 2 * number


async def test_a_bulk_reset_needs_a_session(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Opened or posted, it leads to log-in with a word why, and nothing is written."""
    before = product.content()
    for page in (await visit(visitor, ASK_BULK), (await press(visitor, ASK_BULK, {})).page):
        assert page.h1 == "マイページログイン"
        assert page.notice == "このページを表示するには、ログインしてください。"
    assert product.content() == before


@pytest.mark.parametrize("receipt", ["", "?receipt=", "?receipt=" + "0" * 32, "?receipt=%00"])
async def test_requested_opened_directly_leads_back_with_a_word(
    product: Product, alice: httpx.AsyncClient, receipt: str
) -> None:
    """依頼受付 without a request would be a lie; nothing is written."""
    before = product.content()
    for asked in TAKEN:
        page = await visit(alice, f"{asked}ed{receipt}")
        assert page.h1.startswith(TAKEN[asked].partition(" ")[0] + " 依頼の")
        assert page.notice == NOTHING_ASKED
    assert product.content() == before


async def test_a_receipt_is_good_for_its_own_kind_only(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The 依頼受付 of a payment request is not that of a bulk request."""
    page = (await ask_payment(alice, ALICE)).page
    other = page.address.replace("pwdInitPay", "pwdInitBulk")
    assert (await visit(alice, other)).notice == NOTHING_ASKED


async def test_a_form_of_another_account_is_refused(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """A second tab logged in as Charlie: what Alice's tab still shows resets nobody's password."""
    form = (await visit(alice, ASK_BULK)).fields(ASK_BULK)
    await log_in(alice, CHARLIE)
    page = (await press(alice, ASK_BULK, form)).page
    assert (page.status, page.h1) == (403, OTHER)
    assert requests(product) == 0
    await log_in(alice, ALICE)
    assert (await press(alice, ASK_BULK, form)).page.h1 == TAKEN[ASK_BULK]
    await product.settle()
    assert [mail.to for mail in product.post.mails] == ["k-oss@example.jp"]


async def test_the_two_kinds_of_a_person_are_two_requests(
    product: Product, bob: httpx.AsyncClient, press: Press
) -> None:
    """納付 and 一括 do not stand in each other's way."""
    await ask_bulk(bob, press)
    await ask_payment(bob, BOB, press)
    await product.settle()
    assert sorted(mail.subject[9:11] for mail in product.post.mails) == ["一括", "納付"]
