"""What every table stands on: the servers, started once, and how measurements are compared."""

import os
import platform
import statistics
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bench import peers
from bench.ground import PASSWORD, PEOPLE, PREFIX, Ground, prepare
from bench.load import Load, Result, Shot
from bench.process import Server

FEW = 1_000
MY_PAGE = "/useridmg/mypage"
LOG_IN = "/useridmg/login"


@dataclass
class Stage:
    """One run of the benchmarks."""

    folder: Path
    stack: ExitStack
    rounds: int
    seconds: int
    accounts: int
    payments: int
    minutes: float
    before: Path | None
    _started: dict[str, Server] = field(default_factory=dict)

    @staticmethod
    def machine() -> str:
        """Say what this runs on."""
        names = [
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ]
        return f"{os.cpu_count()} × {names[0] if names else platform.machine()}, Python {platform.python_version()}"

    @cached_property
    def ground(self) -> Ground:
        """A database of a thousand accounts."""
        return prepare(self.folder, FEW)

    @cached_property
    def mypage(self) -> Server:
        """The product on it."""
        return self.stack.enter_context(self.ground.mypage())

    @cached_property
    def page_bytes(self) -> int:
        """The size of M1, which the others' pages are filled up to."""
        return len(fetched(self.my_page)) - 600

    @property
    def my_page(self) -> Shot:
        """M1 of the product."""
        return Shot(self.mypage, MY_PAGE, self.ground.cookie)

    @cached_property
    def floor(self) -> Shot:
        """The page of the floor."""
        return Shot(self.stack.enter_context(self.ground.floor(self.page_bytes)), "/")

    @cached_property
    def django(self) -> peers.Peer:
        """Django + allauth, logged in."""
        server = peers.django(self.folder, FEW, self.page_bytes)
        return peers.enter_django(self.stack.enter_context(server))

    @cached_property
    def fastapi(self) -> peers.Peer:
        """fastapi-users, logged in."""
        server = peers.fastapi(self.folder, FEW, self.page_bytes)
        return peers.enter_fastapi(self.stack.enter_context(server))

    def log_in(self, server: Server) -> Shot:
        """Give the product's log-in, each time of one of those whose sessions nothing else needs."""
        body = f"user_id={PREFIX}{{someone}}&password={PASSWORD}"
        return Shot(server, LOG_IN, body=body, people=(PEOPLE + 1, FEW))

    def measured(self, *loads: Load) -> list[list[Result]]:
        """Load each in turn, round after round."""
        results: list[list[Result]] = [[] for _ in loads]
        for _ in range(self.rounds):
            for load, kept in zip(loads, results, strict=True):
                kept.append(load.run(self.seconds))
        return results


def fetched(shot: Shot) -> bytes:
    """Fetch a page once."""
    request = urllib.request.Request(shot.server.url + shot.path, headers=dict(shot.headers))
    with urllib.request.urlopen(request) as answer:
        page: bytes = answer.read()
        return page


def per_cpu(ours: Sequence[Result], theirs: Sequence[Result]) -> float:
    """Give the median ratio of answers per CPU-second, round by round."""
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(a.per_cpu_second / b.per_cpu_second for a, b in pairs)


def per_clock(ours: Sequence[Result], theirs: Sequence[Result]) -> float:
    """Give the median ratio of answers per second of the clock, round by round."""
    pairs = zip(ours, theirs, strict=True)
    return statistics.median(a.per_second / b.per_second for a, b in pairs)


def median(results: Sequence[Result], name: str) -> float:
    """Give the median of one figure."""
    return float(statistics.median(getattr(each, name) for each in results))
