"""ログインの方法: the second factor, on the demo's person who has an app."""

from playwright.sync_api import Page, expect

from . import coded
from .conftest import Site
from .screens import factor_new_codes, factors_at, second_asked
from .stage import Stage


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
    page.go_back()
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
