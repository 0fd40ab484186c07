"""Counts the new passwords that were judged for a network: it takes milliseconds, and needs no log-in."""

from collections import Counter
from contextvars import ContextVar

from web import clock
from web.security.throttle import Cause, TooMany, network_of

JUDGINGS = 300  # while they are typed, and as many that are pressed: a stranger who types keeps no neighbour back
JUDGINGS_WINDOW = 10 * clock.MINUTE
# That are remembered; whoever has more of them is not held up by a count for each.
MOST_NETWORKS = 100_000
# Whether the request is a live check.
being_typed: ContextVar[bool] = ContextVar("being_typed", default=False)


class Judged:
    """What was judged in the window of now: of each network, typed and pressed."""

    def __init__(self) -> None:
        self._number: Counter[tuple[str, bool]] = Counter()
        self._window_ends = 0

    def check(self, address: str, *, typed: bool) -> None:
        """Refuse a network that has had too many judged, before anything is done for it. Raises TooMany."""
        now = clock.now()
        if now >= self._window_ends or len(self._number) >= MOST_NETWORKS:
            self._number.clear()
            self._window_ends = now + JUDGINGS_WINDOW
        if self._number[network_of(address), typed] >= JUDGINGS:
            raise TooMany(self._window_ends - now, cause=Cause.ACTS)

    def count(self, address: str) -> None:
        """Count one that is judged now. Raises TooMany."""
        if address:  # of a command it is ''
            typed = being_typed.get()
            self.check(address, typed=typed)
            self._number[network_of(address), typed] += 1
