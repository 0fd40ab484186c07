"""The way to where a journey begins, for those that are not about the way."""

from secrets import token_hex

from playwright.sync_api import Page

from .mail_wording import PROFILE_CHANGED
from .mailbox import Mailbox
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.profile import ProfileConfirm, ProfileEdit
from .personas import Persona


def my_page_of(page: Page, persona: Persona) -> MyPage:
    """Log in."""
    return Login.open(page).log_in(persona.payment_id, persona.password)


def edit_of(page: Page, persona: Persona) -> ProfileEdit:
    """Log in and go to 利用者情報変更."""
    return my_page_of(page, persona).to_profile()


def changing(page: Page, persona: Persona) -> ProfileEdit:
    """Log in and change something that no other journey asks about."""
    edit = edit_of(page, persona)
    edit.type_notice_email(f"{token_hex(4)}@example.jp")
    return edit


def no_notice_address(page: Page, persona: Persona) -> None:
    """Take back what the procedure of the manual has changed, so that it can be walked again."""
    edit = edit_of(page, persona)
    edit.type_notice_email("")
    edit.next().apply()


def finishes(page: Page, persona: Persona, name: str, mailbox: Mailbox) -> None:
    """One change, one mail, and My Page shows it."""
    confirm = ProfileConfirm(page)
    assert confirm.facts()["代表者名"].startswith(name)
    confirm.apply().to_my_page()
    assert MyPage(page).facts()["代表者名"] == name
    mailbox.expect(to=persona.email, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()
