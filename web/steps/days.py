"""Lists, day by day: a day is said once, above what happened on it."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import TypeVar

from web import clock

T = TypeVar("T")


def by_day(rows: Iterable[T], at: Callable[[T], int]) -> list[tuple[str, list[tuple[str, T]]]]:
    """Group rows that are in the order of their moments: each day, and its rows with their time."""
    timed = ((*clock.day_and_time(at(row)), row) for row in rows)
    return [
        (day, [(time_of_day, row) for _, time_of_day, row in of_day])
        for day, of_day in groupby(timed, key=lambda each: each[0])
    ]
