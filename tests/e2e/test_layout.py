"""What no journey sees, because it finds fields by their names: how screens look, wide and narrow, and what they are called."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .engines import tree
from .layout import LAYOUT, WORDS
from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .pages.login import Login
from .pages.portal import Portal
from .pages.profile import ProfileEdit
from .pages.summary_file import SummaryFile
from .personas import Persona
from .shortcuts import edit_of, my_page_of

Way = Callable[[Page, Persona], object]
WIDTHS = (1280, 390)
SUMMARY = "入力内容に問題があります"
MESSAGES = "納付利用者IDを入力してください。 納付利用者パスワードを入力してください。"


def portal(page: Page, _: Persona) -> None:
    Portal.open(page)


def login(page: Page, _: Persona) -> None:
    expect(Login.open(page).keyboard.opener).to_be_visible()


def profile(page: Page, company: Persona) -> ProfileEdit:
    edit = edit_of(page, company)
    edit.company_kana.fill("")
    edit.button("次へ").click()
    expect(edit.problems).to_be_visible()
    return edit


def debit(page: Page, company: Persona) -> DebitEdit:
    my_page_of(page, company).link("地方税ダイレクト納付口座新規作成").click()
    edit = DebitEdit(page, "地方税", "新規作成")
    edit.choose("銀行、信用金庫など")
    return edit


def payments(page: Page, company: Persona) -> SummaryFile:
    my_page_of(page, company).link("まとめ納付管理ファイル").click()
    return SummaryFile(page)


def sessions(page: Page, company: Persona) -> None:
    my_page_of(page, company).to_sessions()


WAYS: dict[str, Way] = {
    "P1": portal,
    "L1": login,
    "M1": my_page_of,
    "U1": profile,
    "D1": debit,
    "まとめ納付": payments,
    "S1": sessions,
}


@with_javascript
@pytest.mark.parametrize("way", WAYS)
def test_every_answer_has_room_and_nothing_overlaps_or_is_broken(
    page: Page, company: Persona, way: str, browser_engine: str, pytestconfig: pytest.Config
) -> None:
    """Wide, then narrow; with --pictures for people to look at, too."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    WAYS[way](page, company)
    faults = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        faults[width] = page.evaluate(LAYOUT) + page.evaluate(WORDS)
        if folder := pytestconfig.getoption("--pictures"):
            file = Path(folder) / f"{way}-{width}-{browser_engine}.png"
            page.screenshot(path=file, full_page=True, caret="initial")  # no style of its own
    assert faults == {width: [] for width in WIDTHS}


@with_javascript
def test_the_summary_of_errors_is_a_group_with_a_name(page: Page, browser_engine: str) -> None:
    """It has the focus, and what has it is spoken so: as the engine itself tells a screen reader."""
    login = Login.open(page)
    assert not tree.has(page, browser_engine, "group", SUMMARY)
    login.button("ログイン").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_have_accessible_description(MESSAGES)
    assert tree.has(page, browser_engine, "group", SUMMARY)
