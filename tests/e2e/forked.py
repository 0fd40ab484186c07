"""Servers forked from one process that has done once what half of each start is: import and compile."""

import multiprocessing
import subprocess
from importlib import import_module
from pathlib import Path

from .server import ROOT, Server

NURSERY = "tests.e2e.nursery"  # imported by the processes alone that are forked
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload([NURSERY])


class Forked:
    """A forked process, used like one of subprocess."""

    def __init__(self, words: list[str], log: Path) -> None:
        self._process = FORKING.Process(target=_serve, args=(words, ROOT, log), daemon=True)
        self._process.start()
        self.terminate, self.kill = self._process.terminate, self._process.kill

    def poll(self) -> int | None:
        """Give the exit code, if it has ended."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and give the exit code. Raises TimeoutExpired."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired("mypage", timeout or 0)
        return code


class ForkedServer(Server):
    """The demo as `Server` starts it, in half the time."""

    def _start(self) -> Forked:
        return Forked(self._words(), self._log)


def _serve(words: list[str], folder: Path, log: Path) -> None:
    import_module(NURSERY).serve(words, folder, log)
