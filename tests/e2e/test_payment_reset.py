"""6. 納付利用者パスワード初期化."""

from http import HTTPStatus

from playwright.sync_api import Page, expect

from .conftest import Site
from .mail_wording import PAYMENT, is_guide, is_notice
from .mailbox import Mailbox
from .manual import as_in_the_manual
from .pages.login import Login
from .pages.password_reset import PaymentNewPassword, PaymentRequest, SpentLink
from .pages.portal import Portal
from .personas import Cast, Persona, new_password
from .plain_http import fetch

UNKNOWN_ID = "KNCA9999"


def test_the_payment_password_is_reset_as_in_the_manual(
    page: Page, company: Persona, mailbox: Mailbox, site: Site
) -> None:
    request = Portal.open(page).to_login().to_password_reset()
    as_in_the_manual(request)
    as_in_the_manual(request.request(company.payment_id, company.email))
    guide = mailbox.expect(to=company.email, subject=PAYMENT.guide_subject)
    is_guide(guide, PAYMENT, site.url, site.cast.service)

    page.goto(guide.link)
    wanted = PaymentNewPassword(page)
    as_in_the_manual(wanted)
    expect(wanted.main).to_contain_text(company.payment_id)
    assert "key=" not in page.url

    password = new_password()
    complete = wanted.set(password)
    site.cast.password_changed(company, password)
    as_in_the_manual(complete)
    done = mailbox.expect(to=company.email, subject=PAYMENT.completed_subject)
    is_notice(done, site.cast.service)
    assert password not in done.text
    mailbox.expect_no_other()

    complete.finish()
    Portal(page).to_login().log_in(company.payment_id, password)


def test_scanners_that_open_the_link_first_do_not_use_it_up_but_its_owner_does(
    page: Page, individual: Persona, mailbox: Mailbox, cast: Cast
) -> None:
    request = PaymentRequest.open(page)
    request.request(individual.payment_id, individual.email)
    link = mailbox.expect(to=individual.email, subject=PAYMENT.guide_subject).link
    for turn in range(20):
        scan = fetch(link, method="HEAD" if turn % 4 == 3 else "GET")
        assert scan.status == HTTPStatus.SEE_OTHER
        assert link.partition("key=")[2] not in scan.headers["location"]

    page.goto(link)
    password = new_password()
    PaymentNewPassword(page).set(password)
    cast.password_changed(individual, password)
    mailbox.expect(to=individual.email, subject=PAYMENT.completed_subject)
    _is_gone(page, link)
    Login.open(page).log_in(individual.payment_id, password)
    mailbox.expect_no_other()


def _is_gone(page: Page, link: str) -> None:
    """A page of its own says what to do instead."""
    answer = page.goto(link)
    assert answer is not None
    assert answer.status == HTTPStatus.GONE
    SpentLink(page).ask_again()
