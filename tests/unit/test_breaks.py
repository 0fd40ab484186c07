"""What is broken on purpose: each break fits the code of today, each test is there, each row of the table is tried."""

import re

import pytest

from tests.unit.parts import ROOT
from tests.unit.test_security_doc import known_tests, section
from tools.breaks import Break, all_of_them

pytestmark = pytest.mark.slow

BREAKS = all_of_them()
BROWSERS = (ROOT / "docs" / "browsers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.test.rpartition("::")[2])
def test_a_break_fits_once_and_its_test_is_there(each: Break) -> None:
    """Else `make breaks` would show nothing, and nobody would know."""
    text = (ROOT / each.file).read_text(encoding="utf-8")
    assert each.of(text) != text
    file, _, name = each.test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
    assert name in known_tests()


def test_the_table_of_faults_names_every_break_and_no_other() -> None:
    """docs/security.md and docs/browsers.md: the fault, and the tests that were seen to fail."""
    tables = section("Faults of others") + BROWSERS.partition("\n## What was found\n")[2]
    rows = re.findall(r"^\| (.+?) \| (`test_.+`) \|$", tables, re.MULTILINE)
    listed = {fault: set(re.findall("`(.+?)`", tests)) for fault, tests in rows}
    tried: dict[str, set[str]] = {}
    for each in BREAKS:
        tried.setdefault(each.fault, set()).add(each.test.rpartition("::")[2])
    assert listed == tried


def test_a_break_that_fits_nowhere_or_twice_is_no_break() -> None:
    """It says where."""
    for text in ("b", "aa"):
        with pytest.raises(ValueError, match=r"x\.py"):
            Break("", "x.py", "a", "b", "").of(text)
