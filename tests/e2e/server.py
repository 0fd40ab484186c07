"""A real server process on a free port with a data folder of its own."""

import os
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from tests.ports import free_port

from .plain_http import fetch
from .waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
MAILED_KEY = re.compile(rb"[0-9A-Fa-f]{128}")
NEW_PASSWORD = re.compile(rb"yoake-no-[0-9a-f]{12}-hoshi")  # personas.new_password()
ADDRESS = re.compile(rb"[^@\s\"]+@[^@\s\"]+\.[a-z]+")


class Process(Protocol):
    """What a server needs of the process that it is."""

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


class Server:
    """`python -m web demo`, started for the journeys and stopped as an operator would."""

    def __init__(self, folder: Path, *more: str) -> None:
        self._folder, self._more = folder, more
        self._sterner: Server | None = None
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self._data = folder / "data"
        self._log = folder / "server.log"
        self._page_starts = 0
        self._log.touch()
        self._process = self._start()

    def _start(self) -> Process:
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, *self._command()],
                cwd=ROOT,
                env=_clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _command(self) -> list[str]:
        return ["-m", "web", *self._words()]

    def _words(self) -> list[str]:
        return ["demo", "--port", str(self.port), "--data", str(self._data), *self._more]

    def wait_until_alive(self) -> None:
        """Return once /healthz answers; fail with the log when the process ends before."""
        if until(lambda: self._healthy() or self._ended()) is None:
            raise AssertionError(f"/healthz gave no answer in {PATIENCE} s\n{self.log()}")
        if self._ended():
            raise AssertionError(f"the server ended at once\n{self.log()}")

    def where_factors_are_required(self) -> "Server":
        """Another one, where everybody must have a second factor; it ends with this one."""
        if self._sterner is None:
            folder = self._folder / "sterner"
            folder.mkdir()
            self._sterner = type(self)(folder, "--second-factor", "all")
            self._sterner.wait_until_alive()
        return self._sterner

    def stop(self) -> int:
        """Ask it to end by SIGTERM and return its exit code."""
        if self._sterner:
            assert self._sterner.stop() == 0, self._sterner.log()
        self._process.terminate()
        try:
            return self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"still running after SIGTERM\n{self.log()}") from None

    def log(self) -> str:
        """What it printed since the page was turned."""
        return self._log.read_bytes()[self._page_starts :].decode("utf-8", errors="replace")

    def turn_page(self) -> None:
        """A new journey begins."""
        self._page_starts = self._log.stat().st_size

    def spilled(self) -> dict[str, set[bytes]]:
        """Find keys and passwords of the journeys in the log, the database and the heads of the mails.

        In the log, addresses too. What the demo says of its people when it starts is no line of the log.
        """
        lines = [line for line in self._log.read_bytes().splitlines() if line.startswith(b"{")]
        heads = [each.read_bytes().partition(b"\n\n")[0] for each in self._data.glob("mail/*")]
        places = {
            "log": b"\n".join(lines),
            "database": b"".join(each.read_bytes() for each in self._data.glob("*.sqlite3*")),
            "heads of mails": b"\n".join(heads).replace(b"\r", b""),
        }
        assert places["log"], "no line of the log was searched"
        assert places["database"], "no database was searched"
        found = {
            place: {*MAILED_KEY.findall(content), *NEW_PASSWORD.findall(content)}
            for place, content in places.items()
        }
        found["log"] |= set(ADDRESS.findall(places["log"]))
        return {place: secrets for place, secrets in found.items() if secrets}

    def _healthy(self) -> bool | None:
        try:
            return fetch(f"{self.url}/healthz").status == HTTPStatus.OK or None
        except OSError:
            return None

    def _ended(self) -> bool | None:
        return self._process.poll() is not None or None


def _clean_environment() -> dict[str, str]:
    """This machine's environment without any setting of the product."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MYPAGE_")}
