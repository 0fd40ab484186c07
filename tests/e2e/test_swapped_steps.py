"""With JavaScript 入力 → 確認 → 完了 runs inside one document; it must not feel like a trick."""

import re

from playwright.sync_api import Page, expect

from .mail_wording import BULK, PAYMENT
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .modes import with_javascript
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentNewPassword, PaymentRequest
from .pages.screen import Screen
from .personas import Cast, Persona, new_password
from .shortcuts import changing, edit_of, my_page_of

pytestmark = with_javascript


def arrived(screen: Screen) -> None:
    """Focus on the new title, the title in the tab, the top of the page in view."""
    as_in_the_manual(screen)
    expect(screen.title).to_be_focused()
    expect(screen.title).to_be_in_viewport()


def test_each_step_takes_the_focus_and_the_title_with_it(page: Page, company: Persona) -> None:
    edit = changing(page, company)
    page.evaluate("window.sameDocument = true")
    confirm = edit.next()
    arrived(confirm)
    expect(page).to_have_url(re.compile(r"/useridmg/profile/confirm\?draft="))
    complete = confirm.apply()
    arrived(complete)
    expect(page).to_have_url(re.compile(r"/useridmg/profile/complete\?receipt="))
    assert page.evaluate("window.sameDocument") is True


def test_the_steps_of_the_resets_do_so_too(
    page: Page, company: Persona, mailbox: Mailbox, cast: Cast
) -> None:
    my_page = my_page_of(page, company)
    arrived(my_page.to_bulk_reset().request())
    mailbox.expect(to=company.email, subject=BULK.guide_subject)

    page.context.clear_cookies(name="session")  # whose log-in ends leaves to a whole page
    arrived(PaymentRequest.open(page).request(company.payment_id, company.email))
    page.goto(mailbox.expect(to=company.email, subject=PAYMENT.guide_subject).link)
    password = new_password()
    complete = PaymentNewPassword(page).set(password)
    cast.password_changed(company, password)
    arrived(complete)
    mailbox.expect(to=company.email, subject=PAYMENT.completed_subject)


def test_the_change_of_the_password_does_so_too(
    page: Page, individual: Persona, cast: Cast
) -> None:
    change = PasswordChange.open(page)
    change.payment_id.fill(individual.payment_id)
    password = new_password()
    changed = change.change(individual.password, password)
    cast.password_changed(individual, password)
    arrived(changed)


def test_a_refusal_takes_the_focus_to_the_list_of_problems(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    address = page.url
    entries = page.evaluate("history.length")
    edit.company_kana.fill("")
    edit.button("次へ").click()
    expect(edit.problems).to_be_visible()
    expect(page.locator(":focus")).to_have_role("group")
    expect(page.locator(":focus")).to_have_accessible_name("入力内容に問題があります")
    expect(page).to_have_title(re.compile(r"^エラー："))
    assert page.url == address
    assert page.evaluate("history.length") == entries


def test_my_page_is_refreshed_without_a_reload_and_keeps_the_focus(
    page: Page, company: Persona
) -> None:
    my_page = my_page_of(page, company)
    page.evaluate("window.sameDocument = true")
    with page.expect_response(re.compile(r"/useridmg/mypage")):
        my_page.refresh()
    expect(my_page.button("最新の情報に更新")).to_be_focused()
    assert page.evaluate("window.sameDocument") is True
