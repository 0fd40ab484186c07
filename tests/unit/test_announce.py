"""mypage notice, maintenance: what is stored, what is refused, and that it is on record."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.unit.conftest import Run
from web import clock


def stored(folder: Path) -> list[tuple[Any, ...]]:
    """Read what is announced."""
    with closing(sqlite3.connect(folder / "mypage.sqlite3")) as connection:
        return connection.execute("SELECT kind, body, ends_at FROM announcements").fetchall()


def events(folder: Path) -> list[str]:
    """Read the audit trail."""
    with closing(sqlite3.connect(folder / "mypage.sqlite3")) as connection:
        return [event for (event,) in connection.execute("SELECT event FROM audit ORDER BY seq")]


def test_announcements_are_stored_and_on_record(
    run: Run, tmp_path: Path, frozen: FrozenClock
) -> None:
    """Set twice, the second stands; taken back, it is gone; every act has its audit row."""
    assert run("notice", "set", "はじめ").code == 0
    assert run("notice", "set", " お知らせです。 ", "--until", "2027-01-01T00:00").code == 0
    at = clock.parse_iso("2027-01-01T00:00:00+09:00")
    assert stored(tmp_path) == [("notice", "お知らせです。", at)]
    assert run("maintenance", "on").code == 0
    assert ("maintenance", "", None) in stored(tmp_path)
    assert run("notice", "clear").code == run("maintenance", "off").code == 0
    assert stored(tmp_path) == []
    wanted = ["notice.set", "notice.set", "maintenance.on", "notice.cleared", "maintenance.off"]
    assert events(tmp_path) == wanted


@pytest.mark.parametrize(("typed", "hours"), [("10:00", 1), ("09:00", 24), ("08:59", 24)])
def test_a_time_of_day_is_the_next_one_in_japan(
    run: Run, tmp_path: Path, frozen: FrozenClock, typed: str, hours: int
) -> None:
    """The tests' clock stands at nine in the morning in Japan."""
    run("maintenance", "on", "--until", typed)
    ((_, _, ends_at),) = stored(tmp_path)
    assert -(-(ends_at - frozen.at) // clock.HOUR) == hours


@pytest.mark.parametrize(
    "arguments",
    [
        ("notice", "set", ""),
        ("notice", "set", "a\nb"),
        ("notice", "set", "あ" * 501),
        ("maintenance", "on", "--until", "25:00"),
        ("maintenance", "on", "--until", "soon"),
        ("maintenance", "on", "--until", "2020-01-01T00:00"),
    ],
)
def test_what_cannot_be_announced_is_refused(
    run: Run, tmp_path: Path, frozen: FrozenClock, arguments: tuple[str, ...]
) -> None:
    """With a word on what is allowed; nothing is stored."""
    outcome = run(*arguments)
    assert outcome.code != 0
    assert "Error: " in outcome.err
    assert stored(tmp_path) == []
