"""The first load on a line of 50 kbit/s with 400 ms: what is needed to see the log-in comes first."""

from playwright.sync_api import Page

from .modes import with_javascript
from .waiting import until

LINE = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000 / 8,
    "uploadThroughput": 50_000 / 8,
}
SECONDS, TRIES = 2.5, 3
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def painted(page: Page) -> float:
    """How many seconds until something of the log-in can be seen, with nothing of it in the cache."""
    page.goto("/useridmg/login", wait_until="commit")
    found: float | None = until(lambda: page.evaluate(PAINTED))
    assert found
    return found / 1000


@with_javascript
def test_the_log_in_is_seen_within_two_and_a_half_seconds(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.send("Network.emulateNetworkConditions", LINE)
    times: list[float] = []
    while (
        len(times) < TRIES and min(times, default=SECONDS + 1) > SECONDS
    ):  # a busy machine is no fault
        times.append(painted(page))
    assert min(times) <= SECONDS, times
