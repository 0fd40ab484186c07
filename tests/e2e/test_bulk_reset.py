"""4. 一括利用者パスワード初期化."""

from playwright.sync_api import Page, expect

from .conftest import Site
from .mail_wording import BULK, is_guide, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.password_reset import BulkNewPassword
from .pages.portal import Portal
from .personas import Persona, new_password


def test_the_bulk_password_is_reset_as_in_the_manual(
    page: Page, company: Persona, mailbox: Mailbox, site: Site
) -> None:
    my_page = Portal.open(page).to_login().log_in(company.payment_id, company.password)
    confirm = my_page.to_bulk_reset()
    as_in_the_manual(confirm)
    assert confirm.facts() == {
        "一括利用者ID": company.bulk_id,
        "利用者管理用メールアドレス": company.email,
    }
    as_in_the_manual(confirm.request())
    guide = mailbox.expect(to=company.email, subject=BULK.guide_subject)
    is_guide(guide, BULK, site.url, site.cast.service)

    page.goto(guide.link)
    wanted = BulkNewPassword(page)
    as_in_the_manual(wanted)
    expect(wanted.main).to_contain_text(company.bulk_id)
    assert "key=" not in page.url

    password = new_password()
    complete = wanted.set(password)
    as_in_the_manual(complete)
    done = mailbox.expect(to=company.email, subject=BULK.completed_subject)
    is_notice(done, site.cast.service)
    assert password not in done.text
    mailbox.expect_no_other()
    complete.finish()
    as_in_the_manual(Portal(page))
