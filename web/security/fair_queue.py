"""Threads for work that takes long, of which no network can keep the others: each has a line, served in turn."""

import asyncio
import os
import sys
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from web import metrics, networks

T = TypeVar("T")
NICE = 5  # of 19: in turn with others that are busy it still has a third

# The address of whoever asks; '' of a command. Set for each request: whoever waits in line is far from it.
asked_by: ContextVar[str] = ContextVar("asked_by", default="")


class Busy(Exception):
    """More password work is waiting than can be done in good time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """Work that waits, and the future of whoever waits for it."""

    work: Callable[[], Any]
    done: asyncio.Future[Any]


class FairQueue:
    """Threads of one kind of work, a line for each network, and a bound on all that waits and is done."""

    def __init__(self, name: str, threads: int, *, most: int, behind: bool = False) -> None:
        """`behind`: the threads stand back behind that of the loop; not for work that holds the interpreter."""
        self._pool = ThreadPoolExecutor(threads, name, _stand_back if behind else None)
        self._free, self._most, self._held = threads, most, 0
        self._lines: dict[str, deque[_Job]] = {}  # the one whose turn it is comes first

    @property
    def idle(self) -> bool:
        """Tell whether nothing waits and nothing is done."""
        return not self._held

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """Run the work in a thread when its turn comes. Raises Busy."""
        network = networks.counted(asked_by.get())
        if self._held >= self._most:
            self._make_room(network)
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._lines.setdefault(network, deque()).append(job)
        self._held += 1
        try:
            self._start()
            return cast("T", await job.done)
        finally:
            self._held -= 1

    def _make_room(self, network: str) -> None:
        """Turn away the last of the longest line, or whoever comes to one that would be as long. Raises Busy."""
        metrics.HASH_REFUSED.inc()
        longest = max(self._lines, key=self._length, default=network)
        if self._length(longest) <= self._length(network) + 1:
            raise Busy
        job = self._lines[longest].pop()
        if not job.done.done():
            job.done.set_exception(Busy())

    def _length(self, network: str) -> int:
        return len(self._lines.get(network, ()))

    def _start(self) -> None:
        while self._free and self._lines:
            network = next(iter(self._lines))
            line = self._lines.pop(network)
            job = line.popleft()
            if line:
                self._lines[network] = line  # behind the others
            if job.done.done():  # turned away, or nobody waits any more
                continue
            running = asyncio.get_running_loop().run_in_executor(self._pool, job.work)
            self._free -= 1
            running.add_done_callback(partial(self._finished, job))

    def _finished(self, job: _Job, running: asyncio.Future[Any]) -> None:
        self._free += 1
        self._start()
        if job.done.done():
            return
        if running.cancelled():
            job.done.cancel()
        elif wrong := running.exception():
            job.done.set_exception(wrong)
        else:
            job.done.set_result(running.result())


def _stand_back() -> None:
    """Lower the priority of this thread, where the system has one for each: Linux.

    As many threads as cores hash; whoever asked for a page meanwhile waited 50 ms for a turn.
    """
    if sys.platform == "linux":
        mine = threading.get_native_id()
        # never above what the process was given: that would need a right
        lower = max(NICE, os.getpriority(os.PRIO_PROCESS, mine))
        # a filter of system calls may refuse it: then pages wait, nothing else
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, mine, lower)
