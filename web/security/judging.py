"""Has new passwords judged by a process of its own, so that the interpreter that answers people is never kept busy by it.

The process ends with the one that started it, however that ends: nothing is left to read.
"""

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock
from typing import IO, cast

from web.security import guessing

LOWER = 5  # its niceness: log-ins and pages come first
_MODULE = "web.security.judging"


class Judge:
    """Asks the process, which is started when it is first needed, and anew after it was killed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = Lock()

    @property
    def pid(self) -> int:
        """Give the number of the process; 0 where none runs."""
        return self._process.pid if self._process else 0

    def started(self) -> subprocess.Popen[str]:
        """Start it if it is not there. Raises OSError."""
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 our own module
                [sys.executable, "-m", _MODULE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a password may stand in what an error says
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # and no secret
                encoding="ascii",
                start_new_session=True,  # Ctrl-C is for the server, which judges what is under way
            )
        return self._process

    def stop(self) -> None:
        """End it, and wait until it has."""
        process, self._process = self._process, None
        if process:
            process.kill()
            with suppress(OSError), process:  # closes what leads to it
                pass

    def weakness(self, typed: str, words: Sequence[str]) -> str:
        """Say what `guessing.weakness` says; here, where no process can be had."""
        asked = json.dumps([typed, words]) + "\n"
        with self._one_at_a_time:
            answer = self._answered(asked) or self._answered(asked)  # it may have been killed
        if not answer:
            return guessing.weakness(typed, words)
        why: str = json.loads(answer)
        return why

    def _answered(self, asked: str) -> str:
        answer = ""
        with suppress(OSError):
            process = self.started()
            to, said = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
            to.write(asked)
            to.flush()
            answer = said.readline()
        if not answer:
            self.stop()
        return answer


JUDGE = Judge()
atexit.register(JUDGE.stop)


def main() -> None:
    """Judge line by line, until there are no more."""
    os.nice(LOWER)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(guessing.weakness(*json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
