"""Runs journeys in every engine that is there, and prints engine × journey × mode.

`python -m tests.e2e.engines` runs them all; with names of engines or journeys, only those; options go to pytest. An engine that is
not there and a test that its driver cannot do are named and counted as left out; a journey that fails fails the run.
"""

import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from . import firefox, limits, webdriver

JOURNEYS = {
    "procedures": "test_procedures.py::test_every_step_of_the_manual_is_as_it_says",
    "layout": "test_layout.py",
    "login": "test_login.py",
    "password_aids": "test_password_aids.py",
    "direct_debit": "test_direct_debit.py",
    "profile": "test_profile.py",
    "session_end": "test_session_end.py",
    "summary_file": "test_summary_file.py",
}
# Chromium stands for browsers that lack something, and lends its name to those of text.
OF_CHROMIUM = {
    "text_browsers": "test_text_browsers.py",
    "unable_journeys": "test_unable_journeys.py",
}
ENGINES: dict[str, Callable[[], str | None]] = {
    "chromium": lambda: "chromium",
    "firefox": firefox.found,
    "webkit": webdriver.found,
}
FOLDER = Path(__file__).parents[1]
NO_TESTS = 5
# A browser that the name of a test tells: w3m, or Chromium without something.
OTHER = re.compile(r"\[.*?(w3m|lynx|without [^-\]]+)")
HEAD = "| engine | journey | JavaScript | passed | failed | left out | seconds |\n|---|---|---|---|---|---|---|"
PASSED, FAILED, LEFT, SECONDS = range(4)
Counts = dict[tuple[str, str, str], list[float]]


def run(engine: str, names: list[str], rest: list[str], report: Path) -> tuple[bool, list[str]]:
    """Run journeys in an engine; the report is of JUnit. Gives what was left out, too."""
    files = [str(FOLDER / {**JOURNEYS, **OF_CHROMIUM}[name]) for name in names]
    options = ["-q", "--numprocesses", "auto", "--dist", "worksteal", "--browser-engine", engine]
    command = [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *rest, *files]
    left = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith(limits.LEFT_OUT):
                left.append(line.removeprefix(limits.LEFT_OUT).strip())
    return process.returncode in {0, NO_TESTS}, left


def count(counts: Counts, engine: str, report: Path, left: list[str]) -> None:
    """Add what became of each test to its engine, journey and mode."""
    for journey, name, became, seconds in (*_ran(report), *_left(left)):
        other = OTHER.search(name)
        told = engine if not other else other[1] if " " not in other[1] else f"{engine} {other[1]}"
        mode = "off" if "no-javascript" in name else "on"
        row = counts[told, journey, mode]
        row[became] += 1
        row[SECONDS] += seconds


def _ran(report: Path) -> Iterator[tuple[str, str, int, float]]:
    if not report.exists():
        return
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 our own pytest wrote it
        journey = case.attrib["classname"].rpartition("test_")[2]
        failed = {"failure", "error", "skipped"} & {child.tag for child in case}
        became = FAILED if failed else PASSED
        yield journey, case.attrib["name"], became, float(case.attrib["time"])


def _left(lines: list[str]) -> Iterator[tuple[str, str, int, float]]:
    for line in lines:
        file, _, name = line.partition(": ")[0].partition("::")
        yield Path(file).stem.removeprefix("test_"), name, LEFT, 0.0


def table(counts: Counts) -> Iterator[str]:
    """Give the lines of the table."""
    yield HEAD
    for (engine, journey, mode), (passed, failed, left, seconds) in sorted(counts.items()):
        yield f"| {engine} | {journey} | {mode} | {passed:.0f} | {failed:.0f} | {left:.0f} | {seconds:.0f} |"


def main(arguments: list[str]) -> int:
    """Run and tell; what begins with - is for pytest."""
    at = next((at for at, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    engines = [each for each in arguments[:at] if each in ENGINES] or list(ENGINES)
    named = [each for each in arguments[:at] if each not in ENGINES]
    counts: Counts = defaultdict(lambda: [0, 0, 0, 0])
    good, rest = True, []
    with tempfile.TemporaryDirectory() as folder:
        for engine in engines:
            there = {**JOURNEYS, **OF_CHROMIUM} if engine == "chromium" else JOURNEYS
            names = [each for each in named or there if each in there]
            if not names:
                continue
            if not ENGINES[engine]():
                rest.append(f"{engine}: not there, left out: {', '.join(names)}")
                continue
            report = Path(folder) / f"{engine}.xml"
            well, left = run(engine, names, arguments[at:], report)
            good &= well
            count(counts, engine, report, left)
            rest += [f"{engine}: {line}" for line in left]
    print("\n".join([*table(counts), "", *rest]), flush=True)
    return 0 if good and not any(row[FAILED] for row in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
