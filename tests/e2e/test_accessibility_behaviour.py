"""What axe has no rule for and one state alone cannot show: what is said, enlarged and printed."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from . import probes
from .conftest import Site
from .personas import Persona
from .screens import CHANGE, LOGIN
from .stage import EDIT, Stage

LISTEN = """() => {
  window.said = [];
  new MutationObserver((all) => { for (const {target} of all) {
    const region = (target.closest ? target : target.parentElement)?.closest("[role=status], [role=alert], output, [aria-live]");
    if (region) window.said.push(region.textContent.trim());
  } }).observe(document, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


@pytest.fixture
def stage(page: Page, site: Site) -> Stage:
    return Stage(page, site, {})


def same(locator: Locator) -> Locator:
    """Mark a node, to know later that it is still the one that was announced from."""
    locator.evaluate("node => node.marked = true")
    return locator


def is_same(locator: Locator) -> bool:
    return bool(locator.evaluate("node => node.marked === true"))


def test_a_live_check_speaks_where_it_was_always_going_to(stage: Stage, company: Persona) -> None:
    stage.logged_in(company, EDIT)
    words = same(stage.page.locator("#corporate_kana-check"))
    expect(words).to_have_role("status")
    stage.check("会社・団体名(フリガナ)(全角)", "漢字")
    expect(words).to_contain_text(re.compile(r"エラー：\s*「漢」などの漢字は使えません。"))
    stage.check("会社・団体名(フリガナ)(全角)", "ｹｲｼﾞ")
    expect(words).to_have_text("「ケイジ」として登録します")
    assert is_same(words)


def test_a_new_password_is_judged_in_the_pauses_of_typing_and_travels_alone(stage: Stage) -> None:
    stage.open(CHANGE)
    stage.fill("現在のパスワード", "himitsu-no-genzai")
    new = stage.field("新しいパスワード")
    with stage.page.expect_request(re.compile("/check")) as sent:
        new.press_sequentially("mijikai")
    assert sent.value.post_data == "new_password=mijikai"
    words = stage.page.locator("#new_password-check")
    expect(words).to_contain_text("現在7文字です")
    expect(new).to_be_focused()
    new.press_sequentially("-no-densha-de-iku")
    expect(words).to_have_text("長さと推測されにくさは十分です")
    expect(stage.page.locator("#new_password-badge")).to_have_text("OK")


def test_a_missing_answer_is_said_in_the_region_that_was_there(stage: Stage) -> None:
    stage.open(LOGIN)
    region = same(stage.page.locator("#page-error"))
    expect(region).to_have_role("alert")
    stage.page.route(f"**{LOGIN}", lambda route: route.fulfill(body="a proxy speaks"))
    stage.press("ログイン")
    expect(region).to_contain_text("通信できませんでした。")
    assert is_same(region)
    expect(stage.page.get_by_role("button", name="ログイン", exact=True)).to_be_focused()


def test_the_refresh_says_how_old_the_facts_are(stage: Stage, company: Persona) -> None:
    stage.logged_in(company, "/useridmg/mypage")
    said = same(stage.page.locator("#as-of"))
    before = said.inner_text()
    stage.page.clock.pause_at("2100-01-01")  # no timer of the page helps
    with stage.page.expect_response("**/useridmg/mypage*"):
        stage.press("最新の情報に更新")
    expect(said).to_contain_text("現在の情報です")
    assert is_same(said)
    assert re.fullmatch(r"\d{4}年 \d\d月 \d\d日 \d\d時 \d\d分 \d\d秒 現在の情報です", before)


def test_showing_passwords_is_said(stage: Stage) -> None:
    stage.open(LOGIN)
    said = stage.page.locator("#show-password-status")
    stage.field("パスワード表示").check()
    expect(said).to_have_text("パスワードを表示しています")
    stage.field("パスワード表示").uncheck()
    expect(said).to_have_text("パスワードを隠しました")


def test_the_keyboard_on_the_screen_says_nothing_of_what_is_typed(stage: Stage) -> None:
    stage.open(LOGIN)
    stage.press("画面キーボード")
    stage.page.evaluate(LISTEN)
    for key in ("a", "1", "@ アットマーク", "1文字消す", "大文字"):
        stage.press(key)
    stage.press("閉じる")
    assert stage.page.evaluate("window.said") == []
    expect(stage.field("納付利用者パスワード")).to_have_value("a1")


def test_waiting_is_said_after_a_moment(stage: Stage) -> None:
    stage.open(LOGIN)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    stage.page.route(f"**{LOGIN}", hold)
    stage.press("ログイン")
    busy = stage.page.get_by_role("status").filter(has_text="送信しています…")
    expect(busy.locator("span")).to_be_visible()
    expect(stage.page.get_by_role("button", name="ログイン", exact=True)).to_be_enabled()
    held[0].continue_()
    stage.refused(2)


@pytest.mark.parametrize("path", ["/", LOGIN, CHANGE, EDIT, "/useridmg/mypage", "/help/faq"])
def test_large_text_fits_a_narrow_window(stage: Stage, company: Persona, path: str) -> None:
    stage.logged_in(company, path)
    stage.page.set_viewport_size({"width": 320, "height": 640})
    stage.page.get_by_label("大", exact=True).press("Space")
    assert stage.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert stage.page.evaluate(probes.SIDEWAYS) == []


def test_a_printed_confirmation_and_completion_hold_what_counts(
    stage: Stage, company: Persona
) -> None:
    stage.logged_in(company, EDIT)
    stage.fill("会社・団体名(全角)", f"{company.name}支店")
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")
    page = stage.page
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text(company.email, exact=True)).to_be_visible()
    for gone in (".header-links", ".text-size", ".buttons", ".amend", ".idle", ".footer nav"):
        assert not [each for each in page.locator(gone).all() if each.is_visible()]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")
    page.emulate_media(media="print")
    expect(page.get_by_text(re.compile(r"^\d{8}-\d{8}$"))).to_be_visible()
    page.emulate_media(media="screen")
    stage.open(EDIT)
    stage.fill("会社・団体名(全角)", company.name)
    stage.press("次へ")
    stage.press("確定")
    stage.heading("利用者情報変更 登録完了")


def test_what_needs_a_script_is_not_offered_without_it(stage: Stage) -> None:
    stage.page.route(re.compile(r"\.js$"), lambda route: route.fulfill(body=""))
    stage.open(LOGIN)
    for name in ("画面キーボード", "パスワード表示"):
        expect(stage.page.get_by_text(name, exact=True)).to_be_hidden()
    expect(stage.page.get_by_role("button", name="ログイン", exact=True)).to_be_visible()
