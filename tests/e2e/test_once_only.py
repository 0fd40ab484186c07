"""Nothing happens twice, and going back never undoes or repeats what was done."""

from playwright.sync_api import Page, Request, expect

from .mail_wording import BULK, PROFILE_CHANGED
from .mailbox import Mailbox
from .pages.login import Login
from .pages.password_reset import BulkAccepted
from .pages.profile import ProfileComplete, ProfileConfirm, ProfileEdit
from .personas import Persona


def posts_of(page: Page) -> list[str]:
    """The addresses of all forms sent from now on."""
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and not request.url.endswith("/check"):
            sent.append(request.url)

    page.on("request", note)
    return sent


def edit_of(page: Page, persona: Persona) -> ProfileEdit:
    return Login.open(page).log_in(persona.payment_id, persona.password).to_profile()


def test_pressing_next_and_apply_twice_does_everything_once(
    page: Page, company: Persona, mailbox: Mailbox, javascript: bool
) -> None:
    edit = edit_of(page, company)
    sent = posts_of(page)
    edit.button("次へ").dblclick()
    confirm = ProfileConfirm(page)
    confirm.button("確定").dblclick()
    ProfileComplete(page)
    if javascript:
        assert len(sent) == 2, sent
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


def test_going_back_after_completion_and_reloading_it_change_nothing(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    edit_of(page, company).next().apply()
    receipt = page.url
    page.reload()
    ProfileComplete(page)
    page.go_back()
    ProfileComplete(page)
    assert page.url == receipt
    page.go_back()
    ProfileEdit(page)
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


def test_asking_twice_for_a_bulk_reset_sends_one_mail(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    my_page = Login.open(page).log_in(company.payment_id, company.password)
    confirm = my_page.to_bulk_reset()
    confirm.button("パスワード初期化依頼").dblclick()
    BulkAccepted(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    mailbox.expect(to=company.email, subject=BULK.guide_subject)
    mailbox.expect_no_other()
