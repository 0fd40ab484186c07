"""Counts what is under way: passwords being tried, new passwords being judged.

What must outlive a restart is counted in the database, by throttle.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from web import clock
from web.database import Database
from web.security.passwords import Busy
from web.security.throttle import SCOPES, Ahead, Attempt, TooMany, network_of
from web.store.standings import Scope

# judging a new password live costs CPU and needs no log-in
JUDGINGS = 300
JUDGINGS_WINDOW = 10 * clock.MINUTE
MOST_NETWORKS = (
    100_000  # that are remembered; whoever has more of them is not held up by a count for each
)
# at the same moment: of one network, and in all, so that 次へ always finds a place in the queue
JUDGED_AT_ONCE_BY_NETWORK = 2
JUDGED_AT_ONCE = 16
LINGER = 0.5  # seconds


class Tries:
    """The tries that are under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._under_way: defaultdict[tuple[str, bytes], Counter[bytes]] = defaultdict(Counter)
        self._judged: Counter[str] = Counter()
        self._being_judged: Counter[str] = Counter()
        self._window_ends = 0
        self._lingering = 0

    @asynccontextmanager
    async def one(self, attempt: Attempt, typed: str) -> AsyncIterator[Ahead]:
        """Count a try for as long as the block; give how many other guesses are ahead of it.

        A hundred guesses sent at once would otherwise all be let through before the first is judged.
        The same password pressed twenty times is one guess.
        """
        guess = attempt.vault.sign("guess", f"{attempt.user_id}\n{typed}".encode())
        subjects: list[tuple[Scope, bytes]] = [(scope, attempt.subject(scope)) for scope in SCOPES]
        ahead = {}
        for scope, subject in subjects:
            guesses = self._under_way[scope, subject]
            ahead[scope] = len(guesses.keys() - {guess})
            guesses[guess] += 1
        try:
            async with self._database.under_way(subjects, guess) as elsewhere:
                yield {scope: ahead[scope] + elsewhere.get(scope, 0) for scope in SCOPES}
        finally:
            for each in subjects:
                self._end(each, guess)

    def _end(self, counter: tuple[str, bytes], guess: bytes) -> None:
        guesses = self._under_way[counter]
        guesses[guess] -= 1
        if not guesses[guess]:
            del guesses[guess]
        if not guesses:
            del self._under_way[counter]

    @contextmanager
    def judging(self, address: str, *, now: int) -> Iterator[None]:
        """Count a live check of a new password, which lasts as long as the block. Raises TooMany, Busy."""
        self.may_judge(address, now=now)
        network = network_of(address)
        self._judged[network] += 1
        if (
            self._being_judged[network] >= JUDGED_AT_ONCE_BY_NETWORK
            or self._being_judged.total() >= JUDGED_AT_ONCE
        ):
            raise Busy
        self._being_judged[network] += 1
        try:
            yield
        finally:
            self._being_judged -= Counter([network])  # keeps no network with nothing under way

    def may_judge(self, address: str, *, now: int) -> None:
        """Refuse a network that has had too many judged, before anything is done for it. Raises TooMany."""
        if now >= self._window_ends or len(self._judged) >= MOST_NETWORKS:
            self._judged.clear()
            self._window_ends = now + JUDGINGS_WINDOW
        if self._judged[network_of(address)] >= JUDGINGS:
            raise TooMany(self._window_ends - now)

    async def linger(self, *, most: int) -> None:
        """Wait for a moment, unless so many do already: each takes the place of a request that is answered."""
        if self._lingering >= most:
            return
        self._lingering += 1
        try:
            await asyncio.sleep(LINGER)
        finally:
            self._lingering -= 1
