"""Passkeys without JavaScript: nothing of them shows, and who has one is told what it needs."""

from playwright.sync_api import Page, expect

from .conftest import Site
from .modes import without_javascript
from .screens import factors_at, with_a_passkey
from .stage import Stage

pytestmark = without_javascript


def test_without_script_nothing_of_passkeys_shows(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    for path in ("/useridmg/login", "/office/login"):
        stage.open(path)
        expect(page.get_by_text("パスキー").locator("visible=true")).to_have_count(0)
    stage.logged_in(stage.cast.company, "/useridmg/factors")
    stage.heading("ログインの方法")
    expect(page.get_by_text("パスキー").locator("visible=true")).to_have_count(0)


def test_without_script_the_code_does_everything(page: Page, site: Site) -> None:
    """Who has a passkey, too, logs in by the code, and sees what is registered."""
    stage = Stage(page, site, {})
    with_a_passkey(factors_at("/useridmg/factors"))(stage)
    stage.says("花子のスマートフォン")
    expect(page.get_by_role("link", name="パスキーを登録")).to_be_hidden()
