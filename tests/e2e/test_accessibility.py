"""Every screen in every state: what axe finds, and what holds that axe has no rule for.

A state is brought once and then looked at in all four looks; tests of one state share its page.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from . import probes
from .conftest import PATIENCE_MS, Site
from .screens import STATES, State
from .stage import Stage

NUMBER_OF_STATES = 136
TEMPLATES = Path(__file__).parents[2] / "templates"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, rules: {"target-size": {enabled: true}, "label-content-name-mismatch": {enabled: true}}, resultTypes: ["violations"]
}).then(({violations, passes}) => ({
  ran: passes.length,
  found: violations.map(({id, help, nodes}) =>
    `${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.any.map((each) => each.message)}`).join(" | ")}`)
}))"""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
MAGNIFIED = ViewportSize(width=320, height=256)  # 1280 × 1024 at 400 %
LOOKS = [(size, scheme) for size in (WIDE, NARROW) for scheme in ("light", "dark")]
HEADER = ["お問い合わせ", "よくあるご質問", "サイトマップ"]
OFFICE = ["届出書", "利用者", "届かなかったメール", "操作の記録", "パスワード変更"]
FOOTER = ["利用規約", "個人情報の取扱い", "ウェブアクセシビリティ方針"]


@pytest.fixture(scope="module")
def javascript() -> bool:
    """Without it the screens are the same, less what only a script can do."""
    return True


@pytest.fixture(scope="module")
def links() -> dict[str, str]:
    """Mailed links, kept over the states that need one."""
    return {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every state once; those that only a server of our own shows, not elsewhere."""
    if "state" in metafunc.fixturenames:
        elsewhere = metafunc.config.getoption("--base-url")
        states = [each for each in STATES if not (each.own and elsewhere)]
        ids = [each.name for each in states]
        metafunc.parametrize("state", states, ids=ids, scope="module")


@pytest.fixture(scope="module")
def window(site: Site, browser: Browser) -> Iterator[Page]:
    """One window for all states: opening another one costs more than all that is asked of it."""
    context = browser.new_context(
        base_url=site.url, viewport=WIDE, locale="ja-JP", timezone_id="Asia/Tokyo"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


@pytest.fixture(scope="module")
def shown(state: State, site: Site, window: Page, links: dict[str, str]) -> tuple[Page, str]:
    """The page in its state, and where the focus was when it came."""
    window.unroute_all()
    window.goto("about:blank")
    window.context.clear_cookies()
    look(window, WIDE, "light")
    state.bring(Stage(window, site, links))
    return window, window.evaluate(probes.FOCUS)


@pytest.fixture
def seen(shown: tuple[Page, str]) -> Page:
    """The page in its state as a wide, light window shows it."""
    look(shown[0], WIDE, "light")
    return shown[0]


def look(page: Page, size: ViewportSize, scheme: Any) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def test_no_state_has_dropped_out() -> None:
    names = [state.name for state in STATES]
    assert len(names) == len(set(names)) == NUMBER_OF_STATES


def test_every_screen_has_a_state() -> None:
    """A new template fails here until a state shows it."""
    screens = {
        path.relative_to(TEMPLATES).with_suffix("").as_posix()
        for path in TEMPLATES.rglob("*.html")
        if "{% extends layout %}" in path.read_text(encoding="utf-8")
    }
    assert {state.template for state in STATES} == screens


def test_axe_is_the_one_that_was_vendored() -> None:
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


@pytest.mark.parametrize(
    ("size", "scheme"), LOOKS, ids=[f"{size['width']}-{scheme}" for size, scheme in LOOKS]
)
def test_axe_finds_nothing(seen: Page, size: ViewportSize, scheme: str) -> None:
    look(seen, size, scheme)
    if not seen.evaluate("typeof axe === 'object'"):
        seen.evaluate(AXE.read_text(encoding="utf-8"))
    result = seen.evaluate(RUN, TAGS)
    assert result["ran"] > 10
    assert result["found"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_stand_out(seen: Page, scheme: str) -> None:
    look(seen, WIDE, scheme)
    assert seen.evaluate(probes.FAINT_EDGES) == []


def test_the_title_names_the_screen_and_errors_first(seen: Page) -> None:
    heading = seen.get_by_role("heading", level=1, include_hidden=True).inner_text()
    side = " 担当者画面" if "/office/" in seen.url else ""
    refused = seen.locator("#error-summary").count() and "demo" not in seen.url
    assert (
        re.sub(r"\s+", " ", seen.title())
        == f"{'エラー：' if refused else ''}{heading}｜軽自動車OSS{side}"
    )


def test_the_focus_is_where_the_state_says(shown: tuple[Page, str], state: State) -> None:
    if state.focus != "anywhere":
        assert shown[1] == state.focus
    else:
        assert shown[1] != "lost"


def test_every_error_is_named_linked_and_described(seen: Page) -> None:
    assert seen.evaluate(probes.ERRORS) == []


def test_ids_are_unique_and_point_at_something(seen: Page) -> None:
    assert seen.evaluate(probes.IDS) == []


def test_nothing_is_told_by_a_placeholder_or_taken_away(seen: Page) -> None:
    assert seen.evaluate(probes.FORBIDDEN) == []


def test_the_way_to_help_is_the_same_on_every_screen(seen: Page) -> None:
    links = "nodes => nodes.map((node) => node.textContent.trim())"
    if "/office/" in seen.url:  # staff have a way of their own, once they are in
        assert seen.locator(".office-links a").evaluate_all(links) in ([], OFFICE)
        return
    assert seen.locator(".header-links a").evaluate_all(links) == HEADER
    assert seen.locator(".footer nav a").evaluate_all(links) == FOOTER
    assert seen.locator("[role=search]").count() >= 1


def test_one_button_of_each_kind(seen: Page) -> None:
    assert seen.evaluate(probes.TWICE, ["終了", "次へ", "確定", "戻る", "ログイン", "変更"]) == []


@pytest.mark.parametrize("size", [WIDE, NARROW, MAGNIFIED], ids=["wide", "320", "400%"])
def test_nothing_has_to_be_scrolled_sideways(seen: Page, size: ViewportSize) -> None:
    look(seen, size, "light")
    assert seen.evaluate(probes.SIDEWAYS) == []


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "320"])
def test_wider_text_spacing_cuts_nothing_off(seen: Page, size: ViewportSize) -> None:
    look(seen, size, "light")
    seen.evaluate(probes.SPACE_TEXT)
    try:
        assert seen.evaluate(probes.SIDEWAYS) == []
        assert seen.evaluate(probes.CLIPPED) == []
    finally:
        seen.evaluate(probes.UNSPACE_TEXT)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "320"])
def test_targets_are_44_pixels_high_and_wide(seen: Page, size: ViewportSize) -> None:
    look(seen, size, "light")
    assert seen.evaluate(probes.SMALL_TARGETS) == []


def test_the_focus_is_seen_wherever_tab_leads(seen: Page) -> None:
    look(seen, NARROW, "light")
    seen.evaluate(probes.FROM_THE_TOP)
    stops = 0
    while stops < 150:
        seen.keyboard.press("Tab")
        stop = seen.evaluate(probes.STOP, stops == 0)
        if stop == "round":
            break
        assert stop == ""
        stops += 1
    assert stops >= (1 if seen.get_by_role("alertdialog").is_visible() else 8)
    assert stops < 150


def test_colours_that_the_system_forces_keep_borders(seen: Page) -> None:
    seen.emulate_media(forced_colors="active")
    try:
        assert seen.evaluate(probes.BORDERS) == []
    finally:
        seen.emulate_media(forced_colors="none")


def test_nothing_moves(seen: Page) -> None:
    assert seen.evaluate("document.getAnimations().length") == 0
