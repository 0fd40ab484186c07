"""How often new passwords are judged: so many a network and ten minutes, typed or pressed."""

from functools import partial

import pytest

from tests.conftest import FrozenClock
from web import clock
from web.security import judged as counted
from web.security.judged import JUDGINGS, JUDGINGS_WINDOW, Judged
from web.security.throttle import TooMany

HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.5", "203.0.113.6", "2001:db8::1"


def judge(judged: Judged, times: int, address: str = HERE) -> None:
    """Judge so many passwords of one address."""
    for _ in range(times):
        judged.count(address)


def test_a_network_that_asks_too_often_is_told_when_to_come_back(frozen: FrozenClock) -> None:
    """300 are judged; the next one is not, until ten minutes after the first."""
    judged = Judged()
    judge(judged, JUDGINGS)
    frozen.advance(clock.MINUTE)
    for passed in (0, JUDGINGS_WINDOW - clock.MINUTE - 1):
        frozen.advance(passed)
        judged.check(HERE, typed=True)
        for ask in (partial(judged.check, typed=False), judged.count):
            with pytest.raises(TooMany) as told:
                ask(HERE)
            assert told.value.seconds == JUDGINGS_WINDOW - clock.MINUTE - passed


def test_after_the_window_it_begins_anew(frozen: FrozenClock) -> None:
    """To the second, and again so many."""
    judged = Judged()
    judge(judged, JUDGINGS)
    frozen.advance(JUDGINGS_WINDOW)
    judge(judged, JUDGINGS)
    with pytest.raises(TooMany):
        judged.count(HERE)


def test_others_are_not_stopped(frozen: FrozenClock) -> None:
    """Networks are counted apart; an IPv6 network is its /64; the operator's commands are no network."""
    judged = Judged()
    judge(judged, JUDGINGS)
    judge(judged, JUDGINGS, NEXT_DOOR)
    judge(judged, JUDGINGS - 1, ELSEWHERE)
    judge(judged, 1, "2001:db8::ffff")
    with pytest.raises(TooMany):
        judged.count("2001:db8::abcd")
    judge(judged, 1, "2001:db8:0:1::1")
    judge(judged, JUDGINGS + 1, "")


def test_networks_without_number_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a thousand networks is not held up by a count for each; the count begins anew."""
    monkeypatch.setattr(counted, "MOST_NETWORKS", 100)
    judged = Judged()
    for number in range(1_000):
        judge(judged, 1, f"2001:db8:0:{number:x}::1")
    assert len(judged._number) <= 100
