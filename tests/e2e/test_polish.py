"""What the eye stumbles over: buttons that jump, uneven gaps, tabs out of line, a danger that shouts."""

import pytest
from playwright.sync_api import Page

from .conftest import Site
from .screens import STATES
from .stage import EDIT, Stage

WIDTHS = {1280: 900, 390: 844}
EVEN = 1.5  # pixels that rounding may take
HIGHEST = 150  # the header of somebody logged in, on a telephone, without the bar of the demo


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


@pytest.fixture(params=WIDTHS, ids=str)
def stage(page: Page, site: Site, request: pytest.FixtureRequest) -> Stage:
    page.set_viewport_size({"width": request.param, "height": WIDTHS[request.param]})
    return Stage(page, site, {})


def left(stage: Stage, selector: str) -> float:
    """The left edge of the first that is found."""
    box = stage.page.locator(selector).first.bounding_box()
    assert box, selector
    return box["x"]


def bring(stage: Stage, name: str) -> None:
    next(each for each in STATES if each.name == name).bring(stage)


@pytest.mark.parametrize(("form", "confirm"), [("U1", "U2"), ("D1", "D2"), ("I5", "I6")])
def test_the_buttons_stay_in_their_column_from_step_to_step(
    stage: Stage, form: str, confirm: str
) -> None:
    places = []
    for name in (form, confirm):
        bring(stage, name)
        places.append((left(stage, "main .buttons .button"), left(stage, "main h1")))
    assert abs(places[0][0] - places[1][0]) <= EVEN, places
    assert places[0][1] == places[1][1]


def test_what_was_found_moves_neither_field_nor_button(stage: Stage) -> None:
    """検索 stays beside its field, or below it, and as wide as it was."""
    places = []
    for name in ("D1", "D1-searched"):
        bring(stage, name)
        boxes = [
            stage.page.locator(each).bounding_box() for each in ("#bank", "button[value=bank]")
        ]
        places.append([round(each[side]) for each in boxes if each for side in ("x", "width")])
    assert len(places[0]) == 4
    assert places[0] == places[1]


def test_the_tabs_of_the_office_stand_flush(stage: Stage) -> None:
    """With each other, with the heading, and within the window."""
    for name in ("O-forms", "O-accounts"):
        bring(stage, name)
        edges = [
            left(stage, each) for each in (".office-links a", "main h1", ".office-header .brand")
        ]
        assert max(edges) - min(edges) <= 0.5, edges
        tops = {
            round(each["y"], 1)
            for each in (
                link.bounding_box() for link in stage.page.locator(".office-links li").all()[:2]
            )
            if each
        }
        assert len(tops) == 1, tops
    width = stage.page.evaluate("document.documentElement.scrollWidth")
    assert width <= stage.page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("state", "name"),
    [("sessions", "ほかの端末をすべてログアウトさせる"), ("factors-edit", "削除")],
)
def test_ending_all_others_is_no_filled_button(stage: Stage, state: str, name: str) -> None:
    """What cannot be undone is not what the page wants of everybody."""
    bring(stage, state)
    look = stage.page.get_by_role("button", name=name, exact=True).evaluate(
        "each => getComputedStyle(each).backgroundColor"
    )
    assert look == stage.page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_header_of_somebody_logged_in_is_low(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    stage = Stage(page, site, {})
    stage.logged_in(stage.cast.company, EDIT)
    heights = [
        page.locator(each).first.evaluate("each => each.getBoundingClientRect().height")
        for each in (".header", ".header .demo")
    ]
    assert heights[0] - heights[1] <= HIGHEST
