"""From the top of the portal to My Page and back; what helps on the way."""

import pytest
from playwright.sync_api import Page, expect

from .manual import as_in_the_manual
from .pages.login import Login
from .pages.portal import Portal
from .personas import Persona, Service
from .shortcuts import my_page_of
from .travel import back
from .wording import worded


def test_the_portal_has_the_menu_of_the_manual(page: Page, service: Service) -> None:
    portal = Portal.open(page)
    as_in_the_manual(portal)
    header = page.get_by_role("banner")
    expect(header).to_contain_text(worded("軽自動車保有関係手続のワンストップサービス"))
    for link in ("お問い合わせ", "よくあるご質問", "サイトマップ"):
        expect(header.get_by_role("link", name=link, exact=True)).to_be_visible()
    expect(header.get_by_role("group", name="文字サイズ")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_contain_text(service.copyright)


@pytest.mark.parametrize(
    "name", ["お問い合わせ", "よくあるご質問", "サイトマップ"], ids=["contact", "faq", "sitemap"]
)
def test_the_links_of_the_header_lead_to_pages_of_their_name(page: Page, name: str) -> None:
    Portal.open(page)
    page.get_by_role("banner").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_what_lies_outside_this_system_says_so(page: Page) -> None:
    portal = Portal.open(page)
    for name in ("申請を行う", "申請状況の照会を行う", "個別納付を行う"):
        portal.link(name).first.click()
        expect(page.get_by_role("main")).to_contain_text("利用者情報マイページでは行えません")
        back(page)
        Portal(page)


@pytest.mark.parametrize("kind", ["画面申請の方", "一括申請の方"], ids=["screen", "bulk"])
def test_both_ways_through_the_portal_end_at_the_log_in(page: Page, kind: str) -> None:
    login = Portal.open(page).to_login(kind)
    as_in_the_manual(login)
    login.finish()
    Portal(page)


def test_finishing_logs_out_for_good(page: Page, company: Persona) -> None:
    my_page = Portal.open(page).to_login().log_in(company.payment_id, company.password)
    session = page.context.storage_state()
    my_page.finish()
    Portal(page)
    page.goto("/useridmg/mypage")
    Login(page)
    page.context.set_storage_state(session)
    page.goto("/useridmg/mypage")
    Login(page)


def test_going_back_after_finishing_shows_nothing_of_my_page(page: Page, company: Persona) -> None:
    my_page = my_page_of(page, company)
    my_page.finish()
    Portal(page)
    back(page)
    Login(page)
    expect(page.get_by_text(company.email)).to_have_count(0)


@pytest.mark.parametrize(
    "about", ["メニュー", "ダウンロード", "利用者情報"], ids=["menu", "download", "profile"]
)
def test_the_question_marks_of_my_page_open_their_help(
    page: Page, company: Persona, about: str
) -> None:
    my_page = my_page_of(page, company)
    help_text = my_page.help_on(about)
    help_text.get_by_text("?", exact=True).click()
    expect(help_text.get_by_role("paragraph").first).to_be_visible()
