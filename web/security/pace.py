"""Refused tries are answered on a beat, so that their time does not tell what was found on the way.

A known ID costs some tenths of a millisecond more than one that nobody has: its row is read, and a row
of the trail is written among others of its own. `make timing` sees that without this. The wait is the last
thing before the answer leaves: what comes behind it, such as making the page, is quicker after more work.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BEAT = 0.01  # seconds

_began: ContextVar[float | None] = ContextVar("began", default=None)  # of the try that is refused


def begin() -> float:
    """Note when a try begins."""
    return time.perf_counter()


def hold(began: float) -> None:
    """Let the answer of this request leave on a beat, counted from then."""
    _began.set(began)


@contextmanager
def on_a_beat(*refusals: type[Exception]) -> Iterator[None]:
    """Let the answer leave on a beat when one of these exceptions leaves the block."""
    began = begin()
    try:
        yield
    except refusals:
        hold(began)
        raise


async def before_answer() -> None:
    """Wait for the beat, if the answer is held."""
    began = _began.get()
    if began is not None:
        _began.set(None)
        await wait_for_beat(began)


async def wait_for_beat(began: float) -> None:
    """Wait until a whole number of beats is over since then.

    Not by the loop's own clock: uvloop counts whole milliseconds. An answer that waited by it left a millisecond
    later if the work before had crossed the end of one, which it does more often for an ID that is known.
    """
    beats = (time.perf_counter() - began) // BEAT + 1
    while (left := began + beats * BEAT - time.perf_counter()) > 0:  # noqa: ASYNC110 only the clock tells
        await asyncio.sleep(left)
