"""Argon2id in threads of its own, and how passwords are prepared, judged and compared."""

import asyncio
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import argon2
import precis_i18n

from web import metrics
from web.fields.field import Refused
from web.security import guessing, listed

T = TypeVar("T")

# OWASP's second choice for Argon2id; the library's own default costs four threads a log-in.
PARAMETERS = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32,
    time_cost=2, memory_cost=19456, parallelism=1,
)  # fmt: skip
QUEUE_PER_THREAD = 32
MOST_JUDGED = 64  # at once, live checks among them: a form pressed fifty times still finds a place
# How long a thread may keep the interpreter while another one wants it, in seconds: usually, and while a
# password is judged. The loop gives it away a dozen times for a request, and whoever asks for a page would wait
# for 5 ms each time; always short, it costs a page 4 %.
TURN, SHORT_TURN = sys.getswitchinterval(), 0.0001
LISTED = (
    "流出したことがあるか、よく使われているパスワードです。"
    "攻撃に用いられる一覧に含まれているため、別のパスワードにしてください。"
)
_OPAQUE = precis_i18n.get_profile("OpaqueString")


class Busy(Exception):
    """More password work is waiting than can be done in good time."""


def prepare(typed: str) -> str:
    """Prepare a password for hashing by RFC 8265 OpaqueString. Raises Refused."""
    try:
        prepared: str = _OPAQUE.enforce(typed)
    except UnicodeEncodeError as wrong:
        shown = typed[wrong.start : wrong.end]
        named = f"「{shown}」" if shown.isprintable() else "改行やタブなど、目に見えない文字"
        raise Refused(f"{named}はパスワードに使えません。別の文字にしてください。") from wrong
    return prepared


class Passwords:
    """Hashes and verifies in as many threads as there are cores, with a bounded queue."""

    def __init__(
        self, parameters: argon2.Parameters = PARAMETERS, *, filter_file: str = ""
    ) -> None:
        """Read the list of leaked passwords. Raises BadSetting."""
        self.listed = listed.read(filter_file)
        self._hasher = argon2.PasswordHasher.from_parameters(parameters)
        cores = os.cpu_count() or 1
        self._hashing = _Queue("argon2", cores, most=cores * QUEUE_PER_THREAD)
        # zxcvbn judges one at a time anyhow; log-ins never wait behind it
        self._judging = _Queue("judging", 1, most=MOST_JUDGED)

    def close(self) -> None:
        """End the threads."""
        self._hashing.close()
        self._judging.close()

    async def hash(self, typed: str) -> str:
        """Hash a password that was judged good."""
        return await self._in_thread(lambda: self._hasher.hash(prepare(typed)))

    async def verify(self, hashed: str, typed: str) -> bool:
        """Compare; for an unknown ID with a hash of dummies, so that the same work is done."""
        return await self._in_thread(lambda: self._matches(hashed, typed))

    async def matches_any(self, hashes: Iterable[str], typed: str) -> bool:
        """Tell whether the password is one of several."""
        known = tuple(hashes)
        return await self._in_thread(lambda: any(self._matches(each, typed) for each in known))

    async def weakness(self, typed: str, words: Iterable[str]) -> str:
        """Say in Japanese why a password is too easy to guess; '' when it is not.

        Every password that is set passes here, by whichever door.
        """
        known = tuple(words)

        def judge() -> str:
            why = guessing.weakness(typed, known)
            return why or (LISTED if self.listed.has(prepare(typed)) else "")

        sys.setswitchinterval(SHORT_TURN)  # here: the thread would begin with a long turn
        try:
            return await self._judging.run(judge)
        finally:
            if self._judging.idle:
                sys.setswitchinterval(TURN)

    def outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _matches(self, hashed: str, typed: str) -> bool:
        usable = True
        try:
            prepared = prepare(typed)
        except Refused:
            prepared, usable = "", False
        try:
            self._hasher.verify(hashed, prepared)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return usable

    async def _in_thread(self, work: Callable[[], T]) -> T:
        with metrics.HASH_QUEUE.track_inprogress(), metrics.HASH_SECONDS.time():
            return await self._hashing.run(work)


class _Queue:
    """Threads of one kind of work, and a bound on what waits for them."""

    def __init__(self, name: str, threads: int, *, most: int) -> None:
        self._pool = ThreadPoolExecutor(threads, name)
        self._limit = most
        self._waiting = 0

    @property
    def idle(self) -> bool:
        """Tell whether nothing waits and nothing is done."""
        return not self._waiting

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """Run the work in a thread. Raises Busy."""
        if self._waiting >= self._limit:
            metrics.HASH_REFUSED.inc()
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1
