"""What an attack is: its name, how it goes, and what it says itself about the outcome."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import argon2

from bench.attack.bystander import Waits
from bench.attack.site import Site
from bench.ground import OURS
from bench.table import Line

# Attack until this moment of time.perf_counter(), in bounded steps; tell what should have held.
Run = Callable[[Site, float], list[Line]]
Others = Callable[[Site, float], Waits]


@dataclass(frozen=True)
class Attack:
    """One way to harm others."""

    name: str
    run: Run
    hasher: argon2.PasswordHasher = OURS  # of the accounts that are attacked
    # What people do before and meanwhile: what it costs a bystander is not held against the attack.
    others: Others | None = None


def until(ends: float, most: int) -> Iterator[int]:
    """Count until a moment of time.perf_counter(), or until it is enough."""
    for number in count():
        if number >= most or time.perf_counter() >= ends:
            return
        yield number


def network(number: int) -> str:
    """Give one of the networks that an attacker has: 64,000 of them."""
    return f"198.18.{number // 250 % 256}.{number % 250 + 1}"
