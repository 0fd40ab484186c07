"""The time of the event loop, which a test moves on instead of waiting."""

import asyncio

import pytest


class LoopTime:
    """Runs as usual, and is moved ahead when the test says so: timers due by then go off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        usual, self._ahead = loop.time, 0.0
        monkeypatch.setattr(loop, "time", lambda: usual() + self._ahead)

    def advance(self, seconds: float) -> None:
        """Move it on."""
        self._ahead += seconds
