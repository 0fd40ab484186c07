"""エラー番号: eight digits that a caller can read out; the log has them beside the request id.

A number says when it was given, and by which process: there are twelve for each second, and each process
has one of the twelve to itself. So it comes back after 96 days at the earliest. Of more errors than one a
second the later ones take the numbers of the seconds to come, for a quarter of an hour at most, and for
five minutes on pages of strangers, who could use them up for everybody; beyond that the request id is the
number. Whose page it stood on is noted in memory, and flushed by a task, so that a GET writes nothing.
"""

from web import clock, log
from web.database import Database, DatabaseUnavailable
from web.security import tokens
from web.store import error_lanes, shown_errors
from web.store.error_lanes import LANES
from web.store.shown_errors import PER_ACCOUNT, Shown

DIGITS = 8
KEPT = 90 * clock.DAY
AHEAD = 15 * clock.MINUTE
STRANGERS_AHEAD = 5 * clock.MINUTE
HELD = 5 * clock.MINUTE
_ALL = 100_000_000


class ErrorNumbers:
    """Gives the numbers of one process, each of them once."""

    def __init__(self, lane: int | None = None) -> None:
        self._holder = tokens.new_id()
        self._lane = lane
        self._last = 0  # the second whose number was given last
        self._shown: dict[
            str, dict[str, int]
        ] = {}  # by account: the newest numbers, and when they were shown

    def show(self, account_id: str | None, *, stranger: bool = False) -> str:
        """Give the number of the page that is being written, and note it with the request id."""
        number = self._next(STRANGERS_AHEAD if stranger else AHEAD)
        log.event("error.shown", number=number)
        if account_id:
            self._note(account_id, number, clock.now())
        return number

    def _note(self, account_id: str, number: str, at: int) -> None:
        """Note a number; somebody who causes errors without end pushes out only what was shown to them."""
        numbers = self._shown.setdefault(account_id, {})
        numbers[number] = at
        if len(numbers) > PER_ACCOUNT:
            del numbers[next(iter(numbers))]

    def _next(self, ahead: int) -> str:
        now = clock.now()
        second = max(self._last + 1, now)
        if self._lane is None or second > now + ahead:
            return log.request_id.get()
        self._last = second
        return f"{(second * LANES + self._lane) % _ALL:0{DIGITS}d}"

    async def hold(self, database: Database) -> None:
        """Hold a lane from now on, for some minutes."""
        until = clock.now() + HELD
        self._lane = await database.write(error_lanes.hold, self._holder, self._lane, until=until)

    async def flush(self, database: Database) -> None:
        """Write down whose pages had the numbers that were given."""
        noted, self._shown = self._shown, {}
        shown = {
            number: Shown(account_id, at)
            for account_id, numbers in noted.items()
            for number, at in numbers.items()
        }
        if not shown:
            return
        try:
            await database.write(shown_errors.add, shown)
        except DatabaseUnavailable:
            meanwhile, self._shown = self._shown, noted
            for account_id, numbers in meanwhile.items():
                for number, at in numbers.items():
                    self._note(account_id, number, at)
            raise


def given_at(number: str) -> int:
    """Tell when a number was given: the last moment to which it fits."""
    now = clock.now()
    end = (now + AHEAD + 1) * LANES - 1
    return min(now, (end - (end - int(number)) % _ALL) // LANES)
