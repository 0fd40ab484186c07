"""ログインの方法: the second factor, on the demo's person who has an app."""

from playwright.sync_api import Page, expect

from . import coded
from .conftest import Site
from .personas import new_password
from .screens import factor_new_codes, factors_at, office_at, second_asked
from .stage import Stage
from .travel import back


def test_the_code_of_the_app_logs_in(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    second_asked(stage)
    stage.fill("確認コード", "000000")
    stage.press("確認")
    stage.refused(1)
    expect(stage.field("確認コード")).to_have_value("")
    page.reload()
    stage.fill("確認コード", coded.code_now(stage))
    stage.press("確認")
    stage.heading("マイページ")
    back(page)
    page.goto("/useridmg/mypage")
    stage.heading("マイページ")


def test_a_recovery_code_typed_back_logs_in_later(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    factor_new_codes(stage)
    kept = page.get_by_label("予備コードの一覧").get_by_role("listitem").all_inner_texts()
    page.reload()
    again = page.get_by_label("予備コードの一覧").get_by_role("listitem").all_inner_texts()
    assert kept == again
    stage.fill("予備コード", kept[0])
    stage.press("登録")
    stage.says("残り10個です。")
    second_asked(stage)
    stage.follow("予備コードを使う")
    stage.fill("予備コード", kept[1].lower())
    stage.press("確認")
    stage.heading("マイページ")
    stage.open("/useridmg/activity")
    stage.says("確認の方法：予備コード")


def test_a_new_address_asks_a_code(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    factors_at("/useridmg/profile/edit")(stage)
    stage.fill("利用者管理用メールアドレス", "neu@example.jp")
    stage.fill("利用者管理用メールアドレス(確認用)", "neu@example.jp")
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")
    stage.press("確定")
    stage.refused(1)
    stage.fill("確認コード", coded.code_now(stage))
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")


def test_a_step_that_is_too_old_says_so_and_begins_anew(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    second_asked(stage)
    here = page.url
    stage.set_ahead(10 * 60)
    stage.fill("確認コード", coded.code_now(stage))
    stage.press("確認")
    stage.heading("マイページログイン")
    expect(page.get_by_text("時間がたったため、はじめからやり直してください。")).to_be_visible()
    page.goto(here)
    stage.heading("マイページログイン")


def test_one_step_in_two_tabs_logs_in_once(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    second_asked(stage)
    tab = page.context.new_page()
    other = Stage(tab, site, {})
    other.open("/useridmg/login/second")
    other.heading("ログインの確認")
    stage.fill("確認コード", coded.code_now(stage))
    stage.press("確認")
    stage.heading("マイページ")
    other.fill("確認コード", coded.code_now(other))
    other.press("確認")
    other.heading("マイページログイン")
    expect(tab.get_by_text("時間がたったため、はじめからやり直してください。")).to_be_visible()
    page.reload()
    stage.heading("マイページ")
    tab.close()


def test_a_member_of_staff_registers_an_app_and_is_asked_for_it(page: Page, site: Site) -> None:
    """On the pages of the office; removed again at the end, for the journeys after this one."""
    stage = Stage(page, site, {})
    office_at("/office/factors")(stage)
    stage.follow("認証アプリを登録")
    stage.fill("現在のパスワード", site.cast.clerk.password)
    stage.press("確認")
    stage.heading("認証アプリの登録")
    key = page.get_by_role("main").locator("dd").first.inner_text()
    page.reload()
    assert page.get_by_role("main").locator("dd").first.inner_text() == key
    stage.fill("名前", "窓口の電話")
    stage.fill("確認コード", "000000")
    stage.press("登録")
    stage.refused(1)
    stage.fill("確認コード", coded.code_of(stage, key))
    stage.press("登録")
    stage.says("窓口の電話")
    officer = site.cast.clerk
    stage.open("/office/login")
    stage.fill("担当者ID", officer.name)
    stage.fill("パスワード", officer.password)
    stage.press("ログイン")
    stage.heading("ログインの確認")
    back(page)
    stage.open("/office/")
    stage.open("/office/login/second")
    stage.heading("ログインの確認")
    stage.fill("確認コード", coded.code_of(stage, key))
    stage.press("確認")
    stage.heading("担当者画面")
    stage.open("/office/password")
    new = new_password()
    stage.fill("現在のパスワード", officer.password)
    stage.fill("新しいパスワード", new)
    stage.fill("新しいパスワード(確認用)", new)
    stage.press("変更")
    stage.heading("ログインの確認")
    stage.says("パスワードを登録する前に、ご本人であることを確認します。")
    stage.fill("確認コード", coded.code_of(stage, key))
    stage.press("確認")
    stage.heading("担当者画面")
    site.cast.password_changed(officer, new)
    stage.open("/office/factors")
    stage.page.get_by_role("link", name="名前の変更・削除").first.click()
    stage.fill("確認コード", coded.code_of(stage, key))
    stage.press("削除")
    stage.says("登録されていません。")
