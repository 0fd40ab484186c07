"""Help that is found: the search, the answers with the numbers of the deployment, well-known addresses."""

from http import HTTPStatus

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .plain_http import fetch

TOPICS = (
    "メールが届かない",
    "利用者IDを持っていない",
    "利用者IDを忘れた",
    "ログインできない",
    "パスワードの条件を知りたい",
    "パスワードの有効期間を知りたい",
    "確認コードを求められる、認証アプリが使えない",
    "登録内容を変更したい",
    "パスキーでログインしたい",
    "パスワード初期化用URLが使用できない",
    "全角と半角のどちらで入力するのか",
    "操作の途中でログアウトした",
    "心当たりのないログインやメールがある",
    "ダイレクト納付を利用したい",
    "届出書を郵送したあと、どうなるか",
    "まとめ納付の状況を確認したい",
    "まとめ納付が納付不能となった",
    "利用をやめたい",
    "エラー番号が表示された",
)
NEVER_SAID = ("不正", "無効")


def search(page: Page, words: str) -> list[str]:
    """Search from the header and give the titles that were found."""
    page.goto("/help/contact")
    field = page.get_by_role("banner").get_by_role("searchbox", name="検索する言葉")
    field.fill(words)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("検索")
    return page.get_by_role("main").locator(".mails a").all_inner_texts()


@pytest.mark.parametrize("words", ["メール 届かない", "めーる　届かない", "ﾒｰﾙ 届かない"])
def test_width_and_kana_do_not_matter(page: Page, words: str) -> None:
    assert search(page, words)[0] == "メールが届かない"


def test_every_word_has_to_be_there_and_is_marked(page: Page) -> None:
    found = search(page, "迷惑 フォルダ")
    assert found == ["メールが届かない"]
    marked = page.get_by_role("main").locator("mark").all_inner_texts()
    assert {"迷惑", "フォルダ"} <= set(marked)
    page.get_by_role("link", name="メールが届かない", exact=True).click()
    expect(page).to_have_url("/help/faq#mail")


def test_pages_are_found_by_their_name(page: Page) -> None:
    assert "パスワード変更" in search(page, "ﾊﾟｽﾜｰﾄﾞ変更")
    assert "個人情報の取扱い" in search(page, "cookie")


def test_nothing_found_says_what_to_do(page: Page) -> None:
    assert search(page, "<b>そんな言葉はない</b>") == []
    main = page.get_by_role("main")
    expect(main).to_contain_text("「<b>そんな言葉はない</b>」を含むもの：0件")
    expect(main).to_contain_text("短い言葉や、別の言い方でもお試しください。")
    expect(main.get_by_role("link", name="お問い合わせ", exact=True)).to_be_visible()


def test_the_questions_are_listed_and_each_leads_to_its_answer(page: Page) -> None:
    page.goto("/help/faq")
    listed = page.get_by_role("navigation", name="質問の一覧").get_by_role("link")
    assert tuple(listed.all_inner_texts()) == TOPICS
    for topic in TOPICS:
        answer = page.get_by_role("region", name=topic, exact=True)
        expect(answer.get_by_role("paragraph").first).not_to_be_empty()


@pytest.mark.parametrize("path", ["/help/faq", "/help/contact", "/help/terms", "/help/privacy"])
def test_words_that_frighten_are_not_used(page: Page, path: str) -> None:
    page.goto(path)
    text = page.get_by_role("main").inner_text()
    assert [word for word in NEVER_SAID if word in text] == []


def test_password_managers_find_where_a_password_is_changed(page: Page) -> None:
    page.goto("/.well-known/change-password")
    expect(page.get_by_role("heading", level=1)).to_have_text("パスワード変更")


def test_finders_of_weaknesses_find_whom_to_tell(site: Site) -> None:
    answer = fetch(f"{site.url}/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.body.decode().splitlines()
    fields = dict(line.split(": ", 1) for line in lines)
    assert fields["Contact"] == f"{site.url}/help/contact"
    assert fields["Canonical"] == f"{site.url}/.well-known/security.txt"
    assert fields["Expires"].endswith("Z")


def test_crawlers_see_the_portal_alone(page: Page, site: Site) -> None:
    robots = fetch(f"{site.url}/robots.txt").body.decode()
    assert "Allow: /$" in robots
    assert "Disallow: /" in robots
    for path, wanted in (("/", 0), ("/useridmg/login", 1), ("/help/faq", 1)):
        page.goto(path)
        assert page.locator("meta[name=robots][content=noindex]").count() == wanted
    assert b'content="noindex"' in fetch(f"{site.url}/nothing").body


def test_the_icon_is_found_by_its_old_name(site: Site) -> None:
    answer = fetch(f"{site.url}/favicon.ico")
    assert answer.status == HTTPStatus.SEE_OTHER
    icon = fetch(f"{site.url}{answer.headers['location']}")
    assert icon.headers["content-type"] == "image/svg+xml"
