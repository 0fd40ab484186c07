"""The `mypage` command: what it lists, and that a fault is one line and never a traceback."""

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from tests.unit import parts
from tests.unit.accounts_file import stored
from tests.unit.conftest import Run
from tests.unit.test_settings import DEFAULTS
from web.cli import mypage
from web.database.sqlite import schema
from web.settings import described

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("command", mypage.commands)
def test_the_help_names_every_command(run: Run, command: str) -> None:
    """Whoever types `mypage --help` sees what there is; each command explains itself."""
    assert f"  {command} " in run("--help").out
    outcome = run(command, "--help")
    assert outcome.code == 0
    assert "Usage: " in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [("frobnicate",), ("accounts", "frobnicate"), ("serve", "--port"), ("accounts", "show"),
     ("accounts", "import", "no such file.csv"), ("demo", "--port", "many")],
)  # fmt: skip
def test_a_command_that_is_not_there_fails(run: Run, arguments: tuple[str, ...]) -> None:
    """A script sees the exit code, a person what was wrong."""
    outcome = run(*arguments)
    assert outcome.code == 2
    assert "Error: " in outcome.err
    assert "Traceback" not in outcome.err


def test_the_settings_are_listed(run: Run) -> None:
    """Every one with its default and its meaning, also when none is set."""
    lines = run("settings").out.splitlines()
    assert [line.split()[0] for line in lines] == [row["name"] for row in described()]
    assert any("MYPAGE_MAIL_FROM" in line and "(must be set)" in line for line in lines)
    assert any("MYPAGE_TRUSTED_PROXIES" in line and "(empty)" in line for line in lines)
    assert all(len(line.split(maxsplit=2)) == 3 for line in lines)


def test_the_settings_are_listed_for_programs(run: Run) -> None:
    """--json: the same, with null for what must be set."""
    rows = {row.pop("name"): row for row in json.loads(run("settings", "--json").out)}
    assert list(rows) == [row["name"] for row in described()]
    assert all(row.keys() == {"default", "meaning"} and row["meaning"] for row in rows.values())
    shown = {name: rows[f"MYPAGE_{name.upper()}"]["default"] for name in DEFAULTS}
    assert shown == {name: "" if value == () else str(value) for name, value in DEFAULTS.items()}
    assert rows["MYPAGE_SECRET_KEY"]["default"] is None


def test_the_list_does_not_show_what_is_set(run: Run) -> None:
    """A secret in the environment does not land in a terminal's history."""
    assert parts.SECRET not in run("settings").out + run("settings", "--json").out


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """`python -m web` in a process of its own does what `mypage` does."""
    assert parts.mypage("init-db", given=parts.environ(tmp_path)).returncode == 0
    failed = parts.mypage("accounts", "show", "KNCA0000", given=parts.environ(tmp_path))
    assert failed.returncode == 1
    assert failed.stderr.splitlines() == ["Error: KNCA0000: no such account"]


@pytest.mark.parametrize("command", [("serve",), ("accounts", "show", "KNCA6288")])
def test_a_database_that_was_not_made_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """The line says which command makes it."""
    monkeypatch.setenv("MYPAGE_DATABASE_URL", f"sqlite:///{tmp_path}/other.sqlite3")
    assert "run `mypage init-db`" in run(*command).one_line


@pytest.mark.parametrize("command", [("init-db",), ("serve",), ("accounts", "show", "KNCA6288")])
def test_a_file_that_is_no_database_is_named(
    run: Run, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """A wrong path costs one line to read."""
    file = tmp_path / "mypage.sqlite3"
    file.write_bytes(b"This is a letter to a friend, not a database.\n" * 100)
    assert str(file) in run(*command).one_line
    assert file.read_bytes().startswith(b"This is a letter")


def test_a_folder_that_cannot_be_made_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("MYPAGE_DATABASE_URL", f"sqlite:///{tmp_path}/file/mypage.sqlite3")
    assert f"{tmp_path}/file" in run("init-db").one_line


def test_a_folder_in_place_of_the_database_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path ends one word too early."""
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("MYPAGE_DATABASE_URL", f"sqlite:///{tmp_path}/folder")
    assert f"{tmp_path}/folder" in run("init-db").one_line


@contextmanager
def serving(given: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """Run the production server until the block ends; wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "web", "serve"],
        cwd=parts.ROOT, env=given, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        port = int(given["MYPAGE_PORT"])
        assert until(lambda: listens(port) or process.poll() is not None), "it does not listen"
        assert process.poll() is None, f"the server ended with {process.returncode}"
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def listens(port: int) -> bool:
    """Tell whether somebody takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_second_server_on_the_same_file_refuses(tmp_path: Path) -> None:
    """Two writers could corrupt it; the first goes on and ends with 0."""
    file = tmp_path / "mypage.sqlite3"
    schema.upgrade(file)
    given = parts.environ(tmp_path, MYPAGE_PORT=str(free_port()))
    with serving(given) as first:
        second = parts.mypage("serve", given={**given, "MYPAGE_PORT": str(free_port())})
        assert first.poll() is None
        assert stat.S_IMODE(file.with_name("mypage.sqlite3.serve").stat().st_mode) == 0o600
    assert second.returncode == 1
    last = second.stderr.splitlines()[-1]
    assert last == f"mypage: {file}: another server runs on this file"
    assert "Traceback" not in second.stderr
    assert first.returncode == 0


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """The line says which, and there is no traceback."""
    schema.upgrade(tmp_path / "mypage.sqlite3")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failed = parts.mypage("serve", given=parts.environ(tmp_path, MYPAGE_PORT=port))
    assert failed.returncode not in {0, None}
    assert port in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr


def test_a_new_installation_has_nobody_in_it(run: Run, tmp_path: Path) -> None:
    """No account and no 担当者 with a password that everybody knows (ASVS 6.3.2)."""
    assert run("init-db").code == 0
    for table in ("accounts", "credentials", "staff", "sessions", "devices"):
        assert stored(tmp_path, f"SELECT COUNT(*) FROM {table}") == [(0,)]  # noqa: S608 from here
