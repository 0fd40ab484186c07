"""What a second process makes ahead: all of it in order, no more than is taken, and nobody is left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from tests.e2e.waiting import until
from tests.unit import parts
from web.cli.ahead import made_ahead
from web.database import Unusable

pytestmark = pytest.mark.slow

CHILDREN = "/proc/{0}/task/{0}/children"
LARGE = "a" * 1_000_000  # more than a pipe holds
TAKES_ONE = """
import signal
from itertools import count
from tests.unit.test_ahead import pids
from web.cli.ahead import made_ahead
with made_ahead(pids) as found:
    print(next(found), flush=True)
    signal.pause()
"""


def large(number: int) -> Iterator[tuple[int, str]]:
    """Make things that do not fit into a pipe."""
    return ((each, LARGE) for each in range(number))


def pids() -> Iterator[int]:
    """Say for ever who makes."""
    return (os.getpid() for _ in count())


def dies(how: str) -> Iterator[int]:
    """End in the middle."""
    yield 1
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    raise LookupError


def test_everything_comes_in_order() -> None:
    """Made by somebody else."""
    with made_ahead(large, 5) as found:
        assert list(found) == [(each, LARGE) for each in range(5)]
    with made_ahead(pids) as who:
        assert os.getpid() not in islice(who, 3)


def test_who_takes_no_more_leaves_nobody_behind() -> None:
    """Whether there is much more, or the block fails."""
    children = Path(CHILDREN.format(os.getpid()))
    before = children.read_text(encoding="utf-8")  # of tests that ran in this process
    with made_ahead(pids) as found:
        next(found)
    with pytest.raises(ZeroDivisionError), made_ahead(large, 5):
        print(1 / 0)
    assert children.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(("how", "code"), [("killed", -signal.SIGKILL), ("fails", 1)])
def test_an_early_end_is_no_end(how: str, code: int) -> None:
    """It must not look as if there were no more."""
    with (
        pytest.raises(Unusable, match=f"a process beside this one ended with {code}$"),
        made_ahead(dies, how) as found,
    ):
        list(found)


def test_it_ends_with_who_takes(tmp_path: Path) -> None:
    """Killed, too."""
    taker = subprocess.Popen(
        [sys.executable, "-c", TAKES_ONE], cwd=parts.ROOT, stdout=subprocess.PIPE, text=True
    )
    assert taker.stdout
    pid = int(taker.stdout.readline())
    taker.kill()
    taker.communicate()
    assert until(lambda: not Path(f"/proc/{pid}").exists() or None)
