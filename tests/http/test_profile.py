"""U1 → U2 → U3 利用者情報変更: the straight way, and what the screens show on it."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import EDIT, commit, propose
from tests.support.people import ALICE
from tests.support.press import Press, visit
from tests.support.product import Product
from web.clock import MINUTE, mypage_style

pytestmark = pytest.mark.anyio

MYPAGE = "/useridmg/mypage"
NEW_COMPANY = {
    "corporate_kana": "ホシノウミシヨウカイ",
    "corporate_name": "星の海商会",
    "representative": "星野　海",
    "admin_email": "hoshi@example.jp",
    "admin_email_again": "hoshi@example.jp",
    "notice_email": "umi@example.jp",
    "notice_email_again": "umi@example.jp",
}
CONFIRMED = {
    "会社・団体名（フリガナ）": "ホシノウミシヨウカイ",
    "会社・団体名": "星の海商会",
    "代表者名": "星野　海",
    "利用者管理用メールアドレス": "hoshi@example.jp",
    "申請状況通知用メールアドレス": "umi@example.jp",
}
PREFILLED = {
    "kind": "corporate",
    "corporate_kana": "ケイジギョウセイショシジムショ",
    "corporate_name": "軽自行政書士事務所",
    "representative": "軽自　太郎",
    "admin_email": "k-oss@example.jp",
    "admin_email_again": "k-oss@example.jp",
    "notice_email": "",
    "notice_email_again": "",
}
FULL_WIDTH_A = "\uff21"


async def test_the_form_is_that_of_the_manual(alice: httpx.AsyncClient) -> None:
    """Chapter 3: heading, sentence, labels, 戻る and 次へ."""
    page = await visit(alice, (await visit(alice, MYPAGE)).link("利用者情報変更"))
    assert page.h1 == "利用者情報変更 依頼の入力"
    assert "変更する情報を修正してください。" in page.text
    for label in (
        "個人・法人の別",
        "個人の方",
        "法人の方",
        "会社・団体名(フリガナ)(全角)",
        "会社・団体名(全角)",
        "代表者名(全角)",
        "利用者管理用メールアドレス(確認用)",
        "申請状況通知用メールアドレス(確認用)",
    ):
        assert label in page.text
    assert page.link("戻る") == MYPAGE
    assert page.action("次へ").startswith(f"{EDIT}?flow=")


async def test_what_is_registered_stands_in_the_form_as_ok(alice: httpx.AsyncClient) -> None:
    """Prefilled good values start as OK; 任意 stays beside what is empty and optional."""
    page = await visit(alice, EDIT)
    assert {name: page.value(name) for name in PREFILLED} == PREFILLED
    assert {page.badge(name) for name in PREFILLED if PREFILLED[name]} == {"OK"}
    assert page.badge("notice_email") == page.badge("notice_email_again") == "任意"


async def test_an_optional_address_that_is_there_is_still_optional(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """任意 alone, as in the picture of the manual (chapter 3)."""
    await product.meddle("UPDATE accounts SET notice_email = 'a@example.jp'")
    assert (await visit(alice, EDIT)).badge("notice_email") == "任意"


async def test_a_person_finds_a_persons_form(bob: httpx.AsyncClient) -> None:
    """個人の方 is chosen and its two fields are filled; the company's are empty."""
    page = await visit(bob, EDIT)
    assert page.value("kind") == "individual"
    assert page.value("individual_kana") == "ケイジ　ハナコ"
    assert page.value("individual_name") == "軽自　花子"
    assert page.value("corporate_name") == page.value("representative") == ""


async def test_a_company_changes_everything(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """入力 → 確認 → 完了 → マイページ: each screen to the letter, the change in the table."""
    frozen.advance(20 * MINUTE)
    confirm = (await propose(alice, press, **NEW_COMPANY)).page
    assert confirm.h1 == "利用者情報変更 依頼の確認"
    assert confirm.rows() == CONFIRMED
    for sentence in (
        "「確定」ボタンを押しますと、利用者管理用メールアドレスに変更登録完了のご連絡メールが送信されます。",
        "以下の登録内容をご確認の上、よろしければ、「確定」ボタンを押してください。",
    ):
        assert sentence in confirm.text
    done = (await commit(alice, confirm, press)).page
    assert done.h1 == "利用者情報変更 登録完了"
    assert "利用者情報の変更登録が完了しました。" in done.text
    assert "変更登録完了のご連絡メールが数分以内に送信されます。" in done.text
    assert product.rows("SELECT number FROM receipts")[0]["number"] in done.text
    table = (await visit(alice, done.link("マイページへ戻る"))).table()
    assert {**table, **CONFIRMED} == table
    assert table["利用者情報更新日時"] == mypage_style(frozen.at)


async def test_what_changes_is_marked_with_what_it_was(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """確認 marks the one changed row, and only it."""
    page = (await propose(alice, press, representative="軽自　次郎")).page
    assert page.rows()["代表者名"] == "軽自　次郎"
    assert page.changes() == {"代表者名": "軽自　太郎"}


async def test_an_empty_optional_address_is_called_empty(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """未登録, so that nobody wonders whether it was lost."""
    page = (await propose(alice, press, representative="軽自　次郎")).page
    assert page.rows()["申請状況通知用メールアドレス"] == "未登録"


async def test_a_person_changes_the_name(bob: httpx.AsyncClient, press: Press) -> None:
    """個人の方: two names, no 代表者名."""
    typed = {"individual_kana": "ケイジ　ハナエ", "individual_name": "軽自　花枝"}
    confirm = (await propose(bob, press, **typed)).page
    assert list(confirm.rows()) == [
        "氏名（フリガナ）",
        "氏名",
        "利用者管理用メールアドレス",
        "申請状況通知用メールアドレス",
    ]
    await commit(bob, confirm, press)
    assert (await visit(bob, MYPAGE)).table()["氏名"] == "軽自　花枝"


async def test_a_company_becomes_a_person(alice: httpx.AsyncClient, press: Press) -> None:
    """Switching the kind shows it as changed; the representative goes."""
    typed = {
        "kind": "individual",
        "individual_kana": "ケイジ　タロウ",
        "individual_name": "軽自　太郎",
    }
    confirm = (await propose(alice, press, **typed)).page
    assert confirm.rows()["個人・法人の別"] == "個人の方"
    assert confirm.changes()["個人・法人の別"] == "法人の方"
    await commit(alice, confirm, press)
    table = (await visit(alice, MYPAGE)).table()
    assert table["氏名"] == "軽自　太郎"
    assert "代表者名" not in table


async def test_a_person_becomes_a_company(bob: httpx.AsyncClient, press: Press) -> None:
    """The other way round, all three names of a company are asked for."""
    page = (await propose(bob, press, kind="corporate")).page
    assert page.status == 422
    assert page.error("representative") == "代表者名を入力してください。"
    company = {name: NEW_COMPANY[name] for name in list(NEW_COMPANY)[:3]}
    confirm = (await propose(bob, press, kind="corporate", **company)).page
    await commit(bob, confirm, press)
    assert (await visit(bob, MYPAGE)).table()["代表者名"] == "星野　海"


async def test_switching_keeps_what_was_typed_in_the_other_group(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """The group not chosen is ignored, whatever stands in it, and still there afterwards."""
    typed = {
        "kind": "individual",
        "individual_kana": "ケイジ",
        "individual_name": "",
        "representative": "😀",
    }
    page = (await propose(alice, press, **typed)).page
    assert page.status == 422
    assert page.summary == ["氏名を入力してください。"]
    assert page.value("representative") == "😀"
    assert page.value("corporate_name") == "軽自行政書士事務所"


async def test_widths_and_kana_are_converted_and_shown(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """It converts instead of scolding, and 確認 shows what will be registered."""
    typed = {
        "corporate_kana": " ｹｲｼﾞ ぎょうせい-A1 ",
        "corporate_name": "㈱軽自  Ａb髙﨑",
        "representative": " 軽自 太郎 ",
        "admin_email": " Ｋ-Oss@ＥＸ．jp ",
        "admin_email_again": "K-Oss@ex.JP",
    }
    confirm = (await propose(alice, press, **typed)).page
    shown = confirm.rows()
    assert shown["会社・団体名（フリガナ）"] == f"ケイジ　ギョウセイー{FULL_WIDTH_A}１"
    assert shown["会社・団体名"] == f"㈱軽自　{FULL_WIDTH_A}ｂ髙﨑"
    assert shown["代表者名"] == "軽自　太郎"
    assert shown["利用者管理用メールアドレス"] == "K-Oss@ex.jp"
    await commit(alice, confirm, press)
    assert product.rows("SELECT name FROM accounts WHERE payment_user_id = 'KNCA6288'") == [
        {"name": f"㈱軽自　{FULL_WIDTH_A}ｂ髙﨑"}
    ]


async def test_the_ids_cannot_be_changed(product: Product, alice: httpx.AsyncClient) -> None:
    """Unknown fields are ignored: nobody gives himself another ID."""
    extra = {"payment_user_id": "KNCA7001", "id": "1", "disabled_at": "1", "profile_version": "9"}
    confirm = (await propose(alice, representative="軽自　次郎", **extra)).page
    await alice.post(confirm.action("確定"))
    account = product.rows("SELECT * FROM accounts WHERE representative = '軽自　次郎'")[0]
    assert account["payment_user_id"] == ALICE.account.payment_user_id
    assert (account["disabled_at"], account["profile_version"]) == (None, 2)


async def test_back_finds_what_was_typed(alice: httpx.AsyncClient, press: Press) -> None:
    """戻る on 確認 shows the form of this run as it was sent, not the registered values."""
    confirm = (await propose(alice, press, **NEW_COMPANY)).page
    page = await visit(alice, confirm.link("戻る"))
    assert {name: page.value(name) for name in NEW_COMPANY} == NEW_COMPANY
    assert page.status == 200
    assert (await visit(alice, EDIT)).value("corporate_name") == "軽自行政書士事務所"


async def test_two_tabs_do_not_mix(alice: httpx.AsyncClient) -> None:
    """Each opening of the form is a run of its own."""
    first = (await propose(alice, representative="一番　一")).page
    second = (await propose(alice, representative="二番　二")).page
    assert (await visit(alice, first.link("戻る"))).value("representative") == "一番　一"
    assert (await visit(alice, second.link("戻る"))).value("representative") == "二番　二"
