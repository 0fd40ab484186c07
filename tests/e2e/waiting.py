"""Waiting for a condition in short, bounded turns; never for a length of time."""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

TURN_SECONDS = 0.05
PATIENCE = 60.0  # seconds; nothing takes so long, but a busy machine is no fault


def until(probe: Callable[[], T | None], *, seconds: float = PATIENCE) -> T | None:
    """Ask `probe` again and again until it answers something or the time is up."""
    last_turn = monotonic() + seconds
    pause = Event()
    while True:
        found = probe()
        if found or monotonic() > last_turn:
            return found
        pause.wait(TURN_SECONDS)
