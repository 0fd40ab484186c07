"""Pictures of the product's screens for the operating manual, and where in them the controls are."""

from base64 import b64encode
from dataclasses import dataclass

from playwright.sync_api import Browser, FloatRect, Locator, Page

from tests.e2e.pages.screen import Screen

WIDTH = 1280
MARGIN = 32  # of the screen, left around what a picture shows
ROOM = {"press": 6, "fill": 2}  # between a control and its frame, by the kind of the frame
WHERE = """nodes => nodes.filter((node) => node.checkVisibility()).map((node) => {
  const {left, top, width, height} = node.getBoundingClientRect();
  return [left + scrollX, top + scrollY, width, height];
})"""


@dataclass(frozen=True)
class Box:
    """A frame in a picture; `kind` is press or fill."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """Part of a screen, its frames drawn over it by the manual."""

    source: str
    words: str
    width: int
    height: int
    boxes: list[Box]


def page_for_pictures(browser: Browser, url: str, sharpness: float) -> Page:
    """Open a page of the width that pictures have."""
    return browser.new_page(
        base_url=url,
        locale="ja-JP",
        timezone_id="Asia/Tokyo",
        color_scheme="light",
        viewport={"width": WIDTH, "height": 720},
        device_scale_factor=sharpness,
    )


class Camera:
    """Takes the pictures of a page, and finds where in them the controls are."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def take(self, screen: Screen, press: list[Locator], fill: list[Locator]) -> Picture:
        """Take the screen from its header to the end of its content; altering nothing."""
        self._page.mouse.move(0, 0)
        brand = self._page.get_by_role("banner").get_by_role("link", name="ワンストップサービス")
        main, content = _box(screen.main), _boxes(screen.main.locator(":scope *"))
        x, y = max(main.x - MARGIN, 0), max(_box(brand).y - ROOM["press"], 0)
        width = min(main.width + 2 * MARGIN, WIDTH - x)
        height = max(box.y + box.height for box in content) + MARGIN - y
        kinds = [("press", each) for each in press] + [("fill", each) for each in fill]
        boxes = [_frame(kind, _box(each), x, y) for kind, each in kinds]
        clip: FloatRect = {"x": x, "y": y, "width": width, "height": height}
        raw = self._page.screenshot(full_page=True, animations="disabled", clip=clip)
        source = "data:image/png;base64," + b64encode(raw).decode()
        return Picture(source, f"『{screen.heading}』画面", round(width), round(height), boxes)


def _boxes(places: Locator) -> list[Box]:
    """Find where on the page things are, whatever the window shows of it."""
    return [Box("", *each) for each in places.evaluate_all(WHERE)]


def _box(place: Locator) -> Box:
    (box,) = _boxes(place)
    return box


def _frame(kind: str, box: Box, x: float, y: float) -> Box:
    room = ROOM[kind]
    return Box(
        kind,
        round(box.x - x - room, 1),
        round(box.y - y - room, 1),
        round(box.width + 2 * room, 1),
        round(box.height + 2 * room, 1),
    )
