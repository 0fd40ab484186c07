"""What is under way: live checks of new passwords, and refusals that are kept back."""

import asyncio
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.waiting import PATIENCE
from tests.unit.letters import vault_of
from web.database.sqlite.database import SQLite
from web.security import tries as under_way
from web.security.fair_queue import Busy
from web.security.throttle import Attempt
from web.security.tries import (
    JUDGED_AT_ONCE,
    JUDGED_AT_ONCE_BY_NETWORK,
    Tries,
)
from web.store.standings import Scope

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
async def test_guesses_at_another_value_of_a_device_are_not_under_way_at_ones_own() -> None:
    """Who used the machine before knows the part that stays; twenty guesses at once must not shut the owner out."""
    tries, vault = (
        Tries(SQLite(Path("none"))),
        vault_of("a secret of the tests that is long enough"),
    )
    own, planted = (Attempt(vault, "KNCA6288", HERE, f"part.{end}") for end in ("own", "planted"))
    assert own.subject(Scope.DEVICE) == planted.subject(Scope.DEVICE)
    async with tries.one(planted, "a guess"), tries.one(own, "another") as ahead:
        assert (ahead()[Scope.DEVICE], ahead()[Scope.ID]) == (0, 1)
    async with tries.one(own, "a guess"), tries.one(own, "another") as ahead:
        assert (ahead()[Scope.DEVICE], ahead()[Scope.ID]) == (1, 1)


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
