"""5. 納付利用者パスワード変更."""

from playwright.sync_api import Page, expect

from .mail_wording import PASSWORD_CHANGED, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.login import Login
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
