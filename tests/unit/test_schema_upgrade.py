"""schema.upgrade: repeatable, in order, each migration whole or not at all."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.conftest import Run
from tests.unit.parts import opened
from web import paths
from web.database import DatabaseUnavailable, NewerSchema
from web.database.migrations import BASE_VERSION, migrations, newest
from web.database.sqlite import locks, schema
from web.database.sqlite.database import SQLite

NEWEST = newest()
FIRST, SECOND = NEWEST + 1, NEWEST + 2


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name a database that is not there yet, in a folder that is not there either."""
    return tmp_path / "deep" / "er" / "mypage.sqlite3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder for migrations beyond the newest release."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "README.md").write_text("no migration", encoding="utf-8")
    return folder


def migration(folder: Path, number: int, sql: str) -> None:
    """Write a migration."""
    (folder / f"{number:04d}_a_change.sql").write_text(sql, encoding="utf-8")


def tables(file: Path) -> set[str]:
    """List the tables of a database."""
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {name for (name,) in found}


def test_a_new_database_is_made_with_its_folder(file: Path) -> None:
    """From nothing to the newest version, readable by its owner alone."""
    assert schema.version(file) == 0
    assert schema.upgrade(file) == (0, NEWEST)
    assert schema.version(file) == NEWEST
    assert "accounts" in tables(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_upgrade_can_be_repeated(file: Path) -> None:
    """The second time nothing happens, to the data neither."""
    schema.upgrade(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "INSERT INTO reset_requests (once_key, kind, asked_at) VALUES ('a', 'bulk', 0)"
        )
        connection.commit()
    assert schema.upgrade(file) == (NEWEST, NEWEST)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT once_key FROM reset_requests").fetchall() == [("a",)]


def test_migrations_run_in_the_order_of_their_numbers(file: Path, folder: Path) -> None:
    """The second needs what the first made."""
    schema.upgrade(file)
    migration(folder, SECOND, "INSERT INTO colours (name) VALUES ('midori');")
    migration(folder, FIRST, "CREATE TABLE colours (name TEXT NOT NULL) STRICT;")
    assert schema.upgrade(file, folder) == (NEWEST, SECOND)
    assert schema.version(file) == SECOND
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM colours").fetchall() == [("midori",)]
    assert schema.upgrade(file, folder) == (SECOND, SECOND)


def test_a_new_database_needs_no_migration(file: Path, folder: Path) -> None:
    """db/schema.sql always is the newest version; migrations are for older databases."""
    migration(folder, FIRST, "CREATE TABLE accounts (id TEXT) STRICT;")
    assert schema.upgrade(file, folder) == (0, FIRST)


def test_a_failing_migration_leaves_the_version_before_it(file: Path, folder: Path) -> None:
    """Nothing of it stays, what came before does, and once it is mended the upgrade goes on."""
    schema.upgrade(file)
    migration(folder, FIRST, "CREATE TABLE colours (name TEXT NOT NULL) STRICT;")
    migration(
        folder, SECOND, "CREATE TABLE shapes (name TEXT) STRICT;\nINSERT INTO no_such VALUES (1);"
    )
    with pytest.raises(sqlite3.OperationalError, match="no_such"):
        schema.upgrade(file, folder)
    assert schema.version(file) == FIRST
    assert "colours" in tables(file)
    assert "shapes" not in tables(file)
    migration(folder, SECOND, "CREATE TABLE shapes (name TEXT) STRICT;")
    assert schema.upgrade(file, folder) == (FIRST, SECOND)


def test_a_failing_first_migration_leaves_the_old_version(file: Path, folder: Path) -> None:
    """The old release can go on with the file as if nothing had been tried."""
    schema.upgrade(file)
    before = tables(file)
    migration(folder, FIRST, "DROP TABLE reset_links;\nCREATE TABLE drafts (id TEXT) STRICT;")
    with pytest.raises(sqlite3.OperationalError, match="drafts"):
        schema.upgrade(file, folder)
    assert schema.version(file) == NEWEST
    assert tables(file) == before


def test_a_database_of_a_newer_release_is_refused(file: Path) -> None:
    """An old program must not write into what it does not know."""
    schema.upgrade(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {SECOND}")
    with pytest.raises(NewerSchema, match=f"version {SECOND}, newest known {NEWEST}"):
        schema.upgrade(file)
    assert schema.version(file) == SECOND


def test_only_files_named_by_the_rule_are_migrations(folder: Path) -> None:
    """NNNN_name.sql; copies, notes and backups are none."""
    for name in ("0009_good.sql", "0010_bad.sql.bak", "10_short.sql", "x0011_a.sql", "0012-a.sql"):
        (folder / name).touch()
    assert migrations(folder) == [(9, folder / "0009_good.sql")]
    assert newest(folder) == 9


def test_the_migrations_of_the_release_have_no_gap() -> None:
    """Numbers count up from 2; two files never share one."""
    numbers = [number for number, _ in migrations(paths.MIGRATIONS)]
    assert numbers == list(range(BASE_VERSION + 1, BASE_VERSION + 1 + len(numbers)))


def test_nobody_upgrades_while_somebody_writes(file: Path) -> None:
    """The upgrade takes the lock of every write."""
    schema.upgrade(file)
    with locks.hold(file, "write"), pytest.raises(locks.LockTaken):
        schema.upgrade(file)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("version", "cure"),
    [(0, "run `mypage init-db`"), (NEWEST + 1, "a newer release than this one has written it")],
)
async def test_the_product_does_not_open_a_database_of_another_version(
    file: Path, version: int, cure: str
) -> None:
    """It says which version is there, which is needed, and what helps."""
    async with opened(file):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    database = SQLite(file)
    said = f"{version}, {NEWEST} needed; {cure}"
    try:
        with pytest.raises(DatabaseUnavailable, match=said):
            await database.open()
    finally:
        await database.close()


def test_init_db_says_what_it_did(run: Run, tmp_path: Path) -> None:
    """Safe to repeat: the first time a version, afterwards up to date."""
    file = tmp_path / "mypage.sqlite3"
    for path in tmp_path.iterdir():
        path.unlink()
    assert run("init-db").out == f"{file}: version 0 → {NEWEST}\n"
    assert run("init-db").out == f"{file}: up to date (version {NEWEST})\n"


def test_init_db_needs_to_know_only_where_the_data_lie(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade in a container without the secrets works."""
    for name in ("MYPAGE_SECRET_KEY", "MYPAGE_MAIL_FROM"):
        monkeypatch.delenv(name)
    assert run("init-db").code == 0


def test_init_db_refuses_a_newer_database_in_one_line(run: Run, tmp_path: Path) -> None:
    """The operator started the wrong release."""
    with closing(sqlite3.connect(tmp_path / "mypage.sqlite3")) as connection:
        connection.execute(f"PRAGMA user_version = {SECOND}")
    assert f"version {SECOND}, newest known {NEWEST}" in run("init-db").one_line
