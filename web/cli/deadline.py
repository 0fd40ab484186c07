"""A deadline that moves twice in every request, without a timer made and cancelled each time."""

import asyncio
from collections.abc import Callable


class Deadline:
    """Calls once when the time it was last set to has come."""

    def __init__(self, missed: Callable[[], None]) -> None:
        self._missed = missed
        self._loop = asyncio.get_running_loop()
        self._due: float | None = None  # by the loop's clock
        self._alarm: asyncio.TimerHandle | None = None  # rings then, or earlier and is set again

    def set(self, seconds: float) -> None:
        """Let it be due in so many seconds, whatever was set before."""
        self._due = due = self._loop.time() + seconds
        if self._alarm is None:
            self._alarm = self._loop.call_at(due, self._ring)
        elif self._alarm.when() > due:
            self._alarm.cancel()
            self._alarm = self._loop.call_at(due, self._ring)

    def clear(self) -> None:
        """Let nothing be due."""
        self._due = None

    def drop(self) -> None:
        """Let nothing be due any more, and hold on to nothing."""
        self._due = None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        if self._due is None:
            return
        if self._due > self._loop.time():
            self._alarm = self._loop.call_at(self._due, self._ring)
        else:
            self._due = None
            self._missed()
