"""Refused tries are answered on a beat, so that their time does not tell what was found on the way.

A known ID costs some tenths of a millisecond more than one that nobody has: its row is read, and a row
of the trail is written among others of its own. `make timing` sees that without this.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT = 0.01  # seconds


def begin() -> float:
    """Note when a try begins."""
    return time.perf_counter()


async def wait_for_beat(began: float) -> None:
    """Wait until a whole number of beats is over since then; nothing may be held meanwhile.

    Not by the loop's own clock: uvloop counts whole milliseconds. An answer that waited by it left a millisecond
    later if the work before had crossed the end of one, which it does more often for an ID that is known.
    """
    beats = (time.perf_counter() - began) // BEAT + 1
    while (left := began + beats * BEAT - time.perf_counter()) > 0:  # noqa: ASYNC110 only the clock tells
        await asyncio.sleep(left)


@asynccontextmanager
async def on_a_beat(*refusals: type[Exception]) -> AsyncIterator[None]:
    """Let these exceptions leave the block on a beat; to be entered before whatever the block holds."""
    began = begin()
    try:
        yield
    except refusals:
        await wait_for_beat(began)
        raise
