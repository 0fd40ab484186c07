"""Counts what is under way: passwords being tried, new passwords being judged.

What must outlive a restart is counted in the database, by throttle.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from web.database import Database
from web.security.fair_queue import Busy
from web.security.throttle import SCOPES, Ahead, Attempt, network_of
from web.store.standings import Scope

# at the same moment: of one network, and in all, so that 次へ always finds a place in the queue
JUDGED_AT_ONCE_BY_NETWORK = 2
JUDGED_AT_ONCE = 16
LINGER = 0.5  # seconds


class Tries:
    """The tries that are under way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._under_way: defaultdict[tuple[str, bytes], Counter[bytes]] = defaultdict(Counter)
        self._being_judged: Counter[str] = Counter()
        self._lingering = 0

    @asynccontextmanager
    async def one(self, attempt: Attempt, typed: str) -> AsyncIterator[Callable[[], Ahead]]:
        """Count a try for as long as the block; give what tells how many other guesses ahead of it have not ended.

        A hundred guesses sent at once would otherwise all be let through before the first is judged.
        The same password pressed twenty times is one guess.
        """
        guess = attempt.vault.sign("guess", f"{attempt.user_id}\n{typed}".encode())
        subjects = [(scope, _subject(attempt, scope)) for scope in SCOPES]
        before = {}
        for scope, subject in subjects:
            guesses = self._under_way[scope, subject]
            before[scope] = guesses.keys() - {guess}
            guesses[guess] += 1
        try:
            async with self._database.under_way(subjects, guess) as elsewhere:
                yield lambda: {
                    scope: len(before[scope] & self._under_way[scope, subject].keys())
                    + elsewhere.get(scope, 0)
                    for scope, subject in subjects
                }
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
    def judging(self, address: str) -> Iterator[None]:
        """Note a live check of a new password, which lasts as long as the block. Raises Busy."""
        network = network_of(address)
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

    async def linger(self, *, most: int) -> None:
        """Wait for a moment, unless so many do already: each takes the place of a request that is answered."""
        if self._lingering >= most:
            return
        self._lingering += 1
        try:
            await asyncio.sleep(LINGER)
        finally:
            self._lingering -= 1


def _subject(attempt: Attempt, scope: Scope) -> bytes:
    """Name what is under way; of a device by its whole cookie, for others may know the part that stays."""
    if scope is Scope.DEVICE:
        whole = f"{attempt.user_id}\n{attempt.device_token}"
        return attempt.vault.count("throttle", whole.encode())
    return attempt.subject(scope)
