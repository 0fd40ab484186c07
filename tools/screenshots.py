"""Takes a picture of every screen in every state, wide and narrow, light and dark, into var/screenshots."""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.conftest import PATIENCE_MS, Site
from tests.e2e.inboxes import inbox_at
from tests.e2e.personas import Cast
from tests.e2e.screens import STATES, State
from tests.e2e.server import Server
from tests.e2e.stage import Stage

TARGET = Path("var/screenshots")
WIDTHS = {1280: 900, 320: 640}
SCHEMES = ("light", "dark")


@contextmanager
def demo(start: Callable[[Path], Server] = Server) -> Iterator[Site]:
    """Run the demo on fresh data."""
    with tempfile.TemporaryDirectory() as folder:
        server = start(Path(folder))
        try:
            server.wait_until_alive()
            yield Site(server.url, inbox_at(f"{server.url}/demo/mail"), Cast.load(None), server)
        finally:
            server.stop()


def take(page: Page, name: str) -> None:
    """Take the whole page in all its looks."""
    for (width, height), scheme in product(WIDTHS.items(), SCHEMES):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.mouse.move(0, 0)
        page.screenshot(path=TARGET / f"{name}-{width}-{scheme}.png", full_page=True)


def photograph(page: Page, site: Site, states: list[State]) -> None:
    """Bring one state after the other; each begins without cookies, in a wide window."""
    links: dict[str, str] = {}
    for number, state in enumerate(STATES, 1):
        if state not in states:
            continue
        page.unroute_all()
        page.goto("about:blank")
        page.context.clear_cookies()
        page.set_viewport_size({"width": 1280, "height": WIDTHS[1280]})
        state.bring(Stage(page, site, links))
        take(page, f"{number:02d}-{state.name}")


def main() -> None:
    """Take all pictures, or those of the states that are named."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "names", nargs="*", help="of states in tests/e2e/screens.py; all by default"
    )
    names = options.parse_args().names
    states = [state for state in STATES if not names or state.name in names]
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright, demo() as site:
        browser = playwright.chromium.launch(**launch_options())
        context = browser.new_context(
            base_url=site.url, locale="ja-JP", timezone_id="Asia/Tokyo", reduced_motion="reduce"
        )
        photograph(context.new_page(), site, states)
        browser.close()
    print(f"{len(list(TARGET.iterdir()))} pictures in {TARGET}")


if __name__ == "__main__":
    main()
