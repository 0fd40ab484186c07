"""The way to where a journey begins, for those that are not about the way."""

from playwright.sync_api import Page

from .pages.login import Login
from .pages.my_page import MyPage
from .pages.profile import ProfileEdit
from .personas import Persona


def my_page_of(page: Page, persona: Persona) -> MyPage:
    """Log in."""
    return Login.open(page).log_in(persona.payment_id, persona.password)


def edit_of(page: Page, persona: Persona) -> ProfileEdit:
    """Log in and go to 利用者情報変更."""
    return my_page_of(page, persona).to_profile()
