"""M1 マイページ: what is registered, and where everything leads."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.people import ALICE
from tests.support.press import HTMX, visit
from tests.support.product import Product, settle_in
from web.clock import HOUR
from web.demo.personas import EXPIRED, Persona

pytestmark = pytest.mark.anyio

MYPAGE = "/useridmg/mypage"
COMPANY = {
    "納付利用者ID": "KNCA6288",
    "一括利用者ID": "KICA6288",
    "会社・団体名（フリガナ）": "ケイジギョウセイショシジムショ",
    "会社・団体名": "軽自行政書士事務所",
    "代表者名": "軽自　太郎",
    "利用者管理用メールアドレス": "k-oss@example.jp",
    "申請状況通知用メールアドレス": "未登録",
}
PERSON = {
    "納付利用者ID": "KNCA6289",
    "一括利用者ID": "KICA6289",
    "氏名（フリガナ）": "ケイジ　ハナコ",
    "氏名": "軽自　花子",
    "利用者管理用メールアドレス": "hanako@example.jp",
    "申請状況通知用メールアドレス": "未登録",
}
MENU = {
    "利用者情報変更": "利用者情報変更 依頼の入力",
    "一括利用者パスワード初期化": "一括利用者パスワード初期化 依頼の確認",
    "国庫金ダイレクト納付口座新規作成": "国庫金ダイレクト納付口座新規作成 依頼の入力",
    "地方税ダイレクト納付口座新規作成": "地方税ダイレクト納付口座新規作成 依頼の入力",
    "まとめ納付管理ファイル": "まとめ納付管理ファイル",
}


async def test_a_company_sees_the_eight_rows_of_the_manual(alice: httpx.AsyncClient) -> None:
    """Chapter 2: the rows in their order, the last one the time of the last change."""
    table = (await visit(alice, MYPAGE)).table()
    assert list(table) == [*COMPANY, "利用者情報更新日時"]
    assert {**table, **COMPANY} == table


async def test_a_person_sees_a_name_and_no_representative(bob: httpx.AsyncClient) -> None:
    """個人の方: 氏名（フリガナ） and 氏名, no 代表者名."""
    table = (await visit(bob, MYPAGE)).table()
    assert list(table) == [*PERSON, "利用者情報更新日時"]
    assert {**table, **PERSON} == table


async def test_the_time_of_the_last_change_is_written_as_in_the_manual(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """2019年 09月 24日 10時 08分, in Tokyo, stored in UTC."""
    await product.meddle("UPDATE accounts SET profile_updated_at = 1569287280")
    page = await visit(alice, MYPAGE)
    assert page.table()["利用者情報更新日時"] == "2019年 09月 24日 10時 08分"


async def test_a_notice_address_is_shown(product: Product, visitor: httpx.AsyncClient) -> None:
    """Who registered a 申請状況通知用メールアドレス sees it."""
    person = Persona(EXPIRED.account, EXPIRED.payment_password, EXPIRED.bulk_password, 0, "")
    await settle_in(product, person)
    await log_in(visitor, person)
    page = await visit(visitor, MYPAGE)
    assert page.table()["申請状況通知用メールアドレス"] == "mikan@example.jp"


@pytest.mark.parametrize(("entry", "heading"), MENU.items(), ids=MENU)
async def test_every_entry_of_the_menu_leads_to_its_page(
    alice: httpx.AsyncClient, entry: str, heading: str
) -> None:
    """Every entry has one."""
    page = await visit(alice, (await visit(alice, MYPAGE)).link(entry))
    assert page.h1 == heading


async def test_refreshing_shows_what_was_changed_meanwhile(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """最新の情報に更新 without scripts loads the page, with htmx the part that changes."""
    page = await visit(alice, MYPAGE)
    assert page.action("最新の情報に更新") == MYPAGE
    before = page.text
    frozen.advance(1)
    await product.meddle("UPDATE accounts SET name = '変わった名前' WHERE kind = 'corporate'")
    for headers in ({}, HTMX):
        answer = await alice.get(f"{MYPAGE}?", headers=headers)
        assert "変わった名前" in answer.text
        assert "変わった名前" not in before
        assert answer.headers["Vary"] == "HX-Request, HX-History-Restore-Request, Accept-Encoding"


async def test_the_moment_of_the_refresh_shows_seconds(
    alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Two refreshes within a minute read differently, else nothing would be announced."""
    first = (await visit(alice, MYPAGE)).text
    assert "秒 現在の情報です" in first
    frozen.advance(1)
    assert (await visit(alice, MYPAGE)).text != first


async def test_a_history_restore_gets_the_whole_page(alice: httpx.AsyncClient) -> None:
    """Back and Forward want a document, not a fragment (the linter tells them apart)."""
    restore = {**HTMX, "HX-History-Restore-Request": "true"}
    answer = await alice.get(MYPAGE, headers=restore)
    assert answer.text.lstrip().lower().startswith("<!doctype html>")


async def test_the_session_is_not_shortened_by_looking(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """An hour of refreshing every ten minutes keeps Alice in; the database is not written to."""
    for _ in range(6):
        frozen.advance(HOUR // 6)
        assert (await alice.get(MYPAGE)).status_code == 200
    assert ALICE.account.payment_user_id in (await alice.get(MYPAGE)).text
    started, seen = (product.rows("SELECT * FROM sessions")[0][at] for at in TIMES)
    assert started == seen


TIMES = ("created_at", "last_seen_at")
