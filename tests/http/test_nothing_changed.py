"""次へ with nothing changed is no change: no 確認, no 受付番号, no mail, no paper."""

import httpx
import pytest

from tests.support import debits
from tests.support.debits import ACCOUNT, YUCHO, approved
from tests.support.journeys import EDIT, change_profile, commit, propose
from tests.support.press import Press, visit
from tests.support.product import Product

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NOTHING = "変更された項目がありません。"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"corporate_kana": "けいじぎょうせいしょしじむしょ"},
        {"representative": " 軽自 太郎 "},
        {"admin_email": "k-oss@EXAMPLE.jp", "admin_email_again": "k-oss@ｅｘａｍｐｌｅ．ｊｐ"},
        {"individual_kana": "ヤマダ", "individual_name": "山田"},  # not asked of a company
    ],
)
async def test_an_unchanged_profile_stays_at_its_form(
    product: Product, alice: httpx.AsyncClient, press: Press, typed: dict[str, str]
) -> None:
    """422 with the sentence and what was typed, however the same thing is written."""
    answered = await propose(alice, press, **typed)
    assert answered.page.status == 422
    assert answered.page.h1 == "利用者情報変更 依頼の入力"
    assert answered.page.summary == [NOTHING]
    assert all(answered.page.value(name) == text for name, text in typed.items() if "ind" in name)
    await product.settle()
    assert not product.post.mails
    assert not product.rows("SELECT 1 FROM receipts")
    mended = (await propose(alice, press, representative="軽自 次郎")).page
    assert mended.h1 == "利用者情報変更 依頼の確認"


async def test_taking_back_all_after_a_conflict_changes_nothing(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """Whoever keeps what is registered is told so at 入力; nothing is registered twice."""
    mine = (await propose(alice, press, representative="軽自　三郎")).page
    await change_profile(alice, representative="軽自　次郎")
    conflict = (await press(alice, mine.action("確定"), {})).page
    action = conflict.action("次へ")
    chosen = {**conflict.fields(action), "representative": "registered"}
    page = (await press(alice, action, chosen)).page
    assert page.summary == [NOTHING]
    assert len(product.rows("SELECT 1 FROM receipts")) == 1


async def test_the_same_change_in_two_tabs_is_one_change(
    product: Product, alice: httpx.AsyncClient, press: Press
) -> None:
    """The second tab hears that all is as it wants it."""
    mine = (await propose(alice, press, representative="軽自　次郎")).page
    await change_profile(alice, representative="軽自　次郎")
    conflict = (await press(alice, mine.action("確定"), {})).page
    assert "変更の必要はありません。" in conflict.text
    assert conflict.link("マイページへ戻る") == "/useridmg/mypage"
    assert len(product.rows("SELECT 1 FROM receipts")) == 1


@pytest.mark.parametrize("said", [{}, YUCHO])
async def test_an_unchanged_account_makes_no_paper(
    product: Product, alice: httpx.AsyncClient, press: Press, said: dict[str, str]
) -> None:
    """情報変更 as it stands, and typed anew in another way."""
    await approved(product, alice, **said)
    again = {"address": "東京都新宿区西新宿１－２－３", "phone": "05033640800"}
    for typed in ({}, again):
        page = (await debits.propose(alice, press, action="change", **{**said, **typed})).page
        assert page.status == 422
        assert page.h1 == "国庫金ダイレクト納付口座情報変更 依頼の入力"
        assert page.summary == [NOTHING]
        assert page.value("holder") == ACCOUNT["holder"]
    assert debits.forms(product, action="change") == []
    page = (
        await debits.propose(alice, press, action="change", **{**said, "building": "２階"})
    ).page
    assert page.changes() == {"建物名・部屋番号": "未登録"}


async def test_what_another_kind_does_not_have_is_shown_as_deleted(
    alice: httpx.AsyncClient, press: Press
) -> None:
    """法人 → 個人 loses the company's name and its representative, and 確認 says so."""
    person = {
        "kind": "individual",
        "individual_kana": "ケイジ タロウ",
        "individual_name": "軽自 太郎",
    }
    page = (await propose(alice, press, **person)).page
    deleted = {term: text for term, text in page.rows().items() if text == "削除されます"}
    assert list(deleted) == ["会社・団体名（フリガナ）", "会社・団体名", "代表者名"]
    assert page.changes()["会社・団体名"] == "軽自行政書士事務所"
    assert page.changes()["代表者名"] == "軽自　太郎"
    done = (await commit(alice, page, press)).page
    assert done.h1 == "利用者情報変更 登録完了"
    back = await visit(alice, EDIT)
    assert back.value("corporate_name") == back.value("representative") == ""


async def test_a_person_who_becomes_a_company_loses_the_persons_items(
    bob: httpx.AsyncClient, press: Press
) -> None:
    """The other way round."""
    company = {
        "kind": "corporate",
        "corporate_kana": "ハナコシヨウカイ",
        "corporate_name": "花子商会",
        "representative": "軽自 花子",
    }
    page = (await propose(bob, press, **company)).page
    deleted = [term for term, text in page.rows().items() if text == "削除されます"]
    assert deleted == ["氏名（フリガナ）", "氏名"]
