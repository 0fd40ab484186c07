"""How often new passwords are judged while they are typed: so many a network and ten minutes."""

import asyncio
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.waiting import PATIENCE
from web import clock
from web.database.sqlite.database import SQLite
from web.security import tries as under_way
from web.security.passwords import Busy
from web.security.throttle import TooMany
from web.security.tries import (
    JUDGED_AT_ONCE,
    JUDGED_AT_ONCE_BY_NETWORK,
    JUDGINGS,
    JUDGINGS_WINDOW,
    Tries,
)

NOW = 1_790_000_000
HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.5", "203.0.113.6", "2001:db8::1"


def judged(tries: Tries, times: int, address: str = HERE, *, now: int = NOW) -> None:
    """Judge so many passwords of one address."""
    for _ in range(times):
        with tries.judging(address, now=now):
            pass


def test_a_network_that_asks_too_often_is_told_when_to_come_back() -> None:
    """300 are judged; the next one is not, until ten minutes after the first."""
    tries = Tries(SQLite(Path("none")))
    judged(tries, JUDGINGS)
    with pytest.raises(TooMany) as told, tries.judging(HERE, now=NOW + clock.MINUTE):
        pass
    assert told.value.seconds == JUDGINGS_WINDOW - clock.MINUTE
    with pytest.raises(TooMany) as told, tries.judging(HERE, now=NOW + JUDGINGS_WINDOW - 1):
        pass
    assert told.value.seconds == 1


def test_after_the_window_it_begins_anew() -> None:
    """To the second, and again so many."""
    tries = Tries(SQLite(Path("none")))
    judged(tries, JUDGINGS)
    judged(tries, JUDGINGS, now=NOW + JUDGINGS_WINDOW)
    with pytest.raises(TooMany), tries.judging(HERE, now=NOW + JUDGINGS_WINDOW):
        pass


def test_others_are_not_stopped() -> None:
    """Networks are counted apart; an IPv6 network is its /64."""
    tries = Tries(SQLite(Path("none")))
    judged(tries, JUDGINGS)
    judged(tries, JUDGINGS, NEXT_DOOR)
    judged(tries, JUDGINGS - 1, ELSEWHERE)
    judged(tries, 1, "2001:db8::ffff")
    with pytest.raises(TooMany), tries.judging("2001:db8::abcd", now=NOW):
        pass
    judged(tries, 1, "2001:db8:0:1::1")


def test_networks_without_number_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a thousand networks is not held up by a count for each; the count begins anew."""
    monkeypatch.setattr(under_way, "MOST_NETWORKS", 100)
    counted = Tries(SQLite(Path("none")))
    for number in range(1_000):
        judged(counted, 1, f"2001:db8:0:{number:x}::1")
    assert len(counted._judged) <= 100


def test_a_network_has_two_checks_at_the_same_moment_and_all_have_sixteen() -> None:
    """One network that sends many leaves room for the others; a place comes back when one is done."""
    tries = Tries(SQLite(Path("none")))
    with ExitStack() as under_way:
        for number in range(JUDGED_AT_ONCE):
            network = f"192.0.2.{number // JUDGED_AT_ONCE_BY_NETWORK}"
            under_way.enter_context(tries.judging(network, now=NOW))
            if number == JUDGED_AT_ONCE_BY_NETWORK:
                with pytest.raises(Busy), tries.judging("192.0.2.0", now=NOW):
                    pass
        with pytest.raises(Busy), tries.judging(ELSEWHERE, now=NOW):
            pass
    judged(tries, 1)
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
