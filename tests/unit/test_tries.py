"""What is under way: live checks of new passwords, and refusals that are kept back."""

import asyncio
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.waiting import PATIENCE
from web.database.sqlite.database import SQLite
from web.security import tries as under_way
from web.security.fair_queue import Busy
from web.security.tries import (
    JUDGED_AT_ONCE,
    JUDGED_AT_ONCE_BY_NETWORK,
    Tries,
)

HERE, ELSEWHERE = "203.0.113.5", "2001:db8::1"


def test_a_network_has_two_checks_at_the_same_moment_and_all_have_sixteen() -> None:
    """One network that sends many leaves room for the others; a place comes back when one is done."""
    tries = Tries(SQLite(Path("none")))
    with ExitStack() as under_way:
        for number in range(JUDGED_AT_ONCE):
            network = f"192.0.2.{number // JUDGED_AT_ONCE_BY_NETWORK}"
            under_way.enter_context(tries.judging(network))
            if number == JUDGED_AT_ONCE_BY_NETWORK:
                with pytest.raises(Busy), tries.judging("192.0.2.0"):
                    pass
        with pytest.raises(Busy), tries.judging(ELSEWHERE):
            pass
    with tries.judging(HERE):
        pass
    assert not tries._being_judged


@pytest.mark.anyio
async def test_so_many_refusals_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes the place of a request: a crowd of them must not take all."""
    begun, over = list[float](), asyncio.Event()

    async def sleep(seconds: float) -> None:
        begun.append(seconds)
        await over.wait()

    tick = partial(asyncio.sleep, 0)
    monkeypatch.setattr(asyncio, "sleep", sleep)
    tries = Tries(SQLite(Path("none")))
    async with asyncio.TaskGroup() as tasks:
        for _ in range(5):
            tasks.create_task(tries.linger(most=2))
        while len(begun) < 2:
            await tick()
        await asyncio.wait_for(tries.linger(most=2), PATIENCE)  # is told at once
        over.set()
    await tries.linger(most=1)
    assert begun == 3 * [under_way.LINGER]
