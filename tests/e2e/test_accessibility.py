"""Every screen in every state: what axe finds, and what holds that axe has no rule for.

A state is brought once and then looked at by every check; the failure lists which found what, and how
the window was.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from . import probes
from .conftest import PATIENCE_MS, Site
from .screens import STATES, State
from .stage import Stage
from .waiting import until

NUMBER_OF_STATES = 179
TEMPLATES = Path(__file__).parents[2] / "templates"
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL_RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}},
}
# The only rules that ask for colours: what else axe looks at is the same in the dark.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
RUN = """only => axe.run(document, {
  ...only, resultTypes: ["violations"]
}).then(({violations, passes}) => ({
  ran: passes.length,
  found: violations.map(({id, help, nodes}) =>
    `${id}: ${help}: ${nodes.map((node) => `${node.target} ${node.any.map((each) => each.message)}`).join(" | ")}`)
}))"""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=320, height=640)
TELEPHONE = ViewportSize(width=390, height=844)
MAGNIFIED = ViewportSize(width=320, height=256)  # 1280 × 1024 at 400 %
MOST_STOPS, TABS_AT_ONCE = 150, 10
Scheme = Literal["light", "dark"]
HEADER = ["お問い合わせ", "よくあるご質問", "サイトマップ"]
OFFICE = [
    "届出書",
    "利用者",
    "送信できなかったメール",
    "操作履歴",
    "パスワード変更",
    "ログインの方法",
]
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
        metafunc.parametrize("state", states, ids=ids)


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


def test_everybody_can_use_the_screen(
    state: State, site: Site, window: Page, links: dict[str, str]
) -> None:
    """All that is wrong in this state is listed: how the window was, which check, what it found."""
    # Of the site: from elsewhere each state would start a process for its page. What a state has held back ends
    # with its page: let go before, it would lead somewhere while this one is on its way.
    window.goto("/healthz")
    window.unroute_all()
    window.context.clear_cookies()
    look(window, WIDE, "light")
    state.bring(Stage(window, site, links))
    found = [*focus_is_where_the_state_says(window, state), *faults(window)]
    assert not found, "\n".join([state.name, *found])


def focus_is_where_the_state_says(page: Page, state: State) -> list[str]:
    """Chromium gives a field its `autofocus` with the first picture, which comes after the load."""
    if state.focus == "anywhere":
        return ["the focus: lost"] if page.evaluate(probes.FOCUS) == "lost" else []
    if until(lambda: page.evaluate(probes.FOCUS) == state.focus):
        return []
    return [f"the focus: {page.evaluate(probes.FOCUS)}, not {state.focus}"]


def faults(page: Page) -> Iterator[str]:
    for size, scheme, checks in VIEWS:
        look(page, size, scheme)
        for check in checks:
            how = f"{size['width']} × {size['height']}, {scheme}, {check.__name__}"
            yield from (f"{how}: {fault}" for fault in check(page))


def look(page: Page, size: ViewportSize, scheme: Scheme) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)


def axe_finds_nothing(page: Page) -> list[str]:
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(RUN, ALL_RULES)
    return list(result["found"]) if result["ran"] > 10 else ["it hardly looked"]


def axe_finds_no_faint_colours(page: Page) -> list[str]:
    """Look at the colours alone, after `axe_finds_nothing` has brought axe into the page."""
    result = page.evaluate(RUN, OF_COLOURS)
    return list(result["found"]) if result["ran"] else ["it hardly looked"]


def edges_of_controls_stand_out(page: Page) -> list[str]:
    return list(page.evaluate(probes.FAINT_EDGES))


def title_names_the_screen_and_errors_first(page: Page) -> list[str]:
    heading, summary, title = page.evaluate(probes.TITLE)
    side = " 担当者画面" if "/office/" in page.url else ""
    refused = summary and "demo" not in page.url
    wanted = f"{'エラー：' if refused else ''}{heading}｜軽自動車OSS{side}"
    return [] if title == wanted else [f"{title}, not {wanted}"]


def every_error_is_named_linked_and_described(page: Page) -> list[str]:
    return list(page.evaluate(probes.ERRORS))


def ids_are_unique_and_point_at_something(page: Page) -> list[str]:
    return list(page.evaluate(probes.IDS))


def nothing_is_told_by_a_placeholder_or_taken_away(page: Page) -> list[str]:
    return list(page.evaluate(probes.FORBIDDEN))


def way_to_help_is_the_same_on_every_screen(page: Page) -> list[str]:
    office, header, footer, search = page.evaluate(probes.LINKS)
    if "/office/" in page.url:  # staff have a way of their own, once they are in
        return [] if office in ([], OFFICE) else office
    found = header + footer if header + footer != HEADER + FOOTER else []
    return found if search else [*found, "no search"]


def one_button_of_each_kind(page: Page) -> list[str]:
    names = ["終了", "次へ", "確定", "戻る", "ログイン", "変更"]
    return list(page.evaluate(probes.TWICE, names))


def nothing_has_to_be_scrolled_sideways(page: Page) -> list[str]:
    return list(page.evaluate(probes.SIDEWAYS))


def wider_text_spacing_cuts_nothing_off(page: Page) -> list[str]:
    page.evaluate(probes.SPACE_TEXT)
    found = [*page.evaluate(probes.SIDEWAYS), *page.evaluate(probes.CLIPPED)]
    page.evaluate(probes.UNSPACE_TEXT)
    return found


def lines_begin_where_they_may(page: Page) -> list[str]:
    return list(page.evaluate(probes.BREAKS))


def gaps_of_a_summary_are_even(page: Page) -> list[str]:
    return list(page.evaluate(probes.UNEVEN_GAPS))


def targets_are_44_pixels_high_and_wide(page: Page) -> list[str]:
    return list(page.evaluate(probes.SMALL_TARGETS))


def focus_is_seen_wherever_tab_leads(page: Page) -> list[str]:
    page.evaluate(probes.FROM_THE_TOP)
    stops: list[str] = []
    while len(stops) < MOST_STOPS and "round" not in stops:
        for _ in range(TABS_AT_ONCE):
            page.keyboard.press("Tab")
        stops = page.evaluate("stops")
    seen = stops[: stops.index("round")] if "round" in stops else stops
    fewest = 1 if page.get_by_role("alertdialog").is_visible() else 8
    counted = [] if fewest <= len(seen) < MOST_STOPS else [f"{len(seen)} stops"]
    return [*filter(None, seen), *counted]


def forced_colours_keep_borders(page: Page) -> list[str]:
    page.emulate_media(forced_colors="active")
    found = list(page.evaluate(probes.BORDERS))
    page.emulate_media(forced_colors="none")
    return found


def nothing_moves(page: Page) -> list[str]:
    moving = page.evaluate("document.getAnimations().length")
    return [f"{moving} animations"] if moving else []


# How the window is, and what is looked at then. Tab comes last: it moves the focus.
VIEWS: tuple[tuple[ViewportSize, Scheme, tuple[Callable[[Page], list[str]], ...]], ...] = (
    (WIDE, "light", (
        title_names_the_screen_and_errors_first, every_error_is_named_linked_and_described,
        ids_are_unique_and_point_at_something, nothing_is_told_by_a_placeholder_or_taken_away,
        way_to_help_is_the_same_on_every_screen, one_button_of_each_kind,
        axe_finds_nothing, edges_of_controls_stand_out, nothing_has_to_be_scrolled_sideways,
        wider_text_spacing_cuts_nothing_off, targets_are_44_pixels_high_and_wide,
        forced_colours_keep_borders, nothing_moves, gaps_of_a_summary_are_even,
    )),
    (WIDE, "dark", (axe_finds_no_faint_colours, edges_of_controls_stand_out)),
    (NARROW, "dark", (axe_finds_no_faint_colours,)),
    (MAGNIFIED, "light", (nothing_has_to_be_scrolled_sideways,)),
    (TELEPHONE, "light", (lines_begin_where_they_may, gaps_of_a_summary_are_even)),
    (NARROW, "light", (
        axe_finds_nothing, nothing_has_to_be_scrolled_sideways, lines_begin_where_they_may,
        wider_text_spacing_cuts_nothing_off, targets_are_44_pixels_high_and_wide, focus_is_seen_wherever_tab_leads,
    )),
)  # fmt: skip
