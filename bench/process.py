"""A server under measurement: a process of its own, what it used of the processor and of memory."""

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

STARTS_WITHIN = 60.0
IDLE = 0.05  # seconds of the processor in half a second
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Ran:
    """What a command took."""

    seconds: float
    memory: int  # bytes, at most


def ran(
    command: Sequence[str], environ: Mapping[str, str], out: IO[str] | int = subprocess.DEVNULL
) -> Ran:
    """Run a command to its end."""
    began, most = time.perf_counter(), 0
    with subprocess.Popen(command, env=environ, stdout=out) as process:
        while process.poll() is None:
            most = max(most, _most_memory(process.pid))
            time.sleep(0.01)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {process.returncode}")
    return Ran(time.perf_counter() - began, most)


def _most_memory(pid: int) -> int:
    """Read what the kernel noted of a process and its children; it begins with the command, not before the fork."""
    total = 0
    for each in (pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())):
        with suppress(FileNotFoundError):  # it has ended meanwhile
            noted = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{each}/status").read_text())
            total += int(noted[1]) * 1024 if noted else 0
    return total


@dataclass
class Server:
    """A server process and its children."""

    name: str
    command: Sequence[str]
    port: int
    ready: str
    environ: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    started_in: float = 0.0

    def __enter__(self) -> Self:
        began = time.perf_counter()
        self._process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environ},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > STARTS_WITHIN:
                raise RuntimeError(f"{self.name} did not start: {' '.join(self.command)}")
            time.sleep(0.02)
        self.started_in = time.perf_counter() - began
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)

    @property
    def url(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self) -> float:
        """Give the processor time that it and its children have used so far."""
        ticks = 0
        for pid in self._pids():
            values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(values[11]) + int(values[12])
        return ticks / _TICK

    def memory(self) -> int:
        """Give the bytes that it and its children hold."""
        return sum(
            int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE for pid in self._pids()
        )

    def settle(self) -> None:
        """Wait until it has nothing left to do: of those who went away it may still serve some."""
        while True:
            before = self.cpu_seconds()
            time.sleep(0.5)
            if self.cpu_seconds() - before < IDLE:
                return

    def _pids(self) -> list[int]:
        main = self._process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url + self.ready, timeout=1).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True
