"""Runs journeys in every engine that is there, and prints engine × journey × mode.

`python -m tests.e2e.engines` runs them all; with names of journeys, only those; options go to pytest. An engine that is not there is named and its
journeys are counted as not run; a journey that fails fails the run.
"""

import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

from . import firefox, webdriver

JOURNEYS = {
    "procedures": "test_procedures.py::test_every_step_of_the_manual_is_as_it_says",
    "layout": "test_layout.py",
    "login": "test_login.py",
    "password_aids": "test_password_aids.py",
    "direct_debit": "test_direct_debit.py",
    "profile": "test_profile.py",
    "session_end": "test_session_end.py",
}
ENGINES = {"firefox": firefox.found, "webkit": webdriver.found}
FOLDER = Path(__file__).parents[1]
NO_TESTS = 5
HEAD = "| engine | journey | JavaScript | passed | failed | not run | seconds |\n|---|---|---|---|---|---|---|"


def run(engine: str, names: list[str], rest: list[str], report: Path) -> bool:
    """Run journeys in an engine; the report is of JUnit."""
    files = [str(FOLDER / JOURNEYS[name]) for name in names]
    options = ["-q", "--numprocesses", "auto", "--dist", "worksteal", "--engine", engine]
    command = [sys.executable, "-m", "pytest", *options, f"--junitxml={report}", *rest, *files]
    return subprocess.run(command, check=False).returncode in {0, NO_TESTS}


def rows(engine: str, report: Path) -> list[str]:
    """What became of each journey in each mode, and why something was not run."""
    counts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    reasons = set()
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 our own pytest wrote it
        journey = case.attrib["classname"].rpartition("test_")[2]
        mode = "off" if "no-javascript" in case.attrib["name"] else "on"
        told = {child.tag: child for child in case}
        skipped, failed = "skipped" in told, bool({"failure", "error"} & set(told))
        if skipped:
            reasons.add(f"{engine}: {case.attrib['name']}: {told['skipped'].attrib['message']}")
        count = counts[journey, mode]
        count[2 if skipped else 1 if failed else 0] += 1
        count[3] += float(case.attrib["time"])
    lines = [
        f"| {engine} | {journey} | {mode} | {passed:.0f} | {failed:.0f} | {left:.0f} | {seconds:.0f} |"
        for (journey, mode), (passed, failed, left, seconds) in sorted(counts.items())
    ]
    return [*lines, *sorted(reasons)]


def main(arguments: list[str]) -> int:
    """Run and tell; what begins with - is for pytest."""
    at = next((at for at, each in enumerate(arguments) if each.startswith("-")), len(arguments))
    names = arguments[:at] or list(JOURNEYS)
    good = True
    table: list[str] = []
    rest: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for engine, found in ENGINES.items():
            if not found():
                rest.append(f"{engine}: not there, not run: {', '.join(names)}")
                continue
            report = Path(folder) / f"{engine}.xml"
            good &= run(engine, names, arguments[at:], report)
            told = rows(engine, report) if report.exists() else []
            table += [line for line in told if line.startswith("|")]
            rest += [line for line in told if not line.startswith("|")]
    print("\n".join([HEAD, *table, "", *rest]), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
