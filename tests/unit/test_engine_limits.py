"""What a browser's driver cannot do: each such test is there, and so is the one that shows the same another way."""

import pytest

from tests.e2e.engines.limits import LIMITS, Limit
from tests.unit.parts import ROOT

TESTS = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
ALL = [(engine, *each) for engine, limits in LIMITS.items() for each in limits.items()]


@pytest.mark.parametrize(("engine", "name", "limit"), ALL, ids=[f"{e}-{n}" for e, n, _ in ALL])
def test_what_is_left_out_is_shown_by_another_test(engine: str, name: str, limit: Limit) -> None:
    """That one runs in the same engine."""
    assert f"def {name.partition('[')[0]}(" in TESTS
    assert f"def {limit.instead}(" in TESTS
    assert limit.instead not in LIMITS[engine]
