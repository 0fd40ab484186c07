"""5. 納付利用者パスワード変更."""

import pytest
from playwright.sync_api import Page, expect

from .mail_wording import PASSWORD_CHANGED, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.login import Login
from .pages.password_change import PasswordChange
from .pages.portal import Portal
from .personas import Cast, Persona, new_password


def test_the_payment_password_is_changed_as_in_the_manual(
    page: Page, company: Persona, cast: Cast, mailbox: Mailbox
) -> None:
    change = Portal.open(page).to_login().to_password_change()
    as_in_the_manual(change)
    old, password = company.password, new_password()
    change.payment_id.fill(company.payment_id)
    changed = change.change(old, password)
    cast.password_changed(company, password)
    as_in_the_manual(changed)
    changed.to_login()

    login = Login(page)
    login.submit(company.payment_id, old)
    expect(login.problems).to_be_visible()
    login.log_in(company.payment_id, password)
    mail = mailbox.expect(to=company.email, subject=PASSWORD_CHANGED)
    is_notice(mail, cast.service)
    assert password not in mail.text
    mailbox.expect_no_other()


def test_a_wrong_current_password_says_no_more_than_the_log_in_does(
    page: Page, individual: Persona, mailbox: Mailbox
) -> None:
    change = Login.open(page).to_password_change()
    change.payment_id.fill(individual.payment_id)
    change.submit("not-the-password-at-all", new_password())
    expect(change.problems).to_be_visible()
    expect(change.payment_id).to_have_value(individual.payment_id)
    for password in (change.current, change.new, change.new_again):
        expect(password).to_have_value("")
    mailbox.expect_no_other()


@pytest.mark.parametrize(
    ("wanted", "again"),
    [
        ("mikan-no-hana-2024-x", "mikan-no-hana-2024-y"),
        ("mijikai", "mijikai"),
        ("password123456", "password123456"),
    ],
    ids=["not the same twice", "too short", "too common"],
)
def test_a_new_password_that_will_not_do_is_refused_with_the_reason(
    page: Page, individual: Persona, wanted: str, again: str
) -> None:
    change = Login.open(page).to_password_change()
    change.payment_id.fill(individual.payment_id)
    change.submit(individual.password, wanted, again)
    expect(change.problems.get_by_role("link")).not_to_have_count(0)
    PasswordChange(page).page.goto("/useridmg/login")
    Login(page).log_in(individual.payment_id, individual.password)
