"""What the manual shows stands in the manual's order, and what we add stands after it (ADR 52)."""

import httpx
import pytest

from tests.support.journeys import (
    ASK_BULK,
    BETTER,
    CHANGE,
    EDIT,
    GOOD,
    ask_bulk,
    ask_payment,
    bulk_link,
    change_profile,
    choose,
    payment_link,
    propose,
    twice,
)
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import natively, visit
from tests.support.product import Product
from tools.against_manual import units

pytestmark = pytest.mark.anyio

NO_MAIL = "メールが届かない場合、お手数ですが、お問い合わせ先にご連絡ください。"
GUIDE = (
    "利用者管理用メールアドレスにパスワード初期化のご案内メールが数分以内に送信されます。",
    "メール本文の指示にしたがって、引き続きパスワード初期化を行ってください。",
    NO_MAIL,
)
DONE = (
    "利用者管理用メールアドレスにパスワード初期化完了のご連絡メールが数分以内に送信されます。",
    NO_MAIL,
)


def in_one_piece(page: Page, *said: str) -> bool:
    """Tell whether a page says these one after the other, with nothing between them."""
    texts = [each.text for each in units(page)]
    start = texts.index(said[0])
    return tuple(texts[start : start + len(said)]) == said


async def test_log_in_ends_as_in_chapter_5(visitor: httpx.AsyncClient) -> None:
    """The two links, ログイン below them, 終了; what is ours stands after all of it."""
    page = await visit(visitor, "/useridmg/login")
    assert in_one_piece(page, "パスワード変更", "パスワード初期化", "ログイン", "終了")
    texts = [each.text for each in units(page)]
    assert texts.index("パスワード表示") < texts.index("パスワード変更")
    assert texts.index("終了") < texts.index("利用者IDをお持ちでない方")


async def test_back_stands_before_going_on(alice: httpx.AsyncClient) -> None:
    """U1 as in chapter 3, and 確認 after it likewise."""
    assert in_one_piece(await visit(alice, EDIT), "戻る", "次へ")
    assert in_one_piece((await propose(alice, representative="軽自　次郎")).page, "戻る", "確定")
    assert in_one_piece(await visit(alice, ASK_BULK), "パスワード初期化依頼", "戻る")


async def test_a_request_that_was_taken_says_what_the_manual_says(
    visitor: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """依頼受付: four sentences, each its own, with nothing between them."""
    asked = "利用者パスワード初期化依頼を受付しました。"
    assert in_one_piece((await ask_bulk(alice)).page, f"一括{asked}", *GUIDE)
    page = (await ask_payment(visitor, ALICE)).page
    assert in_one_piece(page, f"納付{asked}", *GUIDE, "終了")


async def test_what_is_done_says_what_the_manual_says(
    product: Product, visitor: httpx.AsyncClient, alice: httpx.AsyncClient
) -> None:
    """登録完了: the sentences and 終了 first, 今後の流れ after them."""
    done = "利用者IDのパスワード初期化が完了しました。"
    form = await visit(alice, await bulk_link(product, alice))
    assert in_one_piece((await choose(alice, form, GOOD)).page, f"一括{done}", *DONE, "終了")
    form = await visit(visitor, await payment_link(product, visitor, ALICE))
    page = (await choose(visitor, form, BETTER)).page
    assert in_one_piece(page, f"納付{done}", *DONE, "終了", "今後の流れ")


async def test_a_changed_profile_says_so_before_its_number(alice: httpx.AsyncClient) -> None:
    """U3: 受付番号 stands between the sentences and the button, because pressing it leaves the number."""
    page = await change_profile(alice, representative="軽自　次郎")
    mail = "利用者管理用メールアドレスに変更登録完了のご連絡メールが数分以内に送信されます。"
    assert in_one_piece(page, "利用者情報の変更登録が完了しました。", mail, NO_MAIL, "受付番号")


async def test_a_changed_password_says_so_and_leads_back(visitor: httpx.AsyncClient) -> None:
    """C2: the sentence, ログインへ戻る, then what is ours."""
    user = {"user_id": "KNCA6288", "current_password": ALICE.payment_password}
    page = await visit(visitor, CHANGE)
    done = await natively(visitor, CHANGE, {**page.fields(CHANGE), **user, **twice(GOOD)})
    said = "納付利用者パスワードは正常に変更されました。"
    assert in_one_piece(done.page, said, "ログインへ戻る", "今後の流れ")


async def test_two_buttons_have_the_pictures_of_the_manual(alice: httpx.AsyncClient) -> None:
    """終了 and 最新の情報に更新; words alone elsewhere."""
    marked = {each.text for each in units(await visit(alice, "/useridmg/mypage")) if each.icon}
    assert marked == {"終了", "最新の情報に更新"}
