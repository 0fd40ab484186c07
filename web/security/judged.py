"""Counts the new passwords that were judged for a network: it takes milliseconds, and needs no log-in."""

from collections import Counter

from web import clock
from web.security.throttle import Cause, TooMany, network_of

JUDGINGS = 300
JUDGINGS_WINDOW = 10 * clock.MINUTE
MOST_NETWORKS = (
    100_000  # that are remembered; whoever has more of them is not held up by a count for each
)


class Judged:
    """What was judged in the window of now."""

    def __init__(self) -> None:
        self._number: Counter[str] = Counter()
        self._window_ends = 0

    def check(self, address: str) -> None:
        """Refuse a network that has had too many judged, before anything is done for it. Raises TooMany."""
        now = clock.now()
        if now >= self._window_ends or len(self._number) >= MOST_NETWORKS:
            self._number.clear()
            self._window_ends = now + JUDGINGS_WINDOW
        if self._number[network_of(address)] >= JUDGINGS:
            raise TooMany(self._window_ends - now, cause=Cause.ACTS)

    def count(self, address: str) -> None:
        """Count one that is judged now. Raises TooMany."""
        if address:  # of a command it is ''
            self.check(address)
            self._number[network_of(address)] += 1
