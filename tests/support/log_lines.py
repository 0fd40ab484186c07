"""The log as an operator gets it, line by line."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tests.e2e.waiting import PATIENCE
from web import log


class Ear(io.TextIOBase):
    """Hears every line, and passes it on to whoever listened before."""

    def __init__(self, hear: Callable[[str], object], before: TextIO | None) -> None:
        self._hear, self._before = hear, before

    def write(self, line: str) -> int:
        """Hear a line."""
        self._hear(line)
        return self._before.write(line) if self._before else len(line)


@contextmanager
def heard(hear: Callable[[str], object]) -> Iterator[None]:
    """Call with every line that the block writes."""
    before = log._out
    log._out = Ear(hear, before)  # type: ignore[assignment]
    try:
        yield
    finally:
        log._out = before


class Told(list[dict[str, Any]]):
    """What the log told."""

    def hear(self, line: str) -> None:
        """Keep a line."""
        self.append(json.loads(line))

    def of(self, event: str) -> list[dict[str, Any]]:
        """Give the lines of an event."""
        return [line for line in self if line["event"] == event]

    async def number(self, event: str, number: int) -> None:
        """Wait until an event was told so many times."""
        async with asyncio.timeout(PATIENCE):
            while len(self.of(event)) < number:  # noqa: ASYNC110 what tells it runs in the background
                await asyncio.sleep(0.005)
