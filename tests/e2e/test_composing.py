"""An IME composes in a field that offers matches: its window lies where the list would open."""

from playwright.sync_api import Page, expect

from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .personas import Persona
from .shortcuts import my_page_of
from .traffic import requests_of

MOMENT = 1000  # longer than the field waits before it asks


@with_javascript
def test_nothing_is_asked_and_no_list_opens_while_an_ime_composes(
    page: Page, company: Persona
) -> None:
    page.clock.install()
    my_page_of(page, company).link("国庫金ダイレクト納付口座新規作成").click()
    edit = DebitEdit(page, "国庫金", "新規作成")
    edit.choose("銀行、信用金庫など")
    bank = edit.field("金融機関")
    bank.focus()
    ime = page.context.new_cdp_session(page)
    sent = requests_of(page)
    for text in ("み", "みつ", "みつび"):
        ime.send("Input.imeSetComposition", {"text": text, "selectionStart": 3, "selectionEnd": 3})
        page.clock.run_for(MOMENT)
        expect(page.get_by_role("listbox", include_hidden=True).first).to_be_hidden()
    assert [each.url for each in sent if "/banks" in each.url] == []
    ime.send("Input.insertText", {"text": "みつびし"})
    page.clock.run_for(MOMENT)
    expect(page.get_by_role("option").first).to_be_visible()
    assert len([each for each in sent if "/banks" in each.url]) == 1
