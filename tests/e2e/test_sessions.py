"""ログイン中の端末: seeing where one is logged in, and ending it from elsewhere."""

import pytest
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from .conftest import PATIENCE_MS
from .modes import with_javascript
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.portal import Portal
from .pages.profile import ProfileEdit
from .pages.sessions import Sessions
from .personas import Persona
from .shortcuts import edit_of, my_page_of
from .travel import back

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)
ENDED, OTHERS_ENDED = (
    "選んだ端末をログアウトさせました。",
    "ほかの端末をすべてログアウトさせました。",
)


@pytest.fixture
def phone(new_context: CreateContextCallback) -> Page:
    """Another browser of the same person."""
    page = new_context(user_agent=PHONE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def alone(my_page: MyPage) -> Sessions:
    """Go to the list and end what other journeys have left."""
    sessions = my_page.to_sessions()
    if sessions.devices.count() > 1:
        sessions = sessions.end_others()
    expect(sessions.devices).to_have_count(1)
    return sessions


def test_a_device_is_seen_and_logged_out_from_another(
    page: Page, phone: Page, company: Persona
) -> None:
    alone(my_page_of(page, company)).back()
    my_page_of(phone, company)
    sessions = MyPage(page).to_sessions()
    expect(sessions.devices).to_have_count(2)
    expect(sessions.devices.first).to_contain_text("この端末")
    expect(sessions.device("Safari（iPhone）")).to_contain_text("接続元のアドレス")
    sessions = sessions.end("Safari（iPhone）")
    expect(sessions.main).to_contain_text(ENDED)
    expect(sessions.devices).to_have_count(1)
    MyPage(phone).link("利用者情報変更").click()
    Login(phone).submit(company.payment_id, company.password)
    ProfileEdit(phone)
    page.reload()
    expect(Sessions(page).devices).to_have_count(2)


def test_all_others_are_logged_out_at_once_and_nothing_of_theirs_is_kept(
    page: Page, phone: Page, company: Persona
) -> None:
    edit = edit_of(phone, company)
    edit.representative.fill("電話　太郎")
    sessions = my_page_of(page, company).to_sessions().end_others()
    expect(sessions.main).to_contain_text(OTHERS_ENDED)
    expect(sessions.this_one).to_have_count(1)
    expect(sessions.main).to_contain_text("ほかにログインしている端末はありません。")
    edit.button("次へ").click()
    login = Login(phone)
    expect(login.main).to_contain_text("ログアウトしていたため、操作は完了していません。")
    login.submit(company.payment_id, company.password)
    expect(ProfileEdit(phone).representative).not_to_have_value("電話　太郎")


def test_going_back_after_it_does_not_ask_to_send_again(page: Page, company: Persona) -> None:
    sessions = alone(my_page_of(page, company))
    sessions.back()
    MyPage(page)
    back(page)
    Sessions(page)
    page.reload()
    expect(Sessions(page).this_one).to_have_count(1)


@with_javascript
def test_logging_out_empties_what_the_browser_has_kept(page: Page, company: Persona) -> None:
    my_page = my_page_of(page, company)
    page.evaluate("() => { localStorage.kept = 1; sessionStorage.kept = 1; }")
    my_page.finish()
    Portal(page)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    names = {cookie["name"].removeprefix("__Host-") for cookie in page.context.cookies()}
    assert {"session", "device"} <= names
