"""mypage check: it sees what is wrong, says it, and fails."""

import asyncio
import importlib
import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.support.listed import put
from tests.unit import parts
from tests.unit.conftest import Outcome, Run
from tests.unit.letters import LETTER
from tests.unit.test_accounts_create import CONTRACT, PASSWORDS
from tests.unit.test_backup import damage
from web import clock
from web.banks.directory import banks_dated
from web.services import Work

pytestmark = pytest.mark.slow

NAMES = [
    "settings",
    "interpreter",
    "leaked passwords",
    "schema",
    "pages",
    "references",
    "file modes",
    "banks",
    "clock",
    "mail queue",
    "first passwords",
    "second factors",
    "audit trail",
]


def wrong(outcome: Outcome) -> list[str]:
    """Name what the JSON says is wrong, which must fit the exit code."""
    told = json.loads(outcome.out)
    found = [each["name"] for each in told["checks"] if not each["ok"]]
    assert (outcome.code == 0) == told["ok"] == (not found)
    return found


def test_a_sound_installation_passes(run: Run) -> None:
    """A line for everything looked at, and exit code 0."""
    outcome = run("check")
    assert (outcome.code, outcome.err) == (0, "")
    assert all(line.startswith(("ok ", "warn ")) for line in outcome.out.splitlines())
    assert [each["name"] for each in json.loads(run("check", "--json").out)["checks"]] == NAMES


def test_the_age_of_the_list_of_banks_is_told(run: Run, frozen: FrozenClock) -> None:
    """In days; never wrong by itself."""
    frozen.at = clock.start_of(banks_dated()) + 400 * clock.DAY
    outcome = run("check")
    assert outcome.code == 0
    assert f"list of {banks_dated().isoformat()}, 400 days old" in outcome.out


@pytest.mark.parametrize(
    ("version", "warned"),
    [
        ((3, 11, 9), "use 3.11.10"), ((3, 11, 10), ""), ((3, 12, 5), "use 3.12.6"), ((3, 12, 6), ""),
        ((3, 13, 0), ""), ((3, 14, 1), ""),
    ],
)  # fmt: skip
def test_an_interpreter_with_known_holes_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int, int], warned: str
) -> None:
    """A warning that says which release has none; it makes nothing fail."""
    monkeypatch.setattr(importlib.import_module("web.cli.check"), "RUNNING", version)
    outcome = run("check", "--json")
    assert wrong(outcome) == []
    (found,) = [each for each in json.loads(outcome.out)["checks"] if each["name"] == "interpreter"]
    assert found["warns"] == bool(warned)
    assert warned in found["seen"]
    assert ("warn " in run("check").out) == bool(warned)


def test_a_bad_setting_is_seen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its name; nothing else can be looked at then."""
    monkeypatch.setenv("MYPAGE_PORT", "many")
    outcome = run("check", "--json")
    assert wrong(outcome) == ["settings"]
    assert "MYPAGE_PORT" in outcome.out


def test_the_list_of_leaked_passwords_in_use_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that ships, or the operator's own, with its date; what is no list is wrong."""
    assert "leaked passwords  the list that ships: 1," in run("check").out
    file = put(tmp_path)
    monkeypatch.setenv("MYPAGE_PASSWORD_FILTER", str(file))
    assert "leaked passwords  a list of your own: 1, made 1970-01-01" in run("check").out
    file.write_bytes(file.read_bytes()[:-1])
    outcome = run("check", "--json")
    assert wrong(outcome) == ["leaked passwords"]
    assert "MYPAGE_PASSWORD_FILTER" in outcome.out


def test_first_passwords_that_were_never_changed_are_counted(run: Run) -> None:
    """A warning and no fault; --must-change or not."""
    options = ("--role", "clerk", "--password-stdin")
    for name, more in {"madoguchi": [], "kanri": ["--must-change"]}.items():
        run("office", "create-user", name, *options, *more, typed="hiru-no-ame-wo-matsu\n")
    run(*shlex.split(CONTRACT), typed=PASSWORDS)
    outcome = run("check")
    assert outcome.code == 0
    assert "warn   first passwords   never changed: 2 of accounts, 2 of 担当者" in outcome.out
    assert wrong(run("check", "--json")) == []


@pytest.mark.parametrize(
    ("users", "office", "warns"),
    [
        ("optional", "optional", False), ("optional", "required", True), ("corporate", "off", True),
        ("all", "optional", True), ("off", "off", False),
    ],
)  # fmt: skip
def test_who_has_no_second_factor_is_counted_and_warned_of_where_one_is_required(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    users: str,
    office: str,
    warns: bool,
) -> None:
    """Before its day too, and for whom it concerns; it makes nothing fail."""
    options = ("--role", "clerk", "--password-stdin")
    run("office", "create-user", "madoguchi", *options, typed="hiru-no-ame-wo-matsu\n")
    run(*shlex.split(CONTRACT), typed=PASSWORDS)
    monkeypatch.setenv("MYPAGE_SECOND_FACTOR", users)
    monkeypatch.setenv("MYPAGE_OFFICE_SECOND_FACTOR", office)
    outcome = run("check")
    verdict = "warn " if warns else "ok   "
    seen = "without: 1 of accounts, 1 of them companies; 1 of 担当者"
    assert f"{verdict}  second factors    {seen}" in outcome.out
    assert outcome.code == 0


def test_a_damaged_page_is_seen(run: Run, tmp_path: Path) -> None:
    """By integrity_check."""
    damage(tmp_path / "mypage.sqlite3")
    assert wrong(run("check", "--json")) == ["pages"]


def test_a_row_that_refers_to_nothing_is_seen(run: Run, tmp_path: Path) -> None:
    """By foreign_key_check; a tool without foreign keys may have been at work."""
    with closing(sqlite3.connect(tmp_path / "mypage.sqlite3")) as connection, connection:
        connection.execute("INSERT INTO former_passwords VALUES ('nobody', 'payment', 'x', 0)")
    assert wrong(run("check", "--json")) == ["references"]


@pytest.mark.parametrize(("version", "said"), [(0, "mypage init-db"), (9999, "newest known")])
def test_another_schema_is_seen(run: Run, tmp_path: Path, version: int, said: str) -> None:
    """Older or newer."""
    with closing(sqlite3.connect(tmp_path / "mypage.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {version:d}")
    outcome = run("check", "--json")
    assert wrong(outcome) == ["schema"]
    assert said in outcome.out


def test_a_file_that_is_no_database_is_seen(run: Run, tmp_path: Path) -> None:
    """Said, not thrown."""
    (tmp_path / "mypage.sqlite3").write_bytes(b"a letter to a friend" * 99)
    assert wrong(run("check", "--json")) == ["schema", "pages", "references"]


@pytest.mark.parametrize(
    "name", ["mypage.sqlite3", "mypage.sqlite3.before-20261123-080000", "secret"]
)
def test_a_file_open_to_others_is_seen(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The database, a former one beside it, the secret key."""
    (tmp_path / "secret").write_text(parts.SECRET, encoding="utf-8")
    (tmp_path / "secret").chmod(0o600)
    monkeypatch.delenv("MYPAGE_SECRET_KEY")
    monkeypatch.setenv("MYPAGE_SECRET_KEY_FILE", str(tmp_path / "secret"))
    assert wrong(run("check", "--json")) == []
    (tmp_path / name).touch()
    (tmp_path / name).chmod(0o640)
    outcome = run("check", "--json")
    assert wrong(outcome) == ["file modes"]
    assert f"{name}: mode 0640, 0600 needed" in outcome.out


def test_a_mail_long_overdue_is_seen(run: Run, tmp_path: Path, frozen: FrozenClock) -> None:
    """After a quarter of an hour, as /readyz does."""

    async def write() -> None:
        async with parts.services(tmp_path) as services:
            await services.write(Work.mail, LETTER, "a")

    asyncio.run(write())
    frozen.advance(900)
    assert wrong(run("check", "--json")) == []
    frozen.advance(1)
    assert wrong(run("check", "--json")) == ["mail queue"]
