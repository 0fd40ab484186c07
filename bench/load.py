"""Load from another process: wrk, which costs the server's cores little."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bench.process import Server

SCRIPT = Path(__file__).with_name("wrk.lua")


class WrongAnswers(Exception):
    """The server did not answer as the measurement needs."""


@dataclass(frozen=True)
class Shot:
    """A request that is made again and again, and how."""

    server: Server
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""  # {someone} in it is one of `people` each time
    connections: int = 8
    spread: bool = False  # each time as another client
    people: tuple[int, int] = (0, 0)  # the first and the last of them
    lingers: bool = False  # what the server does after its answers counts too
    all_good: bool = True  # an answer of 400 or above spoils the measurement

    def with_connections(self, number: int, *, all_good: bool = True) -> "Shot":
        """Give the same request made by so many at once."""
        return replace(self, connections=number, all_good=all_good)

    def run(self, seconds: int) -> "Result":
        """Load for some seconds. Raises WrongAnswers when all should be good and are not."""
        before = self.server.cpu_seconds()
        with _started(self, seconds) as wrk:
            output, _ = wrk.communicate()
        if self.lingers:
            self.server.settle()
        result = _read(output, self.server.cpu_seconds() - before)
        if self.all_good and (result.refused or result.broken):
            raise WrongAnswers(f"{self.server.name} {self.path}: {result}")
        return result


@dataclass(frozen=True)
class Result:
    """What one load brought; times in seconds."""

    requests: int
    seconds: float
    refused: int  # answers of 400 and above
    broken: int  # connections without an answer
    p50: float
    p95: float
    p99: float
    cpu: float

    @property
    def good(self) -> int:
        """Count the answers below 400."""
        return self.requests - self.refused

    @property
    def per_second(self) -> float:
        """Give good answers per second of the clock."""
        return self.good / self.seconds

    @property
    def per_cpu_second(self) -> float:
        """Give good answers per second of the server's processor time."""
        return self.good / self.cpu


class Load(Protocol):
    """Anything that can be measured."""

    def run(self, seconds: int, /) -> Result:
        """Load for some seconds."""


@contextmanager
def beside(shot: Shot, seconds: int) -> Iterator[None]:
    """Keep a load up for as long as the block, at most for some seconds."""
    with _started(shot, seconds) as wrk:
        yield
        wrk.terminate()


def _started(shot: Shot, seconds: int) -> subprocess.Popen[str]:
    limits = ["-t1", f"-c{shot.connections}", f"-d{seconds}s", "--timeout", "60s"]
    headers = [part for name, value in shot.headers.items() for part in ("-H", f"{name}: {value}")]
    client = "spread" if shot.spread else "one"
    posted = [shot.body, client, *(map(str, shot.people) if any(shot.people) else [])]
    url = shot.server.url + shot.path
    return subprocess.Popen(
        ["wrk", *limits, *headers, "-s", str(SCRIPT), url, "--", *(posted if shot.body else [])],
        stdout=subprocess.PIPE,
        text=True,
    )


def _read(output: str, cpu: float) -> Result:
    _, mark, line = output.partition("RESULT ")
    if not mark:
        raise WrongAnswers(output)
    return Result(**json.loads(line), cpu=cpu)
