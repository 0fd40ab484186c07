"""The file of one's まとめ納付, chosen by period and opened as a spreadsheet would."""

from playwright.sync_api import Page, expect

from .pages.my_page import MyPage
from .personas import Persona
from .shortcuts import my_page_of


def test_the_payments_of_a_year_come_as_a_file(page: Page, company: Persona) -> None:
    summary = my_page_of(page, company).to_summary_file()
    summary.choose("今年度（4月から）")
    name, cells = summary.download()
    assert name.startswith(f"まとめ納付管理ファイル_{company.payment_id}_")
    assert cells[0][0] == "まとめ納付番号"
    assert len(cells) > 1
    assert {cell[6] for cell in cells[1:]} <= {"未納付", "納付済", "納付不能", "取消"}
    summary.link("マイページへ戻る").click()
    MyPage(page)


def test_the_payments_of_a_year_are_shown_on_the_screen_too(page: Page, company: Persona) -> None:
    summary = my_page_of(page, company).to_summary_file()
    summary.choose("今年度（4月から）")
    shown = summary.show()
    expect(summary.main.get_by_role("heading", name="までのまとめ納付")).to_be_visible()
    assert shown == summary.show()
    _, cells = summary.download()
    assert [cell[0].removeprefix('="').removesuffix('"') for cell in cells[1:]] == shown


def test_days_that_are_missing_are_asked_for_beside_their_fields(
    page: Page, company: Persona, javascript: bool
) -> None:
    summary = my_page_of(page, company).to_summary_file()
    summary.choose("日付を選ぶ")
    summary.press()
    expect(summary.problems.get_by_role("listitem")).to_have_count(2)
    summary.problems.get_by_role("link", name="開始日を入力してください。").click()
    if not javascript:  # a link gives the date itself no focus in Firefox, but what is around it
        expect(page.locator("#since-place")).to_be_focused()
        page.keyboard.press("Tab")
    expect(summary.field("開始日")).to_be_focused()
