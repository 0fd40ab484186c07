"""The log-in ends in the middle: nothing typed is lost, and nobody else sees it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Site
from .mailbox import Mailbox
from .modes import with_javascript
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.portal import Portal
from .pages.profile import ProfileEdit
from .personas import Persona
from .shortcuts import changing, edit_of, finishes, my_page_of
from .stage import EDIT, Stage
from .travel import back

A_MINUTE, TEN_MINUTES, AN_HOUR = 60, 600, 3600
TO_THE_WARNING = "28:30"
TIMES = 10
PARKED = "入力した内容は保存してあります。"
LOGGED_OUT = "ログアウトしました。"
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

End = Callable[[Page, Site], None]


def by_the_clock(page: Page, site: Site) -> None:
    Stage(page, site, {}).set_ahead(AN_HOUR)


def by_another_tab(page: Page, site: Site) -> None:
    tab = page.context.new_page()
    MyPage.open(tab).finish()
    Portal(tab)
    tab.close()


ENDS = pytest.mark.parametrize(
    "end", [by_the_clock, by_another_tab], ids=["by the clock", "by another tab"]
)


def log_in_again(page: Page, persona: Persona) -> None:
    Login(page).submit(persona.payment_id, persona.password)


def test_a_log_in_that_ran_out_before_next_leads_back_to_the_input(
    page: Page, company: Persona, mailbox: Mailbox, site: Site
) -> None:
    edit = edit_of(page, company)
    name = "入力の太郎"
    edit.representative.fill(name)
    edit.notice_email.fill("だれか")
    by_the_clock(page, site)
    edit.button("次へ").click()
    expect(Login(page).main).to_contain_text(PARKED)
    log_in_again(page, company)
    edit = ProfileEdit(page)
    expect(edit.representative).to_have_value(name)
    expect(edit.notice_email).to_have_value("だれか")
    edit.notice_email.fill("")
    edit.next()
    finishes(page, company, name, mailbox)


@ENDS
def test_a_log_in_that_ended_before_apply_leads_back_to_the_confirmation(
    page: Page, company: Persona, mailbox: Mailbox, site: Site, end: End
) -> None:
    name = f"確認の{end.__name__}".translate(FULL_WIDTH)
    edit = edit_of(page, company)
    edit.representative.fill(name)
    confirm = edit.next()
    end(page, site)
    confirm.button("確定").click()
    expect(Login(page).main).to_contain_text(PARKED)
    log_in_again(page, company)
    finishes(page, company, name, mailbox)


def warned(page: Page) -> Locator:
    page.clock.fast_forward(TO_THE_WARNING)
    return is_warned(page)


def is_warned(page: Page) -> Locator:
    """The dialog of two minutes before, with the focus in it."""
    dialog = page.get_by_role("alertdialog", name="まもなく自動的にログアウトします", exact=True)
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_description(re.compile("あと(1分|2分).*でログアウトします。"))
    expect(dialog.get_by_role("button", name="続ける", exact=True)).to_be_focused()
    return dialog


def edit_with_a_clock(page: Page, persona: Persona) -> ProfileEdit:
    """The server says 100 seconds when asked, as it does at the end of 30 minutes."""
    page.clock.install()
    page.route("**/useridmg/session", lambda route: route.fulfill(json={"seconds": 100}))
    return counting_down(edit_of(page, persona))


def counting_down(edit: ProfileEdit) -> ProfileEdit:
    """The heading stands before the scripts have run: a clock set ahead then would be too early."""
    edit.page.wait_for_load_state()
    return edit


@with_javascript
@pytest.mark.parametrize("answer", ["Enter", "Escape"])
def test_the_dialog_before_the_end_is_answered_by_a_key_and_extends_as_often_as_it_comes(
    page: Page, company: Persona, site: Site, answer: str
) -> None:
    edit = edit_with_a_clock(page, company)
    with page.expect_response("**/profile/check") as checked:
        edit.representative.fill("書きかけ")
        edit.representative.blur()
    checked.value.finished()  # a check under way would be given up when the clock is set ahead
    for _ in range(TIMES):
        dialog = warned(page)
        Stage(page, site, {}).set_ahead(TEN_MINUTES)
        with page.expect_response("**/useridmg/session/stay") as stay:
            page.keyboard.press(answer)
        assert stay.value.json()["seconds"] >= 3 * TEN_MINUTES - 1
        expect(dialog).to_be_hidden()
    expect(edit.representative).to_have_value("書きかけ")
    edit.next()


@with_javascript
def test_before_the_last_two_minutes_there_is_no_dialog(page: Page, company: Persona) -> None:
    edit_with_a_clock(page, company)
    page.clock.fast_forward("27:50")
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.fast_forward("00:15")
    expect(page.get_by_role("alertdialog")).to_be_visible()


@with_javascript
def test_the_end_of_a_log_in_is_announced_by_the_servers_clock(
    page: Page, company: Persona, site: Site
) -> None:
    """Eight hours are the most: who comes to a page shortly before is told at once, in any engine."""
    stage = Stage(page, site, {})
    my_page_of(page, company)
    for _ in range(23):
        stage.set_ahead(TEN_MINUTES)
        stage.set_ahead(TEN_MINUTES)
        MyPage.open(page)  # an act in time, before thirty minutes are over
    stage.set_ahead(TEN_MINUTES)
    for _ in range(8):
        stage.set_ahead(A_MINUTE)
    stage.open(EDIT)
    dialog = is_warned(page)
    stage.set_ahead(TEN_MINUTES)
    page.keyboard.press("Enter")
    expect(Login(page).main).to_contain_text(PARKED)
    expect(dialog).to_have_count(0)
    log_in_again(page, company)
    ProfileEdit(page)


@with_javascript
@pytest.mark.parametrize("step", ["入力", "確認"])
def test_when_the_time_is_over_the_page_leads_to_log_in_and_back_to_the_input(
    page: Page, company: Persona, mailbox: Mailbox, site: Site, step: str
) -> None:
    name = f"時間切れの{step}"
    page.clock.install()
    edit = counting_down(edit_of(page, company))
    edit.representative.fill(name)
    if step == "確認":
        edit.next()
    by_the_clock(page, site)
    page.clock.fast_forward(TO_THE_WARNING)
    expect(Login(page).main).to_contain_text(PARKED if step == "入力" else LOGGED_OUT)
    log_in_again(page, company)
    if step == "入力":
        expect(ProfileEdit(page).representative).to_have_value(name)
        ProfileEdit(page).next()
    finishes(page, company, name, mailbox)


def test_every_page_behind_the_log_in_says_when_it_ends(page: Page, company: Persona) -> None:
    edit = changing(page, company)
    ends = page.get_by_role("region", name="自動ログアウト", exact=True)
    says = re.compile(r"操作がない場合、.*\d\d?時 ?\d\d分.*に自動的にログアウトします。")
    expect(ends).to_contain_text(says)
    edit.next()
    expect(ends).to_contain_text(says)


def test_after_logging_out_going_back_shows_nothing_personal(page: Page, company: Persona) -> None:
    changing(page, company).next()
    MyPage.open(page).finish()
    Portal(page)
    for _ in "マイページ", "依頼の確認", "依頼の入力":
        back(page)
        Login(page)
        for personal in (company.name, company.email, company.representative):
            assert personal not in page.content()
