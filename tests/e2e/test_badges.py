"""Badges follow what was typed and chosen, as in the manual's pictures; about scripts alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .pages.login import Login
from .pages.password_change import PasswordChange
from .pages.screen import Screen
from .personas import Persona
from .shortcuts import my_page_of
from .traffic import Held

pytestmark = with_javascript


def badge(screen: Screen, name: str) -> Locator:
    return screen.main.locator(f"#{name}-badge")


def test_passwords_are_ok_when_they_are_there_and_the_same(page: Page) -> None:
    """現在のパスワード says that it is filled, never that it is right; chapter 5, picture 2."""
    change = PasswordChange.open(page)
    for name in ("user_id", "current_password", "new_password", "new_password_again"):
        expect(badge(change, name)).to_have_text("必須")
    change.payment_id.fill("KNCA6288")
    change.current.fill("wrong, but there")
    change.new.fill("midori-no-hoshi-2026")
    change.new_again.fill("midori-no-hoshi-202")
    expect(badge(change, "user_id")).to_have_text("OK")
    expect(badge(change, "current_password")).to_have_text("OK")
    expect(badge(change, "new_password_again")).to_have_text("必須")
    change.new_again.fill("midori-no-hoshi-2026")
    expect(badge(change, "new_password")).to_have_text("OK")
    expect(badge(change, "new_password_again")).to_have_text("OK")
    change.new.fill("midori-no-hoshi-2027")
    expect(badge(change, "new_password_again")).to_have_text("必須")
    change.current.fill("")
    expect(badge(change, "current_password")).to_have_text("必須")


def test_the_id_of_who_is_logged_in_is_there_and_ok(page: Page, company: Persona) -> None:
    my_page_of(page, company)
    change = PasswordChange.open(page)
    expect(change.payment_id).to_have_value(company.payment_id)
    expect(badge(change, "user_id")).to_have_text("OK")


def test_bank_branch_and_kind_of_deposit_turn_ok(page: Page, individual: Persona) -> None:
    my_page_of(page, individual).link("国庫金ダイレクト納付口座新規作成").click()
    edit = DebitEdit(page, "国庫金", "新規作成")
    bank, branch = edit.field("金融機関"), edit.field("支店")
    expect(badge(edit, "deposit")).to_have_text("必須")
    edit.choose("普通")
    expect(badge(edit, "deposit")).to_have_text("OK")
    bank.press_sequentially("みず")
    expect(badge(edit, "bank")).to_have_text("必須")
    edit.main.get_by_role("option", name="みずほ").first.click()
    expect(badge(edit, "bank")).to_have_text("OK")
    branch.press_sequentially("001")
    expect(badge(edit, "branch")).to_have_text("OK")
    bank.fill("0005")
    expect(badge(edit, "bank")).to_have_text("OK")
    expect(badge(edit, "branch")).to_have_text("必須")


def test_the_errors_of_the_group_that_is_not_chosen_go(page: Page, individual: Persona) -> None:
    my_page_of(page, individual).link("地方税ダイレクト納付口座新規作成").click()
    edit = DebitEdit(page, "地方税", "新規作成")
    edit.button("次へ").last.click()
    lines = edit.problems.get_by_role("listitem")
    with_bank = lines.filter(has_text="金融機関を入力してください。")
    expect(with_bank).to_have_count(1)
    edit.choose("普通")
    expect(lines.filter(has_text="預金種目")).to_have_count(0)
    edit.choose("ゆうちょ銀行")
    expect(with_bank).to_have_count(0)
    expect(lines.filter(has_text="住所を入力してください。")).to_have_count(1)
    edit.choose("銀行、信用金庫など")
    expect(with_bank).to_have_count(1)
    expect(lines.filter(has_text="預金種目")).to_have_count(0)


def test_a_refused_answer_is_ok_when_another_one_is_given_and_its_error_goes(page: Page) -> None:
    """Orca read the old error and OK in one breath; no button moves meanwhile."""
    login = Login.open(page)
    login.button("ログイン").click()
    error = login.main.locator("#user_id-error .error")
    expect(error).to_be_visible()
    height = login.button("ログイン").bounding_box()
    login.payment_id.press_sequentially("KNCA9999")
    expect(badge(login, "user_id")).to_have_text("必須")
    login.payment_id.press("Tab")
    expect(badge(login, "user_id")).to_have_text("OK")
    expect(error).to_be_hidden()
    expect(login.payment_id).to_have_attribute("aria-invalid", "false")
    expect(login.payment_id).to_have_accessible_description("OK")
    assert login.button("ログイン").bounding_box() == height
    expect(badge(login, "password")).to_have_text("必須")
    expect(login.main.locator("#password-error .error")).to_be_visible()


def test_passwords_that_differed_are_ok_when_they_are_typed_anew(page: Page) -> None:
    change = PasswordChange.open(page)
    change.new.fill("midori-no-hoshi-2026")
    change.new_again.fill("midori-no-hoshi-202")
    change.button("変更").click()
    expect(change.problems).to_be_visible()
    expect(change.new_again).to_have_attribute("aria-invalid", "true")
    change.new_again.fill("midori-no-hoshi-2026")
    change.new.fill("midori-no-hoshi-2026")
    change.new.press("Tab")
    expect(badge(change, "new_password_again")).to_have_text("OK")
    expect(change.new_again).to_have_attribute("aria-invalid", "false")


def test_log_in_says_that_both_are_there(page: Page) -> None:
    login = Login.open(page)
    login.payment_id.fill("KNCA9999")
    login.password.fill("anything")
    expect(badge(login, "user_id")).to_have_text("OK")
    expect(badge(login, "password")).to_have_text("OK")


@pytest.mark.parametrize("returns", [False, True], ids=["left", "returned to"])
def test_what_was_corrected_before_the_script_of_badges_came_is_ok(
    page: Page, returns: bool
) -> None:
    """A slow network: the script is asked for at the first touch, and comes after the last."""
    login = Login.open(page)
    login.button("ログイン").click()
    error = login.main.locator("#user_id-error .error")
    expect(error).to_be_visible()
    script = Held(page, "**/badges*", "GET")
    login.payment_id.fill("KNCA9999")
    login.payment_id.press("Tab")
    if returns:
        login.payment_id.focus()
    script.wait_for(1)
    loaded = page.expect_response("**/badges*")
    with loaded:
        script.release(0)
    if returns:
        login.password.focus()
    expect(badge(login, "user_id")).to_have_text("OK")
    expect(error).to_be_hidden()
    expect(login.payment_id).to_have_attribute("aria-invalid", "false")
    expect(badge(login, "password")).to_have_text("必須")
