"""How often new passwords are judged while they are typed: so many a network and ten minutes."""

import pytest

from web import clock
from web.security.throttle import TooMany
from web.security.tries import JUDGINGS, JUDGINGS_WINDOW, Tries

NOW = 1_790_000_000
HERE, NEXT_DOOR, ELSEWHERE = "203.0.113.5", "203.0.113.6", "2001:db8::1"


def judged(tries: Tries, times: int, address: str = HERE, *, now: int = NOW) -> None:
    """Judge so many passwords of one address."""
    for _ in range(times):
        tries.judge(address, now=now)


def test_a_network_that_asks_too_often_is_told_when_to_come_back() -> None:
    """300 are judged; the next one is not, until ten minutes after the first."""
    tries = Tries()
    judged(tries, JUDGINGS)
    with pytest.raises(TooMany) as told:
        tries.judge(HERE, now=NOW + clock.MINUTE)
    assert told.value.seconds == JUDGINGS_WINDOW - clock.MINUTE
    with pytest.raises(TooMany) as told:
        tries.judge(HERE, now=NOW + JUDGINGS_WINDOW - 1)
    assert told.value.seconds == 1


def test_after_the_window_it_begins_anew() -> None:
    """To the second, and again so many."""
    tries = Tries()
    judged(tries, JUDGINGS)
    judged(tries, JUDGINGS, now=NOW + JUDGINGS_WINDOW)
    with pytest.raises(TooMany):
        tries.judge(HERE, now=NOW + JUDGINGS_WINDOW)


def test_others_are_not_stopped() -> None:
    """Networks are counted apart; an IPv6 network is its /64."""
    tries = Tries()
    judged(tries, JUDGINGS)
    judged(tries, JUDGINGS, NEXT_DOOR)
    judged(tries, JUDGINGS - 1, ELSEWHERE)
    judged(tries, 1, "2001:db8::ffff")
    with pytest.raises(TooMany):
        tries.judge("2001:db8::abcd", now=NOW)
    judged(tries, 1, "2001:db8:0:1::1")
