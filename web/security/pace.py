"""Refused tries are answered on a beat, so that their time does not tell what was found on the way.

A known ID costs some tenths of a millisecond more than one that nobody has: its row is read, and a row
of the trail is written among others of its own. `make timing` sees that without this.
"""

import asyncio

BEAT = 0.01  # seconds


def begin() -> float:
    """Note when a try begins."""
    return asyncio.get_running_loop().time()


async def wait_for_beat(began: float) -> None:
    """Wait until a whole number of beats is over since then; nothing may be held meanwhile."""
    await asyncio.sleep((began - asyncio.get_running_loop().time()) % BEAT)
