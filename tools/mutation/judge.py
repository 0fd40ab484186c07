"""Runs, for each change, the tests that pass through the changed function, until one fails.

All tests are collected and run once in this process; each change is judged in a fork of it, which has
everything loaded. What is done at import is judged in a process of its own.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from tools.mutation import planting
from tools.mutation.changes import Change
from tools.mutation.planting import PLANTED, ROOT

LONGEST = (
    40  # seconds of tests for one change; those that have noticed others of the function come first
)
PLANTED_TESTS = 300
CRASHED = 2
Place = tuple[str, int]  # a file, and the first line of a function


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a change."""

    file: str
    change: Change
    noticed: bool
    by: str  # the test; "" of one that ended the process


@dataclass
class Judge:
    """A plugin of pytest that judges changes in place of running the tests."""

    files: frozenset[str]
    todo: list[tuple[str, Change]]
    told: Callable[[Judged], None]
    jobs: int = 2
    seconds: dict[str, float] = field(default_factory=dict)
    through: dict[Place, set[str]] = field(default_factory=lambda: defaultdict(set))
    noticers: dict[Place, list[str]] = field(default_factory=lambda: defaultdict(list))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once, then judge."""
        items = {item.nodeid: item for item in session.items}
        for name, item in items.items():
            self._first(session, name, item)
        self._leave_out_what_fails_in_a_fork(session, items)
        print(f"{len(self.seconds)} tests, {sum(self.seconds.values()):.0f} s", flush=True)
        running: dict[int, tuple[str, Change, Path]] = {}
        with tempfile.TemporaryDirectory() as folder:
            for number, (file, change) in enumerate(self.todo):
                if len(running) == self.jobs:
                    self._wait(running)
                said = Path(folder) / str(number)
                said.touch()
                pid = os.fork()
                if pid == 0:
                    self._judge(session, items, file, change, said)
                running[pid] = (file, change, said)
            while running:
                self._wait(running)
        return True

    def _first(self, session: pytest.Session, name: str, item: pytest.Item) -> None:
        """Run a test that is to judge, and see through which functions it passes."""
        passed: set[Place] = set()
        seen: dict[Any, bool] = {}

        def look(frame: FrameType, event: str, arg: object) -> None:
            del event, arg
            code = frame.f_code
            if code not in seen:
                seen[code] = True
                if code.co_filename.startswith(f"{ROOT}/web/"):
                    passed.add((code.co_filename.removeprefix(f"{ROOT}/"), code.co_firstlineno))

        began = time.monotonic()
        threading.settrace(look)
        sys.settrace(look)
        try:
            failed = self._fails(session, item)
        finally:
            sys.settrace(None)
            threading.settrace(None)
        if failed:
            print(f"{failed}\njudges nothing, for it fails by itself: {name}", flush=True)
            return
        self.seconds[name] = time.monotonic() - began
        for place in passed:
            self.through[place].add(name)

    def _leave_out_what_fails_in_a_fork(
        self, session: pytest.Session, items: dict[str, pytest.Item]
    ) -> None:
        """Run every test in a fork with nothing changed: one that fails there would notice whatever is changed."""
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "failed"
            said.touch()
            pid = os.fork()
            if pid == 0:
                self._try_all(session, items, said)
            _, status = os.waitpid(pid, 0)
            if status:
                last = said.with_name("trying").read_text(encoding="utf-8")
                raise RuntimeError(f"the fork that tried the tests ended with {status}: {last}")
            for name in said.read_text(encoding="utf-8").splitlines():
                print(f"judges nothing, for it fails in a fork: {name}", flush=True)
                del self.seconds[name]
                for names in self.through.values():
                    names.discard(name)

    def _try_all(
        self, session: pytest.Session, items: dict[str, pytest.Item], said: Path
    ) -> NoReturn:
        code = CRASHED
        try:
            _say_nothing()
            signal.alarm(60 + 10 * int(sum(self.seconds.values())))
            failed = []
            for name in self.seconds:
                said.with_name("trying").write_text(name, encoding="utf-8")
                if self._fails(session, items[name]):
                    failed.append(name)
            said.write_text("\n".join(failed), encoding="utf-8")
            code = 0
        finally:
            os._exit(code)

    def _judge(
        self,
        session: pytest.Session,
        items: dict[str, pytest.Item],
        file: str,
        change: Change,
        said: Path,
    ) -> None:
        """Judge in a fork: run tests until one fails, and say which."""
        code = CRASHED
        try:
            _say_nothing()
            tests = self._tests(file, change)
            signal.alarm(20 + 5 * int(sum(map(self.seconds.__getitem__, tests))))
            if change.function and planting.into_functions(file, change.number, self.files):
                noticed = next((name for name in tests if self._fails(session, items[name])), "")
                said.write_text(noticed, encoding="utf-8")
                code = 1 if noticed else 0
            else:
                code = _imported(file, change.number, tests[:PLANTED_TESTS])
        finally:
            os._exit(code)

    def _fails(self, session: pytest.Session, item: pytest.Item) -> str:
        """Say why a test fails; '' when it passes."""
        # the session goes on after each test: what is made once for all of them stays
        reports = runtestprotocol(item, log=False, nextitem=session)  # type: ignore[arg-type]
        return next((each.longreprtext or each.outcome for each in reports if each.failed), "")

    def _wait(self, running: dict[int, tuple[str, Change, Path]]) -> None:
        pid, status = os.wait()
        file, change, said = running.pop(pid)
        by = said.read_text(encoding="utf-8")
        if by:
            self.noticers[file, change.function or 0].insert(0, by)
        self.told(Judged(file, change, status != 0, by))

    def _tests(self, file: str, change: Change) -> list[str]:
        """Choose: those that noticed something there, then the quickest, up to some seconds."""
        found = self.through.get((file, change.function or 0), set())
        found = found or {
            name for place, names in self.through.items() if place[0] == file for name in names
        }
        if not found:  # a module of values: who passes through its neighbours
            folder = file.rpartition("/")[0]
            found = {
                name
                for place, names in self.through.items()
                if place[0].startswith(folder)
                for name in names
            }
        if change.function is None:  # values are compared by tests that pass through no function
            files = {name.partition("::")[0] for name in found}
            found = {name for name in self.seconds if name.partition("::")[0] in files}
        before = list(dict.fromkeys(self.noticers[file, change.function or 0]))
        rest = sorted(found - set(before), key=self.seconds.__getitem__)
        return list(_within(before + rest, self.seconds))


def _say_nothing() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def _within(names: list[str], seconds: dict[str, float]) -> Iterator[str]:
    left = float(LONGEST)
    for name in names:
        if left <= 0:
            return
        yield name
        left -= seconds[name]


def _imported(file: str, number: int, tests: list[str]) -> int:
    """Run tests in a process that imports the change."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-p",
        planting.__name__,
    ]
    environment = {**os.environ, PLANTED: f"{file}:{number}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *tests], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    return done.returncode
