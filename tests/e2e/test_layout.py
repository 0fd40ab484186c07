"""Forms look as they should, wide and narrow: what no journey sees, because it finds fields by their names."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .layout import LAYOUT
from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .pages.login import Login
from .pages.profile import ProfileEdit
from .pages.summary_file import SummaryFile
from .personas import Persona
from .shortcuts import edit_of, my_page_of

Way = Callable[[Page, Persona], object]


def login(page: Page, _: Persona) -> None:
    Login.open(page)


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


WAYS: dict[str, Way] = {"L1": login, "U1": profile, "D1": debit, "まとめ納付": payments}


@with_javascript
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("way", WAYS)
def test_every_answer_has_room_and_nothing_overlaps(
    page: Page, company: Persona, way: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    WAYS[way](page, company)
    assert page.evaluate(LAYOUT) == []
