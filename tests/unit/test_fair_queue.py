"""Work in threads: a network that asks for much waits for itself, not the others for it."""

import asyncio
import os
import re
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextvars import Context, copy_context
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.waiting import PATIENCE
from tests.unit.parts import ROOT
from web.security.fair_queue import NICE, Busy, FairQueue, asked_by

pytestmark = pytest.mark.anyio

MOST = 12
CROWD, ALONE, OTHER = "192.0.2.1", "198.51.100.7", "2001:db8::1"


class Work:
    """Work that waits to be let on, and the order in which it was done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.gate = threading.Event()

    def of(self, name: str) -> Callable[[], str]:
        """Give the work of somebody."""

        def work() -> str:
            self.gate.wait(30)
            self.done.append(name)
            return name

        return work


@pytest.fixture
async def queue() -> AsyncIterator[FairQueue]:
    """Give a queue with one thread."""
    queue = FairQueue("test", 1, most=MOST)
    yield queue
    queue.close()


def asked(address: str, run: Coroutine[Any, Any, str]) -> asyncio.Task[str]:
    """Ask as somebody at this address."""
    context: Context = copy_context()
    context.run(asked_by.set, address)
    return asyncio.get_running_loop().create_task(run, context=context)


async def begun(tasks: list[asyncio.Task[str]]) -> list[asyncio.Task[str]]:
    """Let all of them come into the queue."""
    await asyncio.sleep(0)
    return tasks


async def test_networks_take_turns(queue: FairQueue) -> None:
    """However many of one wait, another one is next but one; addresses of one /64 are one network."""
    work = Work()
    crowd = [f"2001:db8::{number}" for number in range(1, 7)]
    many = await begun([asked(each, queue.run(work.of("crowd"))) for each in crowd])
    few = await begun([asked(each, queue.run(work.of(each))) for each in (ALONE, CROWD)])
    work.gate.set()
    await asyncio.gather(*many, *few)
    assert work.done == ["crowd", "crowd", ALONE, CROWD, *["crowd"] * 4]
    assert queue.idle


async def test_in_a_crowd_the_longest_line_loses_its_last(queue: FairQueue) -> None:
    """Whoever comes then finds a place; the one whose line is the longest does not."""
    work = Work()
    many = await begun([asked(CROWD, queue.run(work.of(f"{n}"))) for n in range(MOST)])
    few = await begun([asked(each, queue.run(work.of(each))) for each in (ALONE, OTHER)])
    more = await begun([asked(CROWD, queue.run(work.of("more")))])
    work.gate.set()
    answers = await asyncio.gather(*many, *few, *more, return_exceptions=True)
    assert [type(each) for each in answers[-5:]] == [Busy, Busy, str, str, Busy]
    assert answers[: MOST - 2] == [f"{n}" for n in range(MOST - 2)]
    assert queue.idle


async def test_of_lines_that_are_all_as_short_nobody_is_turned_away_for_another(
    queue: FairQueue,
) -> None:
    """Then whoever comes is; all the others are done."""
    work = Work()
    each = [asked(f"192.0.2.{n}", queue.run(work.of(f"{n}"))) for n in range(MOST)]
    late = asked(ALONE, queue.run(work.of("late")))
    await begun([*each, late])
    work.gate.set()
    assert await asyncio.gather(*each) == [f"{n}" for n in range(MOST)]
    with pytest.raises(Busy):
        await late
    assert queue.idle


async def test_what_goes_wrong_is_told_and_the_next_is_done(queue: FairQueue) -> None:
    """The thread is not lost."""

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await queue.run(fail)
    assert await queue.run(lambda: "yes") == "yes"


async def test_threads_that_hash_stand_back_behind_the_loop() -> None:
    """As many as cores are busy with it, and the page of somebody else is not to wait for them."""

    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    behind, beside = FairQueue("behind", 1, most=1, behind=True), FairQueue("beside", 1, most=1)
    try:
        of_its_own = sys.platform == "linux"  # elsewhere a thread has no priority
        assert await behind.run(priority) == (max(NICE, priority()) if of_its_own else priority())
        assert await beside.run(priority) == priority()
    finally:
        behind.close()
        beside.close()


async def test_a_system_that_refuses_a_lower_priority_is_no_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A filter of system calls answers EPERM: a thread that ended by it would leave everybody waiting."""

    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    queue = FairQueue("refused", 1, most=2, behind=True)
    try:
        for _ in range(3):
            assert await asyncio.wait_for(queue.run(lambda: "done"), PATIENCE) == "done"
    finally:
        queue.close()


def test_the_shipped_unit_lets_threads_stand_back() -> None:
    """Behind the line that takes all such calls away."""
    unit = Path(ROOT, "deploy", "systemd", "mypage.service").read_text(encoding="utf-8")
    filters = re.findall(r"^SystemCallFilter=(.+)$", unit, re.MULTILINE)
    assert filters.index("setpriority") > filters.index("~@privileged @resources")
