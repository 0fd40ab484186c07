"""エラー番号: eight digits that a caller can read out; the log has them beside the request id.

A number says when it was given, in twelfths of a second, so it needs no table and comes back after 96 days
at the earliest. Of more errors than twelve a second the later ones take the numbers of the seconds to come.
"""

from web import clock, log

DIGITS = 8
_ALL = 100_000_000
_PER_SECOND = 12


class Numbers:
    """Gives the numbers of one process, each of them once."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> str:
        """Give the next number."""
        self._last = max(self._last + 1, clock.now() * _PER_SECOND)
        return f"{self._last % _ALL:0{DIGITS}d}"


_numbers = Numbers()


def shown() -> str:
    """Give the number of the page that is being written, and note it with the request id."""
    number = _numbers.next()
    log.event("error.shown", number=number)
    return number


def given_at(number: str) -> int:
    """Tell when a number was given: the last moment to which it fits."""
    now = clock.now()
    end = (now + 1) * _PER_SECOND - 1  # a number of this second is none of 96 days ago
    return now - (end - int(number)) % _ALL // _PER_SECOND
