"""Where a 補足 speaks of another situation than its step's: the way there, and that it is true."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from .pages.login import Login
from .pages.password_change import PasswordChange
from .pages.screen import Screen
from .personas import Cast
from .shortcuts import edit_of


def _expired(page: Page, cast: Cast) -> Screen:
    """Log in with a password that is too old, and change nothing."""
    Login.open(page).submit(cast.expired.payment_id, cast.expired.password)
    change = PasswordChange(page)
    expect(change.main).to_contain_text("有効期限が切れています")
    return change


def _new_address(page: Page, cast: Cast) -> Screen:
    """Type another address, and stop before it is registered."""
    edit = edit_of(page, cast.company)
    edit.type_email("another@example.jp")
    confirm = edit.next()
    expect(confirm.current_password).to_be_visible()
    return confirm


SITUATIONS: dict[str, Callable[[Page, Cast], Screen]] = {
    "expired": _expired,
    "new address": _new_address,
}
