"""The proof of the audit trail: what verify finds, what age removes, what a cut looks like."""

import re
import sqlite3
from contextlib import closing
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit import parts
from web.clock import DAY
from web.database import Tx
from web.database.sqlite.database import SQLite
from web.security import audit, audit_proof
from web.security.audit_proof import Broken, Proved
from web.security.vault import Vault
from web.store.audit import Row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OLD, NEW = "an older secret of the tests that is long enough", parts.SECRET
VAULT = Vault((NEW,))
COLUMNS = [each.name for each in fields(Row)]
ROWS = 7
YEARS = 7 * 366 * DAY


async def record(database: SQLite, vault: Vault = VAULT, *, at: int, times: int = 1) -> None:
    """Record events in a transaction of their own."""

    async def work(tx: Tx) -> None:
        for number in range(times):
            tx.now = at
            begun = audit.Trail(vault)
            await begun.begin(tx)
            await begun.record(tx, "login.done", account_id="a" * 32, number=number)

    await database.write(work)


async def verify(database: SQLite, vault: Vault = VAULT, noted: str = "") -> Proved:
    """Verify as the command does."""
    async with database.read() as reads:
        return await audit_proof.verify(reads, vault, noted=[noted] if noted else [])


async def broken(database: SQLite, vault: Vault = VAULT, noted: str = "") -> str:
    """Give what verify says of a trail that does not fit."""
    with pytest.raises(Broken) as wrong:
        await verify(database, vault, noted)
    return str(wrong.value)


def meddle(database: SQLite, sql: str, *values: Any) -> None:
    """Change the file behind the product's back."""
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute(sql, values)
        connection.commit()


def value(database: SQLite, sql: str, *values: Any) -> Any:
    """Read one value."""
    with closing(sqlite3.connect(database.path)) as connection:
        return connection.execute(sql, values).fetchone()[0]


@pytest.fixture
async def trail(database: SQLite) -> SQLite:
    """Give a database in which seven events lie."""
    for number in range(ROWS):
        await record(database, at=1_000 + number)
    return database


async def test_nothing_has_happened_yet(database: SQLite) -> None:
    """An empty trail fits, and its end can be noted."""
    assert await verify(database) == Proved(0, "0:", 0)
    await record(database, at=1_000)
    assert (await verify(database, noted="0:")).number == 1


async def test_a_trail_that_fits_names_its_length_and_its_end(trail: SQLite) -> None:
    """The end is the newest row and the first digits of its mac."""
    mac = value(trail, "SELECT mac FROM audit WHERE seq = ?", ROWS)
    assert await verify(trail) == Proved(ROWS, f"{ROWS}:{mac.hex()[:16]}", 0)


def flipped(value: Any, byte: int, bit: int) -> Any:
    """Flip a bit of a value as it lies in the file; texts stay ASCII."""
    if value is None:
        return "a"
    if isinstance(value, int):
        return value ^ (1 << bit)
    raw = value if isinstance(value, bytes) else value.encode()
    if not raw:
        return "a"
    at = byte % len(raw)
    changed = raw[:at] + bytes([raw[at] ^ (1 << bit % (8 if isinstance(value, bytes) else 5))])
    changed += raw[at + 1 :]
    return changed if isinstance(value, bytes) else changed.decode()


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    column=st.sampled_from([each for each in COLUMNS if each != "seq"]),
    seq=st.integers(1, ROWS),
    byte=st.integers(0, 63),
    bit=st.integers(0, 7),
)
async def test_one_flipped_bit_is_named_by_its_row(
    trail: SQLite, column: str, seq: int, byte: int, bit: int
) -> None:
    """Any bit, any column, any row: verify names that very row."""
    before = value(trail, f"SELECT {column} FROM audit WHERE seq = ?", seq)  # noqa: S608
    change = f"UPDATE audit SET {column} = ? WHERE seq = ?"  # noqa: S608
    meddle(trail, change, flipped(before, byte, bit), seq)
    try:
        assert (await broken(trail)).startswith(f"row {seq}: ")
    finally:
        meddle(trail, change, before, seq)
    assert (await verify(trail)).number == ROWS


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
async def test_a_changed_number_is_named_as_missing(trail: SQLite, seq: int) -> None:
    """The row that has gone from its place is the first that does not fit."""
    meddle(trail, "UPDATE audit SET seq = seq + 8 WHERE seq = ?", seq)
    assert (await broken(trail)).startswith(f"row {seq}: missing")


@pytest.mark.parametrize("seq", range(1, ROWS))
async def test_a_removed_row_is_named(trail: SQLite, seq: int) -> None:
    """Whether the numbers behind it are closed up or not."""
    meddle(trail, "DELETE FROM audit WHERE seq = ?", seq)
    assert await broken(trail) == f"row {seq}: missing"
    for each in range(seq + 1, ROWS + 1):
        meddle(trail, "UPDATE audit SET seq = seq - 1 WHERE seq = ?", each)
    assert await broken(trail) == f"row {seq}: changed, or not written by us"


@pytest.mark.parametrize("cut", [1, 3, ROWS])
async def test_rows_taken_off_the_end_are_named(trail: SQLite, cut: int) -> None:
    """The mark of the end still knows them."""
    meddle(trail, "DELETE FROM audit WHERE seq > ?", ROWS - cut)
    assert await broken(trail) == f"row {ROWS - cut + 1}: missing; rows were taken off the end"


async def test_what_is_recorded_after_a_cut_does_not_cover_it_up(trail: SQLite) -> None:
    """New events stand behind the gap, so it stays one."""
    meddle(trail, "DELETE FROM audit WHERE seq > 4")
    await record(trail, at=2_000, times=5)
    assert await broken(trail) == "row 5: missing"


@pytest.mark.parametrize(
    ("forged", "named"),
    [
        (
            "UPDATE audit_marks SET seq = 4, mac = (SELECT mac FROM audit WHERE seq = 4)",
            "end: changed, or not written by us",
        ),
        ("UPDATE audit_marks SET seal = zeroblob(32)", "end: changed, or not written by us"),
        (
            "UPDATE audit_marks SET key_id = 'somebody'",
            "end: sealed with key 'somebody', which MYPAGE_SECRET_KEY does not hold",
        ),
        ("DELETE FROM audit_marks", "end is missing"),
    ],
)
async def test_a_forged_end_is_no_end(trail: SQLite, forged: str, named: str) -> None:
    """Neither alone, nor with the rows behind it gone, nor when events have followed."""
    meddle(trail, forged)
    assert await broken(trail) == f"the mark of the {named}"
    meddle(trail, "DELETE FROM audit WHERE seq > 4")
    assert await broken(trail) == f"the mark of the {named}"
    await record(trail, at=2_000, times=2)
    assert re.match(r"row [58]: |row 5: missing", await broken(trail))


async def test_an_older_end_put_back_is_no_end(database: SQLite) -> None:
    """Its seal is ours, but the rows behind it were not written by who wrote the mark."""
    await record(database, at=1_000, times=4)
    meddle(database, "CREATE TABLE older AS SELECT * FROM audit_marks")
    await record(database, at=1_004, times=3)
    meddle(database, "DELETE FROM audit_marks")
    meddle(database, "INSERT INTO audit_marks SELECT * FROM older")
    assert await broken(database) == "row 5: not written by us"


async def test_a_row_of_somebody_else_is_named(trail: SQLite) -> None:
    """Put behind the end without the key."""
    meddle(
        trail,
        "INSERT INTO audit SELECT 8, at, event, account_id, detail, request_id, key_id, mac"
        " FROM audit WHERE seq = 7",
    )
    assert await broken(trail) == "row 8: changed, or not written by us"


async def test_an_end_that_was_noted_shows_a_file_put_back(trail: SQLite) -> None:
    """Who brings back an older file, marks and all, is found out by an end noted elsewhere."""
    older = trail.path.with_name("older.sqlite3")
    with (
        closing(sqlite3.connect(trail.path)) as source,
        closing(sqlite3.connect(older)) as target,
    ):
        source.backup(target)
    await record(trail, at=2_000, times=3)
    noted = (await verify(trail)).end
    await record(trail, at=3_000)
    assert (await verify(trail, noted=noted)).number == ROWS + 4
    async with parts.opened(older) as put_back:
        assert (await verify(put_back)).number == ROWS
        assert noted in await broken(put_back, noted=noted)


async def test_after_rotating_each_row_is_proved_by_its_own_key(database: SQLite) -> None:
    """`new,old` proves all; without the old key the first row that needs it is named."""
    old, both = Vault((OLD,)), Vault((NEW, OLD))
    await record(database, old, at=1, times=3)
    await record(database, both, at=2, times=2)
    assert (await verify(database, both)).number == 5
    assert await broken(database, VAULT) == (
        f"row 1: sealed with key '{old.key_id}', which MYPAGE_SECRET_KEY does not hold"
    )
    assert "row 4: sealed with key" in await broken(database, old)


async def test_a_row_of_the_old_key_cannot_be_written_with_the_new_one(
    database: SQLite,
) -> None:
    """The key's name is under the mac: changing it breaks the row."""
    both = Vault((NEW, OLD))
    await record(database, Vault((OLD,)), at=1, times=2)
    meddle(database, "UPDATE audit SET key_id = ? WHERE seq = 1", VAULT.key_id)
    assert (await broken(database, both)).startswith("row 1: changed")


async def trim(database: SQLite, *, before: int) -> int:
    """Remove old rows as the background work does."""
    return await database.write(audit.Trail(VAULT).trim, before=before)


async def test_old_rows_go_and_the_rest_still_fits(trail: SQLite) -> None:
    """The last removed row's mac is the anchor; the removal itself is an event."""
    anchor = value(trail, "SELECT mac FROM audit WHERE seq = 3")
    assert await trim(trail, before=1_003) == 3
    assert value(trail, "SELECT MIN(seq) FROM audit") == 4
    assert value(trail, "SELECT mac FROM audit_marks WHERE mark = 'anchor'") == anchor
    assert value(trail, "SELECT event || detail FROM audit WHERE seq = 8") == (
        'audit.trimmed{"number": 3}'
    )
    assert (await verify(trail)).number == ROWS + 1 - 3
    assert (await verify(trail, noted=f"3:{anchor.hex()[:16]}")).number == ROWS + 1 - 3


async def test_nothing_old_is_nothing_done(trail: SQLite) -> None:
    """No event says that nothing was removed."""
    assert await trim(trail, before=1_000) == 0
    assert value(trail, "SELECT COUNT(*) FROM audit") == ROWS


async def test_all_rows_may_go(trail: SQLite) -> None:
    """The chain goes on behind its anchor."""
    assert await trim(trail, before=5_000) == ROWS
    await record(trail, at=9_001)
    assert await verify(trail) == Proved(2, (await verify(trail)).end, 0)
    assert value(trail, "SELECT MIN(seq) FROM audit") == ROWS + 1


async def test_a_younger_row_keeps_those_behind_it(trail: SQLite) -> None:
    """A clock that jumped makes no hole: only what lies before the first young row goes."""
    meddle(trail, "UPDATE audit SET at = 9999 WHERE seq = 3")
    assert await trim(trail, before=5_000) == 2


async def test_rows_taken_off_the_beginning_are_named(trail: SQLite) -> None:
    """Age removes with an anchor; anybody else leaves a gap, with or without an older one."""
    meddle(trail, "DELETE FROM audit WHERE seq = 1")
    assert await broken(trail) == "row 1: missing"
    await trim(trail, before=1_003)
    meddle(trail, "DELETE FROM audit WHERE seq = 4")
    assert await broken(trail) == "row 4: missing"


async def test_a_forged_anchor_is_no_anchor(trail: SQLite) -> None:
    """Moved forward over rows that somebody removed."""
    await trim(trail, before=1_003)
    meddle(
        trail,
        "UPDATE audit_marks SET seq = 5, mac = (SELECT mac FROM audit WHERE seq = 5)"
        " WHERE mark = 'anchor'",
    )
    meddle(trail, "DELETE FROM audit WHERE seq <= 5")
    assert "the mark of the beginning" in await broken(trail)


async def test_no_more_than_a_batch_goes_at_once(
    trail: SQLite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long standstill is caught up with in rounds, so that no write lasts long."""
    monkeypatch.setattr(audit, "_REMOVED_AT_ONCE", 3)
    assert [await trim(trail, before=5_000) for _ in range(4)] == [3, 3, 1, 0]
    assert (await verify(trail)).number == 3
