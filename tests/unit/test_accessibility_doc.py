"""docs/accessibility.md says what is so: its criteria are all there, and the tests it names exist."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.unit.parts import ROOT

E2E = ROOT / "tests" / "e2e"
DOC = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^\| ([A-Z]) \| `(test_accessibility\w*\.py)` \|", DOC, re.MULTILINE))
ROWS = re.findall(r"^\| (\d\.\d\.\d+\D.*?) \|.*\| ([^|]+) \|$", DOC, re.MULTILINE)
NAMED = re.compile(r"\b([A-Z])\b|`([a-z_0-9]+)…?`")
# WCAG 2.2, levels A and AA, and 4.1.1 for JIS X 8341-3:2016; guideline: number of its criteria.
CRITERIA = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7, 11],
    "2.5": [1, 2, 3, 4, 7, 8], "3.1": [1, 2], "3.2": [1, 2, 3, 4, 6], "3.3": [1, 2, 3, 4, 7, 8],
    "4.1": [1, 2, 3],
}  # fmt: skip
ALL = [f"{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers]


def names_in(file: str) -> set[str]:
    """List the tests of a file, and the checks that one of them runs."""
    module = ast.parse((E2E / file).read_text(encoding="utf-8"))
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def named(cell: str) -> Iterator[tuple[str, str]]:
    """Read the tests that a cell names, each with the letter of its file."""
    letter = ""
    for found in NAMED.finditer(cell):
        letter = found[1] or letter
        if found[2]:
            yield letter, found[2]


def criteria(cell: str) -> Iterator[str]:
    """Read the numbers of a cell; 1.2.1–1.2.5 means all between."""
    for first, last in re.findall(r"(\d\.\d\.\d+)(?:–(\d\.\d\.\d+))?", cell):
        guideline, _, start = first.rpartition(".")
        end = (last or first).rpartition(".")[2]
        yield from (f"{guideline}.{number}" for number in range(int(start), int(end) + 1))


def test_every_criterion_has_its_row() -> None:
    """WCAG 2.2 A and AA, once each."""
    assert sorted(each for cell, _ in ROWS for each in criteria(cell)) == sorted(ALL)


@pytest.mark.parametrize(("criterion", "cell"), ROWS, ids=[row[0].split()[0] for row in ROWS])
def test_the_tests_it_names_exist(criterion: str, cell: str) -> None:
    """A part of a test's name stands for the one test that has it."""
    for letter, part in named(cell):
        fitting = [test for test in names_in(FILES[letter]) if part in test]
        assert len(fitting) == 1, f"{criterion}: {letter} {part}: {fitting}"


def test_names_are_found_in_the_table() -> None:
    """The sweep reads what is there."""
    assert sum(1 for _, cell in ROWS for _ in named(cell)) >= 20
    assert [*named("S axe, S `every_error…`; K `idle_warning`, J")] == [
        ("S", "every_error"),
        ("K", "idle_warning"),
    ]
