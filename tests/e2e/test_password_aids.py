"""パスワード表示 and the on-screen keyboard, which exist only with JavaScript."""

from playwright.sync_api import Page, expect

from .mail_wording import PAYMENT
from .mailbox import Mailbox
from .modes import with_javascript
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentNewPassword, PaymentRequest
from .pages.screen import Screen
from .personas import Persona
from .traffic import HeldInside


def test_every_screen_with_passwords_has_the_aids_where_they_work(
    page: Page, individual: Persona, mailbox: Mailbox, javascript: bool
) -> None:
    def has_aids(screen: Screen) -> None:
        for aid in (screen.show_passwords, screen.keyboard.opener):
            expect(aid).to_be_visible(visible=javascript)

    has_aids(Login.open(page))
    has_aids(PasswordChange.open(page))
    PaymentRequest.open(page).request(individual.payment_id, individual.email)
    page.goto(mailbox.expect(to=individual.email, subject=PAYMENT.guide_subject).link)
    has_aids(PaymentNewPassword(page))


@with_javascript
def test_a_tick_shows_every_password_of_the_screen_and_hides_them_again(page: Page) -> None:
    change = PasswordChange.open(page)
    passwords = (change.current, change.new, change.new_again)
    for password in passwords:
        password.fill("kurenai-no-kumo")
        expect(password).to_have_attribute("type", "password")
    change.show_passwords.check()
    for password in passwords:
        expect(password).to_have_attribute("type", "text")
        expect(password).to_have_value("kurenai-no-kumo")
    change.show_passwords.uncheck()
    for password in passwords:
        expect(password).to_have_attribute("type", "password")


@with_javascript
def test_a_shown_password_is_hidden_again_as_soon_as_it_is_sent(
    page: Page, company: Persona
) -> None:
    login = Login.open(page)
    login.payment_id.fill(company.payment_id)
    login.show_passwords.check()
    login.password.fill("not-the-password-at-all")
    sent = HeldInside(page)
    login.button("ログイン").click()
    sent.wait()
    expect(login.password).to_have_attribute("type", "password")
    expect(login.show_passwords).not_to_be_checked()
    sent.release()
    expect(login.problems).to_be_visible()
    expect(login.password).to_have_attribute("type", "password")
    expect(login.password).to_have_value("")


@with_javascript
def test_a_password_can_be_typed_on_the_screen(page: Page, company: Persona) -> None:
    login = Login.open(page)
    login.payment_id.fill(company.payment_id)
    keyboard = login.keyboard
    keyboard.open()
    keyboard.type("ab", "大文字", "C", "大文字", "1@x", "1文字消す")
    expect(login.password).to_have_value("abC1@")
    keyboard.type("すべて消す")
    expect(login.password).to_have_value("")
    keyboard.type(*company.password.translate({ord("-"): None}))
    expect(login.password).to_have_value(company.password.replace("-", ""))
    keyboard.close()
    expect(keyboard.keys).to_be_hidden()
    expect(keyboard.opener).to_be_focused()


@with_javascript
def test_the_keyboard_on_the_screen_works_from_the_keyboard_alone(
    page: Page, company: Persona
) -> None:
    login = Login.open(page)
    login.payment_id.fill(company.payment_id)
    login.password.fill(company.password[:-1])
    login.keyboard.opener.focus()
    page.keyboard.press("Enter")
    login.keyboard.key(company.password[-1]).focus()
    page.keyboard.press("Space")
    expect(login.password).to_have_value(company.password)
    page.keyboard.press("Escape")
    expect(login.keyboard.keys).to_be_hidden()
    expect(login.keyboard.opener).to_be_focused()
    login.button("ログイン").click()
    MyPage(page)
