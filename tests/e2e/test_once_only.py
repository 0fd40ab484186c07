"""Nothing happens twice, and going back never undoes or repeats what was done."""

from playwright.sync_api import Page, expect

from .mail_wording import BULK, PROFILE_CHANGED
from .mailbox import Mailbox
from .modes import with_javascript
from .pages.password_reset import BulkAccepted
from .pages.profile import ProfileComplete, ProfileConfirm, ProfileEdit
from .personas import Persona
from .shortcuts import edit_of, my_page_of
from .traffic import Held, requests_of


def test_pressing_next_and_apply_twice_does_everything_once(
    page: Page, company: Persona, mailbox: Mailbox, javascript: bool
) -> None:
    edit = edit_of(page, company)
    sent = requests_of(page)
    edit.button("次へ").dblclick()
    confirm = ProfileConfirm(page)
    confirm.button("確定").dblclick()
    ProfileComplete(page)
    if javascript:
        posts = [request.url for request in sent if request.method == "POST"]
        assert len(posts) == 2, posts
    mailbox.expect(to=company.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


@with_javascript
def test_pressing_again_while_the_answer_is_late_sends_nothing_more(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    confirm = edit_of(page, company).next()
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
    my_page = my_page_of(page, company)
    confirm = my_page.to_bulk_reset()
    confirm.button("パスワード初期化依頼").dblclick()
    BulkAccepted(page)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    mailbox.expect(to=company.email, subject=BULK.guide_subject)
    mailbox.expect_no_other()
