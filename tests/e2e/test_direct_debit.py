"""ダイレクト納付口座, the user's side: 新規作成, the paper, 照会, 取下げ."""

import re
import shutil
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from .mailbox import Mailbox
from .pages.direct_debit import DebitEdit, DebitMade, DebitShow, Kind
from .pages.my_page import MyPage
from .personas import Persona
from .shortcuts import my_page_of

# Firefox writes some letters of a PDF as the radicals that look the same.
RADICALS = re.compile("[\u2e80-\u2fdf]")
WEST = {0x2EC4: "西"}  # the one of them that is equivalent to nothing
SUBJECT = "【軽自動車OSS】{}ダイレクト納付口座{}のご連絡"
CONTACT = {
    "口座名義(カナ)": "けいじ たろう",
    "口座名義": "軽自 太郎",
    "郵便番号": "160-0023",
    "住所": "東京都新宿区西新宿1-2-3",
    "電話番号": "050（3364）0800",
}


def start(page: Page, person: Persona, kind: Kind) -> DebitEdit:
    """Log in and go to 新規作成."""
    my_page_of(page, person).link(f"{kind}ダイレクト納付口座新規作成").click()
    return DebitEdit(page, kind, "新規作成")


def fill_in(edit: DebitEdit, typed: dict[str, str]) -> None:
    for label, text in typed.items():
        edit.field(label).fill(text)


def take_back(page: Page, kind: Kind) -> None:
    """Withdraw, so that the journeys stand in any order."""
    page.goto("/useridmg/mypage")
    MyPage(page).link(f"{kind}ダイレクト納付口座照会").click()
    DebitShow(page, kind).withdraw()
    page.goto("/useridmg/mypage")
    assert "未登録" in state(page, kind)


def state(page: Page, kind: Kind) -> str:
    """What My Page says about a kind."""
    row = page.get_by_role("main").locator("dl.rows > div").filter(has_text=f"{kind}ダイレクト")
    return row.get_by_role("definition").inner_text()


def test_a_bank_account_is_registered_and_taken_back(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    edit = start(page, company, "国庫金")
    found = edit.search("金融機関", "みつびし")
    found.get_by_label("0005 三菱ＵＦＪ銀行", exact=True).check()
    found = edit.search("支店", "まるのうち")
    expect(edit.field("金融機関")).to_have_value("0005 三菱ＵＦＪ銀行")
    found.get_by_label("002 丸の内", exact=True).check()
    edit.choose("普通")
    fill_in(edit, {**CONTACT, "口座番号": "１２３４５"})

    confirm = edit.next()
    expect(confirm.main).to_contain_text("口座名義が、登録されている名称")
    edit = confirm.back()
    expect(edit.field("口座番号")).to_have_value("0012345")
    confirm = edit.next()
    facts = confirm.facts()
    assert facts["支店"].startswith("丸の内（002）")
    assert facts["口座名義(カナ)"].startswith("ｹｲｼﾞ ﾀﾛｳ")

    paper = confirm.apply().to_paper()
    assert paper.lines()["口座番号"] == "0012345"
    show = paper.to_show("国庫金")
    expect(show.main).to_contain_text("＊＊＊＊345")
    expect(show.main).not_to_contain_text("0012345")
    page.goto("/useridmg/mypage")
    assert "届出書作成済" in state(page, "国庫金")
    mail = mailbox.expect(to=company.email, subject=SUBJECT.format("国庫金", "届出書作成"))
    assert "0012345" not in mail.text
    take_back(page, "国庫金")
    mailbox.expect(to=company.email, subject=SUBJECT.format("国庫金", "届出書取下げ"))
    mailbox.expect_no_other()


def test_a_passbook_is_converted_and_a_wrong_number_is_named(page: Page, company: Persona) -> None:
    edit = start(page, company, "地方税")
    edit.choose("ゆうちょ銀行")
    fill_in(edit, {**CONTACT, "記号": "14370", "番号": "19927652"})
    edit.button("次へ").click()
    expect(edit.problems).to_contain_text("番号の最後が1ではありません")
    edit.field("番号").fill("19927651")
    confirm = edit.next()
    facts = confirm.facts()
    assert facts["口座番号"].startswith("1992765")
    assert "（438）" in facts["支店"]
    confirm.apply()
    take_back(page, "地方税")


def test_the_combobox_is_used_by_keyboard(page: Page, company: Persona, javascript: bool) -> None:
    """Arrows, Enter and Escape; without JavaScript the same field is a plain one."""
    edit = start(page, company, "国庫金")
    bank = edit.field("金融機関")
    if not javascript:
        expect(bank).not_to_have_attribute("role", "combobox")
        return
    bank.press_sequentially("みつび")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(bank).to_have_attribute("aria-expanded", "true")
    bank.press("ArrowDown")
    bank.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(bank).to_have_attribute("aria-activedescendant", "bank-option-2")
    bank.press("Enter")
    expect(bank).to_have_value("0288 三菱ＵＦＪ信託銀行")
    expect(bank).to_have_attribute("aria-expanded", "false")
    bank.fill("みずほ")
    expect(options.first).to_be_visible()
    bank.press("Escape")
    expect(options.first).to_be_hidden()
    expect(bank).to_have_value("みずほ")


def test_a_branch_that_is_like_the_one_typed_is_offered_and_not_taken(
    page: Page, company: Persona
) -> None:
    """津支店, which closed, is not 津田沼: a click says that it is, with and without JavaScript."""
    edit = start(page, company, "国庫金")
    edit.choose("普通")
    typed = {"金融機関": "三菱UFJ信託銀行", "支店": "津支店", "口座番号": "7654321"}
    fill_in(edit, {**CONTACT, **typed})
    edit.button("次へ").click()
    expect(edit.problems).to_contain_text("「津支店」と完全に一致する支店はありません。")
    expect(page.locator("#error-summary")).to_be_focused()
    found = edit.main.get_by_role("group", name="支店の候補")
    found.get_by_label("370 津田沼", exact=True).check()
    assert edit.next().facts()["支店"].startswith("津田沼（370）")


def test_a_postal_code_fills_the_address(page: Page, company: Persona, javascript: bool) -> None:
    edit = start(page, company, "国庫金")
    edit.field("郵便番号").fill("１６０ー００２３")
    if javascript:
        edit.field("郵便番号").press("Tab")
    else:
        edit.button("郵便番号から住所を入力").click()
    expect(edit.field("住所")).to_have_value("東京都新宿区西新宿")
    expect(
        page.get_by_role("status").filter(has_text="続きを住所に入力してください。")
    ).to_be_visible()
    edit.field("住所").fill("大阪府吹田市山田丘1-1")
    if javascript:
        edit.field("郵便番号").fill("1000001")
        edit.field("郵便番号").press("Tab")
    else:
        edit.button("郵便番号から住所を入力").click()
    expect(page.get_by_role("status").filter(has_text="ご確認ください。")).to_be_visible()
    expect(edit.field("住所")).to_have_value(re.compile("山田丘"))


def test_enter_in_a_field_goes_on_and_does_not_search(page: Page, company: Persona) -> None:
    edit = start(page, company, "国庫金")
    edit.field("口座番号").press("Enter")
    expect(edit.problems).to_be_visible()
    expect(edit.main.get_by_role("group", name="金融機関の候補")).to_have_count(0)


# The style as the printer has it, put on the screen: what no driver but Chromium's and Firefox's can print.
AS_PRINTED = """() => {
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules)
      if (rule instanceof CSSMediaRule && /print|screen/.test(rule.media.mediaText))
        rule.media.mediaText = rule.media.mediaText.includes("print") ? "all" : "not all";
}"""
MM = 96 / 25.4
A4_INSIDE = ViewportSize(width=round((210 - 2 * 12) * MM), height=round((297 - 2 * 12) * MM))


@pytest.fixture
def made(page: Page, company: Persona) -> DebitMade:
    """A form with lines as long as the label takes."""
    edit = start(page, company, "国庫金")
    fill_in(edit, {**CONTACT, "金融機関": "0005", "支店": "001", "口座番号": "7654321"})
    edit.choose("当座")
    fill_in(edit, {"住所": "東京都新宿区西新宿" + "一" * 15, "建物名・部屋番号": "軽" * 24})
    return edit.next().apply()


def test_the_paper_is_printed_on_a4(made: DebitMade, tmp_path: Path) -> None:
    """The browser's PDF: two A4 pages, the form and the label, with nothing cut off or left out."""
    assert shutil.which("pdftotext"), "tools/install-poppler installs it"
    page = made.to_paper().page
    file = tmp_path / "paper.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    info = subprocess.run(["pdfinfo", str(file)], check=True, capture_output=True, text=True).stdout
    assert "Pages:           2" in info
    assert "(A4)" in info
    command = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    first, label, *_ = RADICALS.sub(
        lambda each: normalize("NFKC", each[0]), text.translate(WEST)
    ).split("\f")
    for words in (
        "整理番号",
        "利用届出書",
        "KNCA6288",
        "三菱ＵＦＪ銀行（0005）",
        "7654321",
        "当座",
    ):
        assert words in first
    written = "".join(label.split())  # where a line breaks is the engine's affair
    assert "東京都新宿区西新宿" + "一" * 15 in written
    assert "軽" * 24 in written
    assert "7654321" not in label
    for unwanted in ("印刷してください", "マイページ", "ログイン", "お問い合わせ"):
        assert unwanted not in text
    take_back(page, "国庫金")


def test_the_style_of_the_paper_leaves_the_paper(made: DebitMade) -> None:
    """Two sheets, each with room for what is on it, and nothing besides: in engines that cannot be asked for a PDF, too."""
    page = made.to_paper().page
    page.set_viewport_size(A4_INSIDE)
    page.evaluate(AS_PRINTED)
    bar = page.evaluate("innerWidth - document.documentElement.clientWidth")  # paper has none
    page.set_viewport_size({**A4_INSIDE, "width": A4_INSIDE["width"] + bar})
    sheets = (page.get_by_role("article", name="届出書"), page.locator(".label-page"))
    for sheet in sheets:
        expect(sheet).to_be_visible()
        size = sheet.evaluate("(node) => [node.scrollWidth, node.scrollHeight]")
        assert size[0] <= A4_INSIDE["width"]
        assert size[1] <= A4_INSIDE["height"]
    assert sheets[1].evaluate("(node) => getComputedStyle(node).breakBefore") == "page"
    for unwanted in ("印刷してください", "マイページ", "ログイン中", "お問い合わせ"):
        expect(page.get_by_text(unwanted).locator("visible=true")).to_have_count(0)
    take_back(page, "国庫金")
