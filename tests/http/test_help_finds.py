"""検索 finds what people mean, telephone numbers can be tapped, and say when somebody answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.html import elements, words
from tests.support.page import Page
from tests.support.post import PostOffice
from tests.support.press import visit
from tests.support.product import Product, running
from web.features.help.contents import QUESTIONS
from web.features.help.synonyms import SYNONYMS

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

FINDS = {
    "パスワード忘れた": "納付利用者パスワード初期化",
    "パスワードを忘れました": "納付利用者パスワード初期化",
    "ﾊﾟｽﾜｰﾄﾞ わからない": "納付利用者パスワード初期化",
    "メールが来ない": "メールが届かない",
    "メールこない": "メールが届かない",
    "CSV": "まとめ納付管理ファイル",
    "ｃｓｖ": "まとめ納付管理ファイル",
    "引き落とし": "ダイレクト納付を利用したい",
    "口座振替": "ダイレクト納付を利用したい",
    "届出書": "届出書を郵送したあと、どうなるか",
    "届け出": "届出書を郵送したあと、どうなるか",
    "まとめ納付": "まとめ納付の状況を確認したい",
    "指紋でログイン": "パスキーでログインしたい",
    "残高不足": "まとめ納付が納付不能となった",
    "ロックされた": "ログインできない",
    "スマホ なくした": "確認コードを求められる、認証アプリが使えない",
    "機種変更": "確認コードを求められる、認証アプリが使えない",
    "確認コード": "確認コードを求められる、認証アプリが使えない",
    "60日": "パスワードの有効期間を知りたい",
    "電話番号": "お問い合わせ",
    "パスワード変えたい": "パスワード変更",
    "パスワード再発行": "納付利用者パスワード初期化",
    "IDが分からない": "利用者IDを忘れた",
    "ユーザーID": "利用者IDを忘れた",
    "新規登録": "利用者ID発行",
    "ログイン出来ない": "ログインできない",
    "アカウントロック": "ログインできない",
    "口座変更": "登録内容を変更したい",
    "銀行を変えたい": "登録内容を変更したい",
    "ゆうちょ": "ダイレクト納付を利用したい",
    "通帳": "ダイレクト納付を利用したい",
    "自動車税": "ダイレクト納付を利用したい",
    "印鑑": "届出書を郵送したあと、どうなるか",
    "郵送先": "届出書を郵送したあと、どうなるか",
    "メアド変更": "登録内容を変更したい",
    "代表者変更": "登録内容を変更したい",
    "引っ越し": "登録内容を変更したい",
    "二段階認証": "確認コードを求められる、認証アプリが使えない",
    "スマホ 機種変更": "確認コードを求められる、認証アプリが使えない",
    "予備コード": "ログインの方法",
    "解約したい": "利用をやめたい",
    "退会": "利用をやめたい",
    "不正ログイン": "心当たりのないログインやメールがある",
    "タイムアウト": "操作の途中でログアウトした",
    "エラーが出る": "エラー番号が表示された",
    "外字": "全角と半角のどちらで入力するのか",
    "文字が小さい": "ウェブアクセシビリティ方針",
    "推奨環境": "エラー番号が表示された",
    "領収書": "お問い合わせ",
    "バックアップ": "自分の登録データ",
    "パスワードリセット": "納付利用者パスワード初期化",
    "ﾊﾟｽﾜｰﾄﾞわすれた": "納付利用者パスワード初期化",
    "パスワードを変更したいのですが": "パスワード変更",
    "めーるがこない": "メールが届かない",
    "引き落としされない": "まとめ納付が納付不能となった",
    "重量税": "ダイレクト納付を利用したい",
    "判子": "届出書を郵送したあと、どうなるか",
    "印刷できない": "届出書を郵送したあと、どうなるか",
    "KNCA": "利用者IDを忘れた",
    "土日": "お問い合わせ",
    "認証コード": "確認コードを求められる、認証アプリが使えない",
    "勝手にログアウトする": "操作の途中でログアウトした",
    "真っ白": "エラー番号が表示された",
    "音声": "ウェブアクセシビリティ方針",
    "届出書の印刷について": "届出書を郵送したあと、どうなるか",
}


def hits(page: Page) -> list[str]:
    """List what was found."""
    lists = [each for each in elements(page.root, "ul") if each.get("class") == "mails"]
    return [words(link) for each in lists for link in elements(each, "a")]


# One product for all words: to start one takes longer than a search.
async def test_people_find_it_in_their_own_words(visitor: httpx.AsyncClient) -> None:
    """Widths, kana, spaces and the usual other words."""
    for asked, found in FINDS.items():
        assert found in hits(await visit(visitor, f"/help/search?q={asked}")), asked


async def test_every_other_word_leads_somewhere(visitor: httpx.AsyncClient) -> None:
    """No row of the table finds nothing; the page says what it looked for besides."""
    for said in (each for theirs in SYNONYMS for each in theirs):
        page = await visit(visitor, f"/help/search?q={said}")
        assert hits(page), said
        assert "を含むものも検索しました。" in page.text, said
        assert len(hits(page)) == len(set(hits(page))), said


async def test_a_word_of_the_help_is_looked_for_as_it_is(visitor: httpx.AsyncClient) -> None:
    """Nothing is put beside it, and nonsense finds nothing."""
    assert "も検索しました" not in (await visit(visitor, "/help/search?q=有効")).text
    assert hits(await visit(visitor, "/help/search?q=ぬるぽ")) == []


async def test_a_sentence_is_looked_for_by_its_nouns_and_says_so(
    visitor: httpx.AsyncClient,
) -> None:
    """Two nouns at least: one alone stands everywhere."""
    page = await visit(visitor, "/help/search?q=パスワードを変更したい")
    assert "「パスワード 変更」を含むものも検索しました。" in page.text
    assert hits(await visit(visitor, "/help/search?q=そんな言葉はない")) == []


async def test_the_questions_tell_of_payments(visitor: httpx.AsyncClient) -> None:
    """ダイレクト納付 and まとめ納付 have theirs, each with an answer."""
    text = (await visit(visitor, "/help/faq")).text
    asked = {each.asked for each in QUESTIONS}
    assert {"ダイレクト納付を利用したい", "まとめ納付の状況を確認したい"} <= asked
    assert all(each in text for each in asked)


PHONE = "050-3364-0800"


@pytest.mark.parametrize("path", ["/help/contact", "/", "/nowhere", "/useridmg/login"])
async def test_every_telephone_number_can_be_tapped(
    visitor: httpx.AsyncClient, alice: httpx.AsyncClient, path: str
) -> None:
    """Each time it stands on a page of a 利用者 it is a link that dials."""
    for browser in (visitor, alice):
        page = await visit(browser, path)
        links = [each for each in elements(page.root, "a") if words(each) == PHONE]
        assert {each.get("href") for each in links} == {"tel:05033640800"}
        assert page.text.count(PHONE) == len(links)


@pytest.fixture
async def with_hours(tmp_path: Path, post: PostOffice) -> AsyncIterator[Product]:
    """Run the product of an operator who says when somebody answers."""
    async with running(tmp_path, post, MYPAGE_CONTACT_HOURS="平日9時から17時まで") as product:
        yield product


async def test_the_hours_stand_beside_the_number(
    with_hours: Product, visitor: httpx.AsyncClient
) -> None:
    """On every page, when the operator says them; else nothing."""
    said = f"{PHONE}（平日9時から17時まで）"
    async with with_hours.browser() as browser:
        for path in ("/help/contact", "/", "/nowhere"):
            assert said in (await visit(browser, path)).text
    assert "平日" not in (await visit(visitor, "/help/contact")).text
