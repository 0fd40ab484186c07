"""Back and Forward, until what they lead to is there."""

from collections.abc import Callable

from playwright.sync_api import Page


def back(page: Page) -> None:
    """Go back; an entry that htmx made is reloaded by it once the browser stands on it."""
    _leave(page, page.go_back)


def forward(page: Page) -> None:
    """Go forward, in the same way."""
    _leave(page, page.go_forward)


def reload(page: Page) -> None:
    """Load what is there anew."""
    page.reload()


def _leave(page: Page, go: Callable[[], object]) -> None:
    page.wait_for_load_state()
    with page.expect_event("load"):
        go()


BUTTONS: dict[str, Callable[[Page], None]] = {"back": back, "forward": forward, "reload": reload}
