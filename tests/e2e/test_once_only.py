"""Nothing happens twice, and going back never undoes or repeats what was done."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from .mail_wording import BULK, PASSWORD_CHANGED, PAYMENT, PROFILE_CHANGED
from .mailbox import Mailbox
from .modes import with_javascript
from .pages.login import Login
from .pages.password_change import PasswordChange, PasswordChanged
from .pages.password_reset import (
    BulkComplete,
    BulkNewPassword,
    PaymentComplete,
    PaymentNewPassword,
    PaymentRequest,
)
from .pages.profile import ProfileComplete, ProfileConfirm, ProfileEdit
from .pages.screen import Screen
from .personas import Cast, Persona, new_password
from .shortcuts import changing, my_page_of
from .traffic import Held, requests_of
from .travel import back


def test_pressing_next_and_apply_twice_does_everything_once(
    page: Page, company: Persona, mailbox: Mailbox, javascript: bool
) -> None:
    edit = changing(page, company)
    sent = requests_of(page)
    edit.button("次へ").dblclick()
    confirm = ProfileConfirm(page)
    confirm.button("確定").dblclick()
    ProfileComplete(page)
    if javascript:
        posts = [request.url for request in sent if request.method == "POST"]
        pressed = [url for url in posts if "/check" not in url]  # a check may be on its way
        assert len(pressed) == 2, posts
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


@with_javascript
def test_pressing_again_while_the_answer_is_late_sends_nothing_more(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    confirm = changing(page, company).next()
    sent = Held(page, "**/useridmg/profile/confirm*")
    confirm.button("確定").dblclick()
    confirm.button("確定").press("Enter")
    sent.wait_for(1)
    confirm.button("確定").click()
    expect(confirm.main.get_by_text("送信しています…")).to_be_visible()
    assert len(sent) == 1
    sent.release(0)
    ProfileComplete(page)
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


def test_going_back_after_completion_and_reloading_it_change_nothing(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    changing(page, company).next().apply()
    receipt = page.url
    page.reload()
    ProfileComplete(page)
    back(page)
    expect(page).to_have_url(receipt)
    ProfileComplete(page)
    back(page)
    ProfileEdit(page)
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


@dataclass(frozen=True)
class Form:
    """A form that does something: how to get there, what to type, and where it ends."""

    reach: Callable[[Page, Persona, Mailbox], object]
    fill: Callable[[Page, Persona, str], Locator]
    done: type[Screen]
    subject: str
    sets_log_in: bool = False


def _to_payment_reset(page: Page, person: Persona, mailbox: Mailbox) -> None:
    PaymentRequest.open(page).request(person.payment_id, person.email)
    page.goto(mailbox.expect(to=person.email, subject=PAYMENT.guide_subject).link)


def _to_bulk_reset(page: Page, person: Persona, mailbox: Mailbox) -> None:
    my_page_of(page, person).to_bulk_reset().request()
    page.goto(mailbox.expect(to=person.email, subject=BULK.guide_subject).link)


def _wanted(
    screen: type[PaymentNewPassword | BulkNewPassword],
) -> Callable[[Page, Persona, str], Locator]:
    def fill(page: Page, _: Persona, password: str) -> Locator:
        form = screen(page)
        form.password.fill(password)
        form.password_again.fill(password)
        return form.button("パスワード初期化")

    return fill


def _change(page: Page, person: Persona, password: str) -> Locator:
    form = PasswordChange(page)
    form.payment_id.fill(person.payment_id)
    form.current.fill(person.password)
    form.new.fill(password)
    form.new_again.fill(password)
    return form.button("変更")


FORMS = {
    "profile": Form(
        lambda page, person, _: changing(page, person).next(),
        lambda page, *_: ProfileConfirm(page).button("確定"),
        ProfileComplete,
        PROFILE_CHANGED,
    ),
    "password change": Form(
        lambda page, *_: Login.open(page).to_password_change(),
        _change,
        PasswordChanged,
        PASSWORD_CHANGED,
        sets_log_in=True,
    ),
    "payment reset": Form(
        _to_payment_reset,
        _wanted(PaymentNewPassword),
        PaymentComplete,
        PAYMENT.completed_subject,
        sets_log_in=True,
    ),
    "bulk reset": Form(
        _to_bulk_reset, _wanted(BulkNewPassword), BulkComplete, BULK.completed_subject
    ),
}


def _double_click(button: Locator) -> None:
    button.dblclick()


def _five_times_enter(button: Locator) -> None:
    button.focus()
    for _ in range(5):
        button.page.keyboard.press("Enter")


@pytest.mark.parametrize("press", [_double_click, _five_times_enter])
@pytest.mark.parametrize("name", FORMS)
def test_however_it_is_pressed_and_reloaded_it_is_done_once(
    page: Page,
    company: Persona,
    mailbox: Mailbox,
    cast: Cast,
    *,
    name: str,
    press: Callable[[Locator], None],
) -> None:
    form, password = FORMS[name], new_password()
    form.reach(page, company, mailbox)
    press(form.fill(page, company, password))
    facts = form.done(page).facts()
    if form.sets_log_in:
        cast.password_changed(company, password)
    page.reload()
    assert form.done(page).facts() == facts
    mailbox.expect(to=company.email, subject=form.subject)
    mailbox.expect_no_other()


@pytest.mark.parametrize("name", ["profile", "payment reset", "bulk reset"])
def test_the_same_step_in_two_tabs_ends_on_the_same_page_and_is_done_once(
    page: Page, individual: Persona, mailbox: Mailbox, cast: Cast, name: str
) -> None:
    form, password = FORMS[name], new_password()
    form.reach(page, individual, mailbox)
    other = page.context.new_page()
    other.goto(page.url)
    presses = [form.fill(each, individual, password) for each in (page, other)]
    for button in presses:
        button.click()
    first, second = (form.done(each) for each in (page, other))
    if form.sets_log_in:
        cast.password_changed(individual, password)
    assert page.url == other.url
    assert first.facts() == second.facts()
    mailbox.expect(to=individual.email, subject=form.subject)
    mailbox.expect_no_other()
