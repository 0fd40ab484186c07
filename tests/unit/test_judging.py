"""The process that judges new passwords: what it says, and how it begins and ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.waiting import until
from web.security import guessing
from web.security.judging import Judge

WORDS = ("KNCA6288", "k-oss@example.jp")
WEAK, STRONG = "passwordpassword", "yoake-no-hoshi-to-kaze"


@pytest.fixture
def judge() -> Iterator[Judge]:
    """Give one of the test's own."""
    made = Judge()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def kept() -> Iterator[Judge]:
    """Give one for all examples of a property."""
    made = Judge()
    yield made
    made.stop()


@given(st.text(st.characters(codec=None), min_size=1, max_size=100))
def test_what_it_says_is_what_would_be_said_here(kept: Judge, typed: str) -> None:
    assert kept.weakness(typed, WORDS) == guessing.weakness(typed, WORDS)


def test_a_password_is_judged_by_another_process(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for a page would wait while zxcvbn keeps the interpreter."""
    monkeypatch.setattr(guessing, "weakness", lambda *_: pytest.fail("judged in this process"))
    assert "推測されやすい" in judge.weakness(WEAK, WORDS)
    assert judge.weakness(STRONG, WORDS) == ""
    assert judge.pid not in {0, os.getpid()}


def test_another_one_takes_the_place_of_one_that_was_killed(judge: Judge) -> None:
    judge.weakness(WEAK, WORDS)
    first = judge.pid
    os.kill(first, signal.SIGKILL)
    assert "推測されやすい" in judge.weakness(WEAK, WORDS)
    assert judge.pid not in {0, first}


def test_where_no_process_can_be_had_passwords_are_judged_all_the_same(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert "推測されやすい" in judge.weakness(WEAK, WORDS)
    assert judge.pid == 0


def test_no_secret_of_the_product_is_around_it(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYPAGE_SECRET_KEY", "a secret of the tests that is long enough")
    judge.weakness(WEAK, WORDS)
    around = Path(f"/proc/{judge.pid}/environ").read_text(encoding="utf-8")
    assert "PYTHONPATH" in around
    assert "MYPAGE" not in around


def test_it_ends_with_the_process_that_started_it_however_that_ends() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, encoding="ascii"
    )
    with started:
        assert started.stdout
        child = int(started.stdout.readline())
        started.kill()
    assert until(lambda: _gone(child))


PARENT = """
import time
from web.security.judging import JUDGE
JUDGE.weakness("x", ())
print(JUDGE.pid, flush=True)
time.sleep(600)
"""


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]
    except OSError:
        return True
    return state == "Z"
