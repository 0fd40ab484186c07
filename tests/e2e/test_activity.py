"""操作履歴: what happened, what to do when it was somebody else, one's own data."""

from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from .pages.activity import Activity, Disown, Disowned, OwnData
from .pages.login import Login
from .pages.my_page import MyPage
from .personas import Persona
from .shortcuts import my_page_of

LOGGED_IN = "ログインしました"
FAILED = "IDかパスワードが違うため、ログインできませんでした"
WRONG = "現在のパスワードが違います。"


def other_browser(new_context: CreateContextCallback, persona: Persona) -> Page:
    """Somebody else, elsewhere, who knows the password."""
    page = new_context().new_page()
    my_page_of(page, persona)
    return page


def test_what_somebody_else_did_is_disowned_and_shuts_them_out(
    page: Page, company: Persona, new_context: CreateContextCallback
) -> None:
    Login.open(page).submit(company.payment_id, "not-the-password")
    stranger = other_browser(new_context, company)
    activity = my_page_of(page, company).to_activity()
    newest = activity.events()[:3]
    assert [event.startswith(LOGGED_IN) for event in newest] == [True, True, False]
    assert newest[2].startswith(FAILED)

    asked = activity.disown(1)
    assert asked.facts()["操作"] == LOGGED_IN
    asked.submit("not-the-password")
    expect(asked.problems.get_by_role("listitem")).to_contain_text(WRONG)
    done = Disown(page).confirm(company.password)
    number = done.facts()["受付番号"]

    stranger.goto(MyPage.path)
    Login(stranger)

    page.reload()
    assert Disowned(page).facts()["受付番号"] == number
    activity = Disowned(page).to_activity()
    assert activity.events()[0].startswith("心当たりがない操作を届け出ました")
    expect(activity.disowned()).to_have_count(1)
    activity.disowned().click()
    Disowned(page).to_password_change()


def test_the_own_data_are_saved_after_the_password(page: Page, company: Persona) -> None:
    data = my_page_of(page, company).to_own_data()
    data.submit("not-the-password")
    expect(OwnData(page).problems.get_by_role("listitem")).to_contain_text(WRONG)
    name, content = OwnData(page).save(company.password)
    assert name.endswith(".json")
    assert company.payment_id in name
    account = content["利用者情報"][0]
    assert account["納付利用者ID"] == company.payment_id
    assert account["利用者管理用メールアドレス"] == company.email
    assert content["操作履歴"][-1]["内容"] == "登録データを出力しました"
    assert Activity.open(page).events()[0].startswith("登録データを出力しました")


def test_the_own_data_are_read_on_the_screen(page: Page, company: Persona) -> None:
    shown = my_page_of(page, company).to_own_data().show(company.password)
    expect(shown.main).to_contain_text(company.payment_id)
    page.reload()
    expect(shown.main).to_contain_text(company.email)


def test_the_keyboard_alone_is_enough(page: Page, company: Persona) -> None:
    activity = my_page_of(page, company).to_activity()
    activity.disowning().first.focus()
    page.keyboard.press("Enter")
    asked = Disown(page)
    asked.current_password.focus()
    page.keyboard.type(company.password)
    page.keyboard.press("Enter")
    Disowned(page)
