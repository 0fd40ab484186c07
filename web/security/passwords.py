"""Argon2id in threads of its own, and how passwords are prepared, judged and compared."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

import argon2
import precis_i18n

from web import metrics
from web.fields.field import Refused
from web.security import guessing, listed
from web.security.fair_queue import FairQueue, asked_by
from web.security.judged import Judged

T = TypeVar("T")

# OWASP's second choice for Argon2id; the library's own default costs four threads a log-in.
PARAMETERS = argon2.Parameters(
    type=argon2.Type.ID, version=19, salt_len=16, hash_len=32,
    time_cost=2, memory_cost=19456, parallelism=1,
)  # fmt: skip
QUEUE_PER_THREAD = 32
MOST_AT_ONCE = 100
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
        self,
        parameters: argon2.Parameters = PARAMETERS,
        *,
        filter_file: str = "",
        most: int = MOST_AT_ONCE,
    ) -> None:
        """Read the list of leaked passwords. Raises BadSetting.

        `most`: passwords that wait, at most: fewer than requests are answered at once, or a network that sends
        passwords would take all places before its line is the longest of a full queue.
        """
        self.listed = listed.read(filter_file)
        self._hasher = argon2.PasswordHasher.from_parameters(parameters)
        cores = os.cpu_count() or 1
        self._hashing = FairQueue(
            "argon2", cores, most=max(cores, min(cores * QUEUE_PER_THREAD, most)), behind=True
        )
        self.judged = Judged()
        # zxcvbn judges one at a time anyhow; log-ins never wait behind it
        self._judging = FairQueue("judging", 1, most=max(cores, min(MOST_JUDGED, most)))

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

        Every password that is set passes here, by whichever door; a network has so many judged in ten
        minutes. Raises TooMany, Busy.
        """
        self.judged.count(asked_by.get())
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
