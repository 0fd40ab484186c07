"""docs/security.md: every requirement of ASVS has a state, every claim a test, every column a line."""

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from tests.unit.parts import ROOT, WEB
from tests.unit.test_schema_file import marks
from web.security.audit_events import LABELS

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# Levels 1 and 2 of ASVS 5.0.0, chapters 1–9 and 11–16.
SECTIONS: dict[str, Iterable[int]] = {
    "1.1": range(1, 3), "1.2": range(1, 10), "1.3": range(1, 12), "1.4": range(1, 4), "1.5": range(1, 3),
    "2.1": range(1, 4), "2.2": range(1, 4), "2.3": range(1, 5), "2.4": range(1, 2), "3.2": range(1, 3),
    "3.3": range(1, 5), "3.4": range(1, 7), "3.5": range(1, 6), "3.7": range(1, 3), "4.1": range(1, 4),
    "4.2": range(1, 2), "4.3": range(1, 3), "4.4": range(1, 5), "5.1": range(1, 2), "5.2": range(1, 4),
    "5.3": range(1, 3), "5.4": range(1, 4), "6.1": range(1, 4), "6.2": range(1, 13), "6.3": range(1, 5),
    "6.4": range(1, 5), "6.5": range(1, 6), "6.6": range(1, 4), "6.8": range(1, 5), "7.1": range(1, 4),
    "7.2": range(1, 5), "7.3": range(1, 3), "7.4": range(1, 6), "7.5": range(1, 3), "7.6": range(1, 3),
    "8.1": range(1, 3), "8.2": range(1, 4), "8.3": range(1, 2), "8.4": range(1, 2), "9.1": range(1, 4),
    "9.2": range(1, 5), "11.1": range(1, 3), "11.2": range(1, 4), "11.3": range(1, 4), "11.4": range(1, 5),
    "11.5": range(1, 2), "11.6": range(1, 2), "12.1": range(1, 4), "12.2": range(1, 3), "12.3": range(1, 5),
    "13.1": range(1, 2), "13.2": range(1, 6), "13.3": range(1, 3), "13.4": range(1, 6), "14.1": range(1, 3),
    "14.2": range(1, 5), "14.3": range(1, 4), "15.1": range(1, 4), "15.2": range(1, 4), "15.3": range(1, 8),
    "16.1": range(1, 2), "16.2": range(1, 6), "16.3": range(1, 5), "16.4": range(1, 4), "16.5": range(1, 4),
}  # fmt: skip
REQUIREMENTS = [f"{section}.{each}" for section, found in SECTIONS.items() for each in found]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (met|n/a|deviates) \| (.+?) \| (.*?) *\|$", re.MULTILINE)
ROWS = {found[0]: found[1:] for found in ROW.findall(TEXT)}
NAMED = re.compile(r"`(test_\w+|Test\w+)`")
DEFINED = re.compile(r"^\s*(?:async )?def (test_\w+)|^(Test\w+) = |^class (Test\w+)", re.MULTILINE)


def known_tests() -> set[str]:
    """Collect the names of all tests by reading their files."""
    files = (ROOT / "tests").rglob("*.py")
    found = (DEFINED.findall(each.read_text(encoding="utf-8")) for each in files)
    return {name for names in found for match in names for name in match if name}


def section(heading: str) -> str:
    """Give what stands under a heading."""
    return TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_every_requirement_has_one_state() -> None:
    """None is missing, doubled or made up."""
    found = [row[0] for row in ROW.findall(TEXT)]
    assert sorted(found) == sorted(REQUIREMENTS)


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_what_is_met_is_shown_and_what_is_not_has_a_reason(requirement: str) -> None:
    """Met: named tests. Not applicable, deviation: why."""
    state, reason, shown = ROWS[requirement]
    assert len(reason) > 3
    assert state != "met" or NAMED.search(shown)


def test_every_test_that_is_named_is_there() -> None:
    """In any table of the page."""
    named = set(NAMED.findall(TEXT))
    assert len(named) > 100
    assert named - known_tests() == set()


def test_every_threat_is_answered_by_a_test() -> None:
    """Asset, attack, defence, test."""
    lines = section("Threats").strip().splitlines()[2:]
    assert len(lines) > 10
    assert [line for line in lines if line.count("|") != 5 or not NAMED.search(line)] == []


def test_every_sensitive_column_is_in_the_inventory() -> None:
    """And no column that is not marked so."""
    listed = {
        (table, column)
        for table, columns in re.findall(
            r"^\| `(\w+)` \| (.+?) \|", section("Data inventory"), re.MULTILINE
        )
        for column in re.findall(r"`(\w+)`", columns)
    }
    assert listed == {key for key, mark in marks().items() if mark == "yes"}


def test_every_table_has_a_bound() -> None:
    """Who causes its rows, how many there can be, a test: the next table fails here until it is said."""
    lines = section("Bounds").partition("|---|")[2].strip().splitlines()[1:]
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]
    assert [row for row in rows if len(row) != 4 or not NAMED.search(row[3])] == []
    listed = [table for row in rows for table in re.findall(r"`(\w+)`", row[0])]
    assert sorted(listed) == sorted({table for table, _ in marks()})


def test_deadlines_for_updates_are_written_down() -> None:
    """By risk, in days, for holes and for packages without one (ASVS 15.1.1)."""
    lines = section("Updates of packages").partition("|---|")[2].splitlines()
    days = [int(found[1]) for line in lines if (found := re.search(r"(\d+) days \|$", line))]
    assert days == [3, 14, 60, 90]


def test_every_event_of_the_log_is_in_the_inventory() -> None:
    """And of the audit trail: what the code writes is what the page lists."""
    listed = set(re.findall(r"`([\w.]+)`", section("Log inventory")))
    assert set(events()) - listed == set()
    assert len(set(events())) > 25
    wild = re.findall(r"`([\w.]+\.)…`", section("Log inventory"))
    missing = set(LABELS) - listed
    assert {each for each in missing if not any(each.startswith(start) for start in wild)} == set()


def events() -> Iterator[str]:
    """Read the names of events off the calls that write them."""
    places = {
        ("log", "event"): 0,
        ("log", "failure"): 0,
        ("self", "record"): 1,
        ("tx", "audit"): 0,
        ("tx", "audit_repeated"): 0,
    }
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            place = places.get((owner.id, node.func.attr)) if isinstance(owner, ast.Name) else None
            if place is not None and isinstance(name := node.args[place], ast.Constant):
                yield str(name.value)
