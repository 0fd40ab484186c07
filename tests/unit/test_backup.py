"""mypage backup, restore: whole or not at all, and nothing that went on since is taken up again."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.support.people import ALICE
from tests.unit import parts
from tests.unit.conftest import Run
from tests.unit.letters import LETTER
from web.clock import DAY
from web.database.sqlite import locks
from web.features.issuance import flow
from web.mail.messages import Message
from web.security import challenges
from web.services import Work
from web.store import (
    address_changes,
    factor_resets,
    issuances,
    reset_links,
    reset_requests,
    second_steps,
    sessions,
    staff,
    staff_sessions,
)
from web.store.address_changes import AddressChange
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword
from web.store.staff import Role

pytestmark = pytest.mark.slow

GUIDE = Message(LETTER.to, "【軽自動車OSS】ご案内", "https://example.jp/INIT?key=2144BDD5")


@pytest.fixture
def file(tmp_path: Path, run: Run) -> Path:
    """Name the database of the commands, which the command fixture has made."""
    return tmp_path / "mypage.sqlite3"


def rows(file: Path, sql: str) -> list[dict[str, Any]]:
    """Look into a database."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


def fill(file: Path, now: int) -> None:
    """Have Alice logged in, a link and its mail under way, a request and a letter waiting."""

    async def work(tx: Work) -> None:
        hashes = dict.fromkeys(CredentialKind, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g")
        await flow.add(tx, ALICE.account, hashes)
        row = await tx.one("SELECT id FROM accounts")
        assert row is not None
        link = reset_links.Link(
            "link", row["id"], CredentialKind.PAYMENT, now, now + 60, None, None
        )
        await sessions.add(tx, "session", b"token", row["id"], user_agent="", network="")  # fmt: skip
        await staff.add(tx, "staff", "kanri", Role.ADMIN, "", FirstPassword.NO)
        await staff_sessions.add(tx, "desk", b"desk", "staff", network="")
        change = AddressChange("change", row["id"], b"sealed", "電話", "kanri", now, 1, now + DAY)
        await address_changes.add(tx, change)
        by = {"reason": "電話", "proposed_by": "kanri"}
        await factor_resets.add(tx, "release", row["id"], **by, expires_at=now + DAY)
        second_steps.add(tx, "step", b"step", row["id"], "login", b"", expires_at=now + 600)
        await reset_links.add(tx, link, b"key")
        await reset_requests.add(tx, "once", CredentialKind.BULK, b"typed")
        issuance = issuances.Issuance("issuance", b"typed", now, now + DAY, None, None, None)
        await issuances.add(tx, issuance, "once", b"address")
        await tx.mail(GUIDE, "reset_guide:link")
        await tx.mail(LETTER, "letter")

    async def write() -> None:
        async with parts.services(file.parent) as services:
            await services.write(work)

    asyncio.run(write())


def test_a_backup_is_whole_and_its_owners_alone(run: Run, file: Path, frozen: FrozenClock) -> None:
    """One file, 0600, that says what the database says; nothing is left beside it."""
    fill(file, frozen.at)
    copy = file.with_name("copy.sqlite3")
    outcome = run("backup", str(copy))
    assert (outcome.code, outcome.err) == (0, "")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in file.parent.glob("copy*")) == ["copy.sqlite3"]
    every = "SELECT * FROM accounts"
    assert rows(copy, every) == rows(file, every) != []


def test_a_backup_replaces_nothing(run: Run, file: Path) -> None:
    """Yesterday's copy is not lost to a mistyped name."""
    copy = file.with_name("copy.sqlite3")
    copy.write_text("yesterday", encoding="utf-8")
    assert run("backup", str(copy)).one_line == f"mypage: {copy}: exists, is not replaced"
    assert copy.read_text(encoding="utf-8") == "yesterday"
    assert list(file.parent.glob("*.part")) == []


def test_a_backup_that_cannot_be_written_is_one_line(run: Run, file: Path) -> None:
    """A folder that is not there is named."""
    assert str(file.parent / "none") in run("backup", str(file.parent / "none" / "copy")).one_line


def test_a_damaged_database_is_told_when_it_is_backed_up(run: Run, file: Path) -> None:
    """The copy is kept, being all there is, but the timer that made it fails."""
    damage(file)
    assert "damaged" in run("backup", str(file.with_name("copy"))).one_line


def damage(file: Path) -> None:
    """Break an index behind SQLite's back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "INSERT INTO failures VALUES ('id', x'00', 1, 1, 1), ('id', x'01', 1, 2, 2)"
        )
        connection.execute(
            "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema"
            " WHERE name = 'sessions_of_account') WHERE name = 'failures_by_age'"
        )


def test_what_went_on_since_is_not_taken_up_again(
    run: Run, file: Path, frozen: FrozenClock
) -> None:
    """Log-ins, links and requests end; a waiting mail is laid aside, readable for a retry."""
    fill(file, frozen.at)
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    frozen.advance(3600)
    outcome = run("restore", str(copy))
    assert outcome.code == 0, outcome.err
    assert [row["ended_at"] for row in rows(file, "SELECT * FROM sessions")] == [frozen.at]
    assert [row["ended_at"] for row in rows(file, "SELECT * FROM reset_links")] == [frozen.at]
    (request,) = rows(file, "SELECT * FROM reset_requests")
    assert (request["judged_at"], request["sealed"]) == (frozen.at, None)
    (issuance,) = rows(file, "SELECT * FROM issuances")
    assert (issuance["judged_at"], issuance["expires_at"]) == (frozen.at, frozen.at)
    mails = {row["once_key"]: row for row in rows(file, "SELECT * FROM outbox")}
    letter, guide = mails["letter"], mails["reset_guide:link"]
    assert (letter["dead_at"], letter["last_error"]) == (frozen.at, "restored")
    assert (letter["recipient"], letter["sealed"] is not None) == (LETTER.to, True)
    assert (guide["last_error"], guide["sealed"]) == ("link ended", None)  # of no use to anybody
    (spent,) = rows(file, "SELECT * FROM spent_challenges")  # all of those that were made before
    assert (spent["digest"], spent["expires_at"]) == (b"", frozen.at + challenges.LIFE)
    assert [row["event"] for row in rows(file, "SELECT * FROM audit")][-1] == "database.restored"


def test_nobody_stays_in_the_office_and_no_address_is_approved_twice(
    run: Run, file: Path, frozen: FrozenClock
) -> None:
    """A 担当者 shut out since is not let back in; a change decided since does not wait again."""
    fill(file, frozen.at)
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    frozen.advance(3600)
    outcome = run("restore", str(copy))
    assert "2 log-ins" in outcome.out
    assert "1 address changes" in outcome.out
    assert [row["ended_at"] for row in rows(file, "SELECT * FROM staff_sessions")] == [frozen.at]
    assert [row["decided_at"] for row in rows(file, "SELECT * FROM address_changes")] == [frozen.at]


def test_no_release_and_no_step_of_a_log_in_goes_on_after_a_restore(
    run: Run, file: Path, frozen: FrozenClock
) -> None:
    """The owner may have stopped the one, the code of the other may have been used since."""
    fill(file, frozen.at)
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    frozen.advance(60)
    assert "1 releases of factors" in run("restore", str(copy)).out
    (release,) = rows(file, "SELECT * FROM factor_resets")
    assert (release["ended_at"], release["ended"]) == (frozen.at, "restored")
    assert [row["used_at"] for row in rows(file, "SELECT * FROM second_steps")] == [frozen.at]


def test_the_former_database_is_kept(run: Run, file: Path, frozen: FrozenClock) -> None:
    """With what it held beyond the copy, its log included; the restored one is 0600 and sound."""
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    fill(file, frozen.at)
    outcome = run("restore", str(copy))
    (aside,) = file.parent.glob("mypage.sqlite3.before-*")
    assert str(aside) in outcome.out
    assert len(rows(aside, "SELECT * FROM accounts")) == 1
    assert rows(file, "SELECT * FROM accounts") == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.glob(".restore-*")) == []


def test_a_backup_of_a_key_that_is_gone_is_restored(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trail shows where that was; all else goes on."""
    copy = file.with_name("copy.sqlite3")
    run(
        "office",
        "create-user",
        "keiji",
        "--role",
        "clerk",
        "--password-stdin",
        typed="kaze-no-oto-ga-suru-1\n",
    )
    run("backup", str(copy))
    monkeypatch.setenv("MYPAGE_SECRET_KEY", "another secret that is long enough for it")
    restored = run("restore", str(copy))
    assert restored.code == 0, restored.err
    assert "database.restored" in {row["event"] for row in rows(file, "SELECT event FROM audit")}


def test_a_restore_makes_a_database_where_there_was_none(run: Run, file: Path) -> None:
    """On a new machine."""
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    for path in file.parent.glob("mypage.sqlite3*"):
        path.unlink()
    assert run("restore", str(copy)).code == 0
    assert run("accounts", "show", "KNCA6288").err == "Error: KNCA6288: no such account\n"


def test_a_restore_refuses_while_a_server_runs(run: Run, file: Path) -> None:
    """It would go on with a file that is no longer the database."""
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    before = file.read_bytes()
    with locks.hold(file, "serve"):
        assert "in use by another process" in run("restore", str(copy)).one_line
    assert file.read_bytes() == before


def test_a_damaged_backup_is_refused(run: Run, file: Path) -> None:
    """Before anything is changed."""
    copy = file.with_name("copy.sqlite3")
    run("backup", str(copy))
    damage(copy)
    before = file.read_bytes()
    assert "damaged, nothing was changed" in run("restore", str(copy)).one_line
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"a letter to a friend" * 99])
def test_what_is_no_backup_is_refused(run: Run, file: Path, content: bytes) -> None:
    """A wrong name costs one line to read."""
    other = file.with_name("other")
    other.write_bytes(content)
    assert str(other) in run("restore", str(other)).one_line
    assert str(file.with_name("none")) in run("restore", str(file.with_name("none"))).one_line
