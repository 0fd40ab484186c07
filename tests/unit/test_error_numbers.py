"""Error numbers: short enough to be read out, given once in 90 days, and telling when."""

import pytest

from tests.support.log_lines import Told, heard
from web import clock, log
from web.http import error_numbers
from web.http.error_numbers import Numbers, given_at

DAY = clock.DAY
NOW = 1_767_575_285


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the clock's hand."""
    hand = [NOW]
    monkeypatch.setattr(clock, "now", lambda: hand[0])
    return hand


def test_a_number_has_eight_digits_and_comes_once_in_90_days(at: list[int]) -> None:
    """Whatever the rate: a flood takes the numbers of the seconds to come."""
    numbers, given = Numbers(), set[str]()
    for moment in (NOW, NOW + 1, NOW + 30 * DAY, NOW + 60 * DAY, NOW + 90 * DAY):
        at[0] = moment
        given.update(numbers.next() for _ in range(1000))
    assert len(given) == 5000
    assert all(len(each) == 8 and each.isdigit() for each in given)


def test_two_processes_one_after_the_other_give_different_numbers(at: list[int]) -> None:
    """A restart begins with the second in which it happens."""
    before = Numbers().next()
    at[0] += 1
    assert Numbers().next() != before


@pytest.mark.parametrize("later", [0, 1, 3600, 30 * DAY, 95 * DAY])
def test_a_number_tells_when_it_was_given(at: list[int], later: int) -> None:
    """To the second, for 90 days and a little more."""
    number = Numbers().next()
    at[0] += later
    assert given_at(number) == NOW


def test_the_log_has_the_number_beside_the_request_id() -> None:
    """What the caller reads out leads to everything that the log says of the request."""
    told, before = Told(), log.request_id.set("0123456789abcdef0123456789abcdef")
    with heard(told.hear):
        number = error_numbers.shown()
    log.request_id.reset(before)
    (line,) = told
    said = (line["event"], line["number"], line["request_id"])
    assert said == ("error.shown", number, "0123456789abcdef0123456789abcdef")
