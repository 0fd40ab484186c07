"""確認手段の解除: two people at the desk, and the owner who is asked by mail."""

from playwright.sync_api import Page, expect

from . import coded
from .conftest import Site
from .mailbox import Mailbox
from .screens import (
    office_at,
    office_release_approved,
    office_release_waits,
    released,
    second_asked,
)
from .stage import Stage
from .travel import back
from .waiting import until

A_DAY = 24 * 3600
DONE = "確認手段の解除を止める 完了"


def test_the_owner_stops_it_and_the_desk_learns_that(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    released(stage)
    stage.says(coded.USER_ID)
    here = page.url
    page.reload()
    stage.heading("確認手段の解除を止める")
    stage.press("解除を止める")
    stage.heading(DONE)
    back(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(DONE)
    page.goto(here)
    stage.heading(DONE)
    office_at("/office/")(stage)
    stage.says("利用者が解除を止めました。")
    second_asked(stage)  # the app is asked for as before


def test_two_tabs_of_the_desk_approve_once(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    office_release_waits(stage)
    address = page.url.partition("?")[0]
    office_at(address, shut=True)(stage)
    stage.looked()
    stage.heading("確認手段の解除")
    tab = page.context.new_page()
    other = Stage(tab, site, {})
    other.open(address)
    other.looked()
    stage.press("承認")
    stage.says("実施を待っている解除")
    other.press("承認")
    other.heading("この操作は、すでに行われています")
    page.reload()
    stage.says("実施を待っている解除")
    tab.close()
    stage.press("取りやめ")
    stage.says("確認手段の解除を取りやめました。")


def test_whoever_proposed_it_is_not_offered_to_approve_it(page: Page, site: Site) -> None:
    stage = Stage(page, site, {})
    office_release_waits(stage)
    expect(page.get_by_role("button", name="承認", exact=True)).to_have_count(0)
    stage.says("登録した担当者は、承認できません。別の管理者に依頼してください。")


def test_a_day_later_the_password_alone_logs_in(page: Page, site: Site) -> None:
    """The last one here: the person has no app from then on."""
    stage, mailbox = Stage(page, site, {}), Mailbox(site.inbox)
    office_release_approved(stage)
    mailbox.expect(to=coded.EMAIL, subject=coded.RELEASE)
    stage.set_ahead(A_DAY)
    mailbox.expect(to=coded.EMAIL, subject="【軽自動車OSS】ログインの方法についてのご連絡")

    def logged_in() -> bool:
        stage.open("/useridmg/login")
        stage.fill("納付利用者ID", coded.USER_ID)
        stage.fill("納付利用者パスワード", coded.PASSWORD)
        stage.press("ログイン")
        heading = page.get_by_role("heading", level=1)
        expect(heading).not_to_have_text("マイページログイン")
        return heading.inner_text() == "マイページ"

    assert until(logged_in)
