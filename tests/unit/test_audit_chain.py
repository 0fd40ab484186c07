"""The audit trail: each row seals the one before, so that no byte changes unseen."""

import hmac
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import astuple, fields
from typing import Any

import pytest

from web import log
from web.database import DatabaseUnavailable, Tx
from web.database.sqlite.database import SQLite
from web.security import audit, audit_proof
from web.security.vault import Vault
from web.store.audit import Row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET = "a secret of the tests that is long enough"
VAULT = Vault((SECRET,))
TRAIL = audit.Trail(VAULT)
COLUMNS = [each.name for each in fields(Row)]


def broken_at(rows: Sequence[Row], vault: Vault) -> list[int]:
    """Recompute every mac from the row before; give the numbers of those that do not fit."""
    before, wrong = b"", []
    for expected, row in enumerate(rows, 1):
        mac = vault.sign("audit", before + audit.content(row))
        if row.seq != expected or not hmac.compare_digest(mac, row.mac):
            wrong.append(expected)
        before = row.mac
    return wrong


def trail(database: SQLite) -> list[Row]:
    """Read the whole trail."""
    with closing(sqlite3.connect(database.path)) as connection:
        columns = ", ".join(COLUMNS)
        rows = connection.execute(f"SELECT {columns} FROM audit ORDER BY seq")  # noqa: S608
        return [Row(*row) for row in rows]


async def record(database: SQLite, event: str, *, now: int, **facts: Any) -> None:
    """Record an event in a transaction of its own."""

    async def work(tx: Tx) -> None:
        tx.now = now
        await TRAIL.record(tx, event, **facts)

    await database.write(work)


@pytest.fixture
async def recorded(database: SQLite) -> list[Row]:
    """Record three events, one of them without an account."""
    log.request_id.set("0123456789abcdef0123456789abcdef")
    facts = {"account_id": "a" * 32, "items": "会社・団体名"}
    await record(database, "login.failed", **facts | {"account_id": None}, now=1_001, number=1)
    await record(database, "login.done", **facts, now=1_002, number=2)
    await record(database, "profile.changed", **facts, now=1_003, number=3)
    log.request_id.set("")
    return trail(database)


async def test_every_row_seals_the_one_before(recorded: list[Row]) -> None:
    """The chain fits from the first row to the last, counted from 1."""
    assert [row.seq for row in recorded] == [1, 2, 3]
    assert broken_at(recorded, VAULT) == []
    assert len({row.mac for row in recorded}) == 3
    assert all(len(row.mac) == 32 for row in recorded)


async def test_a_row_says_what_happened_when_to_whom_under_which_request(
    recorded: list[Row],
) -> None:
    """And which key sealed it."""
    assert astuple(recorded[1])[:-1] == (
        2,
        1_002,
        "login.done",
        "a" * 32,
        '{"items": "会社・団体名", "number": 2}',
        "0123456789abcdef0123456789abcdef",
        VAULT.key_id,
    )


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("seq", [1, 2, 3])
async def test_one_changed_byte_breaks_the_chain(
    database: SQLite, recorded: list[Row], column: str, seq: int
) -> None:
    """In any column of any row, changed behind the product's back."""
    changed = changed_a_little(getattr(recorded[seq - 1], column))
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute(f"UPDATE audit SET {column} = ? WHERE seq = ?", (changed, seq))  # noqa: S608
        connection.commit()
    assert broken_at(trail(database), VAULT) != []


def changed_a_little(value: Any) -> Any:
    """Change one byte, one digit or nothing into something."""
    if value is None:
        return "a"
    if isinstance(value, int):
        return value + 10
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    return chr(ord(value[0]) ^ 1) + value[1:]


@pytest.mark.parametrize("seq", [1, 2])
async def test_a_removed_row_breaks_the_chain(
    database: SQLite, recorded: list[Row], seq: int
) -> None:
    """Also when the numbers behind it are closed up."""
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("DELETE FROM audit WHERE seq = ?", (seq,))
        connection.execute("UPDATE audit SET seq = seq - 1 WHERE seq > ?", (seq,))
        connection.commit()
    assert len(recorded) == 3
    assert broken_at(trail(database), VAULT) != []


async def test_nobody_else_can_write_a_chain_that_fits(recorded: list[Row]) -> None:
    """The macs need the secret, not only the rows."""
    assert broken_at(recorded, Vault(("another secret that is long enough too",))) == [1, 2, 3]


async def test_two_columns_cannot_be_shifted_into_each_other(recorded: list[Row]) -> None:
    """A text moved from one column to the next makes another content."""
    row = recorded[0]
    parts = {each: getattr(row, each) for each in COLUMNS}
    moved = Row(
        **{
            **parts,
            "request_id": row.request_id[:-1],
            "key_id": row.request_id[-1] + row.key_id,
        }
    )
    assert audit.content(moved) != audit.content(row)


async def test_an_event_is_written_or_undone_with_what_caused_it(database: SQLite) -> None:
    """A transaction that fails leaves no row and no gap."""

    async def fail(tx: Tx) -> None:
        await TRAIL.record(tx, "profile.changed")
        raise LookupError

    with pytest.raises(LookupError):
        await database.write(fail)
    await record(database, "login.done", now=2)
    assert [(row.seq, row.event) for row in trail(database)] == [(1, "login.done")]
    assert broken_at(trail(database), VAULT) == []


async def test_two_processes_continue_one_trail(database: SQLite) -> None:
    """Each remembers the end that it wrote; when the other has written since, it is read again."""
    ours, theirs = audit.Trail(VAULT), audit.Trail(VAULT)
    for trail_of in (ours, theirs, theirs, ours, ours, theirs):
        await database.write(trail_of.record, "login.done")
    rows = trail(database)
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5, 6]
    assert broken_at(rows, VAULT) == []


async def test_a_process_without_the_newest_key_writes_no_event(database: SQLite) -> None:
    """Behind an end that it cannot prove, its row would break the trail for all."""
    newer = Vault(("a newer secret of the tests that is long enough", SECRET))
    ours, theirs = audit.Trail(VAULT), audit.Trail(newer)
    await database.write(ours.record, "login.done")
    await database.write(theirs.record, "login.done")
    with pytest.raises(DatabaseUnavailable, match=r"MYPAGE_SECRET_KEY: .* which is not held here"):
        await database.write(ours.record, "login.done")
    assert await database.read_one(ours.missing_key) == newer.key_id
    await database.write(theirs.record, "logout.done")
    async with database.read() as reads:
        assert (await audit_proof.verify(reads, newer)).number == 3


async def test_a_new_key_begins_with_its_server_though_nothing_happens(database: SQLite) -> None:
    """After three quiet days the old one is taken away."""
    both = Vault(("a newer secret of the tests that is long enough", SECRET))
    newer = Vault(("a newer secret of the tests that is long enough",))
    await database.write(audit.Trail(VAULT).record, "login.done")
    await database.write(audit.Trail(both).begin)
    assert await database.read_one(audit.Trail(newer).missing_key) == ""
    await database.write(audit.Trail(newer).record, "login.done")
    async with database.read() as reads:
        assert (await audit_proof.verify(reads, both)).number == 2


async def test_a_forged_end_is_not_sealed_under_a_new_key(database: SQLite) -> None:
    """It would look genuine."""
    both = Vault(("a newer secret of the tests that is long enough", SECRET))
    await database.write(audit.Trail(VAULT).record, "login.done")
    await database.write(Tx.run, "UPDATE audit_marks SET seal = zeroblob(32)")
    await database.write(audit.Trail(both).begin)
    async with database.read() as reads:
        with pytest.raises(audit_proof.Broken, match="the mark of the end"):
            await audit_proof.verify(reads, both)


async def test_a_key_that_was_given_up_and_comes_back_is_missing_again(database: SQLite) -> None:
    """One end was given up, not whatever is sealed with its key."""
    old = Vault(("an older secret of the tests that is long enough",))
    back = Vault(("an older secret of the tests that is long enough", SECRET))
    ours, theirs = audit.Trail(VAULT), audit.Trail(back)
    await database.write(audit.Trail(old).record, "login.done")
    await database.write(ours.begin)
    await database.write(ours.record, "login.done")
    await database.write(theirs.record, "login.done")
    with pytest.raises(DatabaseUnavailable, match=r"MYPAGE_SECRET_KEY: .* which is not held here"):
        await database.write(ours.record, "login.done")


async def test_a_command_begins_no_new_key(database: SQLite) -> None:
    """A server that was not started again with both keys goes on behind it."""
    newer = Vault(("a newer secret of the tests that is long enough", SECRET))
    serving, command = audit.Trail(VAULT), audit.Trail(newer)
    await database.write(serving.record, "login.done")
    await database.write(command.keep_key)
    await database.write(command.record, "account.created")
    await database.write(serving.record, "login.done")
    async with database.read() as reads:
        assert (await audit_proof.verify(reads, VAULT)).number == 3


async def test_an_event_that_was_rolled_back_is_not_continued(database: SQLite) -> None:
    """What the process remembers of it is forgotten."""

    async def fail(tx: Tx) -> None:
        await TRAIL.record(tx, "login.failed")
        raise LookupError

    await database.write(TRAIL.record, "login.done")
    with pytest.raises(LookupError):
        await database.write(fail)
    await database.write(TRAIL.record, "logout.done")
    rows = trail(database)
    assert [(row.seq, row.event) for row in rows] == [(1, "login.done"), (2, "logout.done")]
    assert broken_at(rows, VAULT) == []
