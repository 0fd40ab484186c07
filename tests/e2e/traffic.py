"""What the browser sends: seen, or kept waiting until a journey lets it go."""

from playwright.sync_api import Page, Request, Route

from .waiting import until


def requests_of(page: Page) -> list[Request]:
    """Everything that a page sends from now on."""
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    return sent


HOLD = """() => {
  const send = window.fetch;
  window.fetch = (...asked) => new Promise((go) => { window.letGo = () => { go(send(...asked)); }; });
}"""


class HeldInside:
    """The next request of the page's script, held by the page itself: no driver has to know how."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate(HOLD)

    def wait(self) -> None:
        assert until(lambda: self._page.evaluate("Boolean(window.letGo)")), "nothing was sent"

    def release(self) -> None:
        self._page.evaluate("window.letGo()")


class Held:
    """Slowness without a clock: every request of a method to the addresses that fit, oldest first."""

    def __init__(self, page: Page, addresses: str, method: str = "POST") -> None:
        self._held: list[Route] = []
        self._page, self._method = page, method
        page.route(addresses, self._hold)

    def _hold(self, route: Route) -> None:
        if route.request.method == self._method:
            self._held.append(route)
        else:
            route.continue_()

    def wait_for(self, count: int) -> None:
        def arrived() -> bool | None:
            return len(self) >= count or None

        assert until(arrived), f"fewer than {count} requests"

    def release(self, which: int) -> None:
        self._held[which].continue_()

    def __len__(self) -> int:
        self._page.title()  # a round trip, in which Playwright hands over what came
        return len(self._held)
