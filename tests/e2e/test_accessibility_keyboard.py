"""Every journey of the manual by keyboard alone: no pointer, no focus set by the test."""

from collections.abc import Callable
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .mail_wording import BULK, PAYMENT
from .mailbox import Mailbox
from .pages.my_page import MyPage
from .pages.portal import Portal
from .personas import Cast, Persona, new_password
from .screens import CONFLICTING, conflict
from .stage import EDIT, Stage

MOST_TABS = 100
NAME = """() => {
  const at = document.activeElement, own = at.getAttribute("aria-label") ?? (at.labels?.[0] ?? at).textContent;
  return own.trim().replace(/\\s+/g, " ");
}"""


class Keys:
    """A person without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, key: str = "Tab") -> None:
        """Press Tab until something with this name has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press(key)
            passed.append(self.page.evaluate(NAME))
            if passed[-1] == name:
                return
        raise AssertionError(f"{key} does not lead to {name}, but to {passed}")

    def press(self, name: str, key: str = "Enter") -> None:
        self.to(name)
        self.page.keyboard.press(key)

    def type(self, name: str, text: str) -> None:
        """Tab into a field, which selects what is in it, and type."""
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def arrived(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


@pytest.fixture
def keys(page: Page) -> Keys:
    return Keys(page)


@pytest.fixture
def stage(page: Page, site: Site) -> Stage:
    return Stage(page, site, {})


def test_the_skip_link_leads_past_the_header(page: Page, keys: Keys) -> None:
    Portal.open(page)
    keys.press("本文へ移動")
    keys.page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_from_the_portal_to_a_changed_profile_and_out(
    page: Page, keys: Keys, company: Persona
) -> None:
    Portal.open(page)
    keys.press("利用者情報の確認・変更を行う")
    keys.arrived("マイページログイン")
    keys.type("納付利用者ID", company.payment_id)
    keys.type("納付利用者パスワード", company.password)
    page.keyboard.press("Enter")
    keys.arrived("マイページ")
    keys.press("?メニューの説明")
    expect(MyPage(page).help_on("メニュー").get_by_role("paragraph").first).to_be_visible()
    keys.press("利用者情報変更")
    keys.arrived("利用者情報変更 依頼の入力")
    unused = token_hex(4)
    keys.type("代表者名(全角)", "")
    page.keyboard.press("Backspace")
    keys.press("次へ")
    expect(page.locator("#error-summary")).to_be_focused()
    keys.press("代表者名を入力してください。")
    expect(page.get_by_label("代表者名(全角)")).to_be_focused()
    page.keyboard.type(company.representative)
    for field in ("申請状況通知用メールアドレス", "申請状況通知用メールアドレス(確認用)"):
        keys.type(field, f"{unused}@example.jp")
    keys.press("次へ", "Space")
    keys.arrived("利用者情報変更 依頼の確認")
    keys.press("代表者名を変更")
    keys.arrived("利用者情報変更 依頼の入力")
    expect(page.get_by_label("代表者名(全角)")).to_be_focused()
    keys.press("次へ")
    keys.arrived("利用者情報変更 依頼の確認")
    keys.press("確定")
    keys.arrived("利用者情報変更 登録完了")
    keys.press("マイページへ戻る")
    keys.arrived("マイページ")
    keys.press("終了", "Space")
    keys.arrived("軽自動車OSS申請")


def test_the_choice_between_person_and_company_by_arrows(
    page: Page, keys: Keys, stage: Stage, company: Persona
) -> None:
    stage.logged_in(company, EDIT)
    address = page.url
    keys.to("法人の方")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("氏名(全角)", exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("代表者名(全角)")).to_have_value(company.representative)
    assert page.url == address


def test_the_change_of_the_password(
    page: Page, keys: Keys, stage: Stage, cast: Cast, individual: Persona
) -> None:
    stage.open("/useridmg/login")
    keys.press("パスワード変更")
    keys.arrived("パスワード変更")
    password = new_password()
    keys.type("納付利用者ID", individual.payment_id)
    keys.type("現在のパスワード", individual.password)
    keys.type("新しいパスワード", password)
    keys.type("新しいパスワード(確認用)", password)
    keys.press("パスワード表示", "Space")
    expect(page.get_by_label("新しいパスワード", exact=True)).to_have_attribute("type", "text")
    keys.press("変更")
    keys.arrived("パスワード変更結果通知")
    cast.password_changed(individual, password)
    keys.press("ログインへ戻る")
    keys.arrived("マイページログイン")


def test_a_password_that_is_too_old(
    page: Page, keys: Keys, stage: Stage, cast: Cast, expired: Persona
) -> None:
    stage.open("/useridmg/login")
    keys.type("納付利用者ID", expired.payment_id)
    keys.type("納付利用者パスワード", expired.password)
    keys.press("ログイン")
    keys.arrived("パスワード変更")
    password = new_password()
    keys.type("現在のパスワード", expired.password)
    keys.type("新しいパスワード", password)
    keys.type("新しいパスワード(確認用)", password)
    page.keyboard.press("Enter")
    keys.arrived("パスワード変更結果通知")
    cast.password_changed(expired, password)


def test_the_choice_after_somebody_else_was_quicker(
    page: Page, keys: Keys, stage: Stage, company: Persona
) -> None:
    conflict(stage)
    keys.arrived("ほかの画面で先に変更されています")
    keys.press("次へ")
    expect(page.locator("#error-summary")).to_be_focused()
    wanted = f"この画面で入力した内容：{CONFLICTING}".replace("\u3000", " ")
    keys.to(wanted, "Shift+Tab")
    page.keyboard.press("Space")
    keys.press("次へ")
    keys.arrived("利用者情報変更 依頼の確認")
    expect(page.get_by_role("main")).to_contain_text(CONFLICTING)
    stage.logged_in(company, EDIT)
    stage.fill("代表者名(全角)", company.representative)
    stage.press("次へ")
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")


def test_both_resets(
    page: Page, keys: Keys, stage: Stage, cast: Cast, company: Persona, mailbox: Mailbox
) -> None:
    stage.logged_in(company, "/useridmg/mypage")
    keys.press("一括利用者パスワード初期化")
    keys.arrived("一括利用者パスワード初期化 依頼の確認")
    keys.press("パスワード初期化依頼")
    keys.arrived("一括利用者パスワード初期化 依頼受付")
    stage.open(mailbox.expect(to=company.email, subject=BULK.guide_subject).link)
    bulk_password = new_password()
    keys.type("ご希望のパスワード", bulk_password)
    keys.type("ご希望のパスワード (確認用)", bulk_password)
    page.keyboard.press("Enter")
    keys.arrived("一括利用者パスワード初期化 登録完了")
    stage.open("/useridmg/login")
    keys.press("パスワード初期化")
    keys.arrived("納付利用者パスワード初期化 依頼の入力")
    keys.type("納付利用者ID", company.payment_id)
    keys.type("利用者管理用メールアドレス", company.email)
    keys.press("パスワード初期化依頼")
    keys.arrived("納付利用者パスワード初期化 依頼受付")
    stage.open(mailbox.expect(to=company.email, subject=PAYMENT.guide_subject).link)
    password = new_password()
    keys.type("ご希望のパスワード", password)
    keys.type("ご希望のパスワード (確認用)", password)
    keys.press("パスワード初期化")
    keys.arrived("納付利用者パスワード初期化 登録完了")
    cast.password_changed(company, password)
    keys.press("終了")
    keys.arrived("軽自動車OSS申請")


def test_the_keyboard_on_the_screen_takes_one_tab_and_is_walked_by_arrows(
    page: Page, keys: Keys, stage: Stage
) -> None:
    stage.open("/useridmg/login")
    keys.press("画面キーボード")
    expect(page.get_by_role("group", name="画面キーボードのキー")).to_be_visible()
    keys.to("1")
    for key, name in (
        ("ArrowRight", "2"),
        ("ArrowDown", "w"),
        ("ArrowUp", "2"),
        ("ArrowLeft", "1"),
        ("End", "閉じる"),
        ("Home", "1"),
    ):
        page.keyboard.press(key)
        assert page.evaluate(NAME) == name
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    password = page.get_by_label("納付利用者パスワード")
    expect(password).to_have_value("12")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "パスワード変更"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(NAME) == "2"
    page.keyboard.press("Escape")
    assert page.evaluate(NAME) == "画面キーボード"


def test_the_idle_warning(page: Page, keys: Keys, stage: Stage, company: Persona) -> None:
    page.route("**/useridmg/session", lambda route: route.fulfill(json={"seconds": 100}))
    page.clock.install()
    stage.logged_in(company, EDIT)
    keys.to("代表者名(全角)")
    stays: dict[str, Callable[[], None]] = {
        "続ける": lambda: page.keyboard.press("Enter"),
        "終了": lambda: page.keyboard.press("Escape"),
    }
    for name, stay in stays.items():
        page.clock.fast_forward("28:30")
        dialog = page.get_by_role("alertdialog", name="まもなく自動的にログアウトします")
        expect(dialog).to_be_visible()
        assert page.evaluate(NAME) == "続ける"
        if name == "終了":
            keys.to(name)
        stay()
        expect(dialog).to_be_hidden()
        assert page.evaluate(NAME) == "代表者名(全角)"


def test_the_text_size_and_the_search(page: Page, keys: Keys, stage: Stage) -> None:
    stage.open("/help/contact")
    keys.to("中")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    keys.type("検索する言葉", "迷惑メール")
    page.keyboard.press("Enter")
    keys.arrived("検索")
    expect(page.get_by_role("main").get_by_role("link", name="メールが届かない")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
