"""A day in the ways in which people and our own screens write it."""

import pytest

from web.fields.day import day
from web.fields.field import Refused


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-01",
        "2026/11/1",
        "２０２６．１１．１",
        "2026年11月1日",
        "2026年 11月 01日",  # as マイページ shows it
        "2026年 11月 1日 ",
        "2026−11−01",
        "2026‐11‐01",
        "2026 / 11 / 01",
        "20261101",
    ],
)
def test_a_day_is_read_as_it_is_shown_and_as_it_is_typed(typed: str) -> None:
    """Any width, any hyphen, with blanks, without anything between."""
    assert day(typed) == "2026-11-01"


@pytest.mark.parametrize(
    "typed", ["2026-11", "11/1", "2026111", "202611011", "R8.11.1", "2026-02-30", "20261301"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    """Less than a day, an era, a day that no calendar has."""
    with pytest.raises(Refused):
        day(typed)
