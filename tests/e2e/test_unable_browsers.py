"""Browsers that cannot do everything: each is left whole, as without script, without :has() or without style."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .lacking import HAS, TAKEN, asked_for, name_of, take_away
from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.profile import ProfileComplete, ProfileEdit
from .pages.summary_file import SummaryFile
from .personas import Persona
from .shortcuts import changing, edit_of, my_page_of
from .travel import back

UNTRUE = ("送信しています", "通信できませんでした", "まもなく自動的にログアウトします")


def test_everything_that_the_script_asks_for_is_taken_away() -> None:
    """Read out of start.js: a new term fails here until lacking.py knows how."""
    assert asked_for() == list(TAKEN)


@with_javascript
@pytest.mark.parametrize("lack", asked_for(), ids=name_of)
def test_a_browser_that_lacks_something_is_left_as_without_script(
    page: Page, company: Persona, lack: str
) -> None:
    take_away(page, lack)
    Login.open(page).submit(company.payment_id, "not-the-password")
    expect(Login(page).problems).to_be_visible()
    edit = changing(page, company)
    expect(page.locator("html")).not_to_have_class(re.compile("has-script"))
    edit.company_kana.fill("")
    edit.button("次へ").click()
    expect(edit.problems).to_be_focused()
    edit.company_kana.fill(company.kana)
    edit.next()
    back(page)
    edit = ProfileEdit(page)
    edit.next().apply()
    ProfileComplete(page)


@with_javascript
def test_a_browser_that_lacks_nothing_runs_the_script(page: Page) -> None:
    Login.open(page)
    expect(page.locator("html")).to_have_class(re.compile("has-script"))


def only_asks(page: Page, asked: str, unused: str) -> None:
    """One group is asked for; nothing else says that it has to be filled in."""
    expect(page.locator(f".for-{asked}")).to_be_visible()
    expect(page.locator(f".for-{unused}")).to_be_hidden()
    for badge in page.locator(f".for-{unused} .badge").all():
        expect(badge).to_be_hidden()


def test_without_has_only_the_chosen_kind_is_asked_for(
    page: Page, company: Persona, javascript: bool
) -> None:
    take_away(page, HAS)
    edit = edit_of(page, company)
    only_asks(page, "corporate", "individual")
    edit.choose("個人の方")
    if not javascript:  # a second request
        edit.button("次へ").click()
        expect(edit.problems).to_be_visible()
    only_asks(page, "individual", "corporate")
    edit.person_kana.fill("ケイジ　ハナコ")
    edit.person_name.fill("軽自　花子")
    facts = edit.next().facts()
    assert facts["氏名"].startswith("軽自　花子")


def test_without_has_only_the_chosen_bank_is_asked_for(
    page: Page, company: Persona, javascript: bool
) -> None:
    take_away(page, HAS)
    my_page_of(page, company).link("地方税ダイレクト納付口座新規作成").click()
    edit = DebitEdit(page, "地方税", "新規作成")
    for label, asked, unused in (
        ("ゆうちょ銀行", "yucho", "bank"),
        ("銀行、信用金庫など", "bank", "yucho"),
    ):
        edit.choose(label)
        if not javascript:
            edit.button("次へ").click()
            expect(edit.problems).to_be_visible()
        only_asks(page, asked, unused)


def test_without_has_days_are_asked_for_when_they_are_chosen(
    page: Page, company: Persona, javascript: bool
) -> None:
    take_away(page, HAS)
    my_page_of(page, company).link("まとめ納付管理ファイル").click()
    choose = SummaryFile(page)
    expect(choose.field("開始日")).to_be_hidden()
    choose.choose("日付を選ぶ")
    if not javascript:
        choose.press()
        expect(choose.problems).to_be_visible()
    expect(choose.field("開始日")).to_be_visible()


def test_without_style_nothing_is_said_that_is_not_so(
    page: Page, company: Persona, javascript: bool
) -> None:
    """Every screen as it is sent is looked at by tests/support/unstyled.py; here a browser shows some."""
    page.route("**/*.css", lambda route: route.fulfill(content_type="text/css", body=""))
    login = Login.open(page)
    for aid in (login.show_passwords, login.keyboard.opener):
        expect(aid).to_be_visible(visible=javascript)
    edit_of(page, company)
    said = page.locator("body").text_content() or ""  # a text browser shows what is hidden, too
    assert [words for words in UNTRUE if words in said] == []
    expect(page.get_by_text("「個人の方」を選択した場合に入力する項目")).to_be_attached()
    page.goto("/useridmg/mypage")
    said = MyPage(page).page.locator("body").text_content() or ""
    assert [words for words in UNTRUE if words in said] == []


@with_javascript
def test_refused_cookies_are_named(page: Page, company: Persona) -> None:
    """A right password that leads back to log-in says why."""

    def without_cookies(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        page.context.clear_cookies()
        headers = {name: text for name, text in answer.headers.items() if name != "set-cookie"}
        route.fulfill(response=answer, headers=headers)

    page.route("**/useridmg/**", without_cookies)
    login = Login.open(page)
    login.submit(company.payment_id, company.password)
    expect(page.get_by_text("このサイトのCookieを許可してから")).to_be_visible()
