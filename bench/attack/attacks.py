"""What an attack is: its name, how it goes, and what it says itself about the outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.attack.site import Site
from bench.table import Line

# Attack until this moment of time.perf_counter(), in bounded steps; tell what should have held.
Run = Callable[[Site, float], list[Line]]


@dataclass(frozen=True)
class Attack:
    """One way to harm others."""

    name: str
    run: Run
