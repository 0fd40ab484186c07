"""mypage audit verify, mypage audit list."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FrozenClock
from tests.unit import parts
from tests.unit.conftest import Outcome
from web import background
from web.clock import DAY
from web.office import looks
from web.security.vault import Vault
from web.services import Services
from web.store import accounts as account_rows

pytestmark = pytest.mark.slow

Run = Callable[..., Outcome]
OLD = "an older secret of the tests that is long enough"
PEOPLE = {"KNCA0001": "KICA0001", "KNCA0002": "KICA0002"}
PASSWORDS = "midori-no-kaze-0001\nmori-no-kaori-0001\n"


@pytest.fixture
def accounts(run: Run) -> list[str]:
    """Make two accounts by the command: two events."""
    for payment_id, bulk_id in PEOPLE.items():
        create(run, payment_id, bulk_id)
    return list(PEOPLE)


def create(run: Run, payment_id: str, bulk_id: str) -> None:
    """Make an account: one event."""
    made = run(
        "accounts", "create", "--payment-id", payment_id, "--bulk-id", bulk_id,
        "--kind", "individual", "--name", "軽自　花子", "--kana", "ケイジ　ハナコ",
        "--email", "a@example.jp", "--passwords-stdin", typed=PASSWORDS,
    )  # fmt: skip
    assert made.code == 0, made.err


def meddle(folder: Path, sql: str) -> None:
    """Change the file behind the product's back."""
    with closing(sqlite3.connect(folder / "mypage.sqlite3")) as connection:
        connection.execute(sql)
        connection.commit()


def listed(run: Run, *arguments: str) -> list[dict[str, Any]]:
    """List as JSON."""
    done = run("audit", "list", "--json", *arguments)
    assert done.code == 0, done.err
    rows: list[dict[str, Any]] = json.loads(done.out)
    return rows


def test_an_empty_trail_is_in_order(run: Run) -> None:
    """Nothing has happened, and the command says so."""
    assert run("audit", "verify").out.startswith("ok: 0 rows")
    assert listed(run) == []
    assert run("audit", "list").out == ""


def test_verify_says_how_many_rows_fit_and_where_they_end(run: Run, accounts: list[str]) -> None:
    """One line, exit code 0; the end it prints is taken by --noted."""
    done = run("audit", "verify")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("ok: 2 rows, end 2:")
    end = done.out.split()[-1]
    assert run("audit", "verify", "--noted", end).code == 0


def test_verify_names_the_first_row_that_does_not_fit(
    run: Run, accounts: list[str], tmp_path: Path
) -> None:
    """One line on standard error, exit code 1."""
    meddle(tmp_path, "UPDATE audit SET at = at + 1 WHERE seq = 2")
    done = run("audit", "verify")
    assert done.code == 1
    assert done.one_line == "Error: row 2: changed, or not written by us"


def test_an_empty_trail_does_not_verify_where_there_are_accounts(
    run: Run, accounts: list[str], tmp_path: Path
) -> None:
    """Every row and both marks deleted: what they were about is still there."""
    meddle(tmp_path, "DELETE FROM audit")
    meddle(tmp_path, "DELETE FROM audit_marks")
    for command in (("audit", "verify"), ("check",)):
        assert run(*command).code == 1, command
    assert "accounts: a row of " in run("audit", "verify").one_line
    assert "WRONG  audit trail" in run("check").out


def cut(folder: Path) -> None:
    """Delete what lies behind the first row, and put the mark of that moment back."""
    meddle(folder, "DELETE FROM audit WHERE seq > 1")
    meddle(folder, "DELETE FROM audit_marks WHERE mark = 'head'")
    meddle(folder, "INSERT INTO audit_marks SELECT * FROM kept")


@pytest.mark.parametrize("goes_on", [False, True])
def test_an_older_mark_put_back_does_not_hide_a_cut(
    run: Run, frozen: FrozenClock, tmp_path: Path, *, goes_on: bool
) -> None:
    """It fits its seal; what was done meanwhile tells, also when events are written after the cut."""
    create(run, "KNCA0001", "KICA0001")
    meddle(tmp_path, "CREATE TABLE kept AS SELECT * FROM audit_marks")
    frozen.advance(60)
    create(run, "KNCA0002", "KICA0002")
    cut(tmp_path)
    frozen.advance(60)
    if goes_on:
        create(run, "KNCA0003", "KICA0003")
    done = run("audit", "verify")
    assert (done.code, "events were cut off" in done.one_line) == (1, True)
    assert "WRONG  audit trail" in run("check").out


def test_what_age_removed_is_not_missed(run: Run, frozen: FrozenClock, tmp_path: Path) -> None:
    """Accounts outlive their events."""
    create(run, "KNCA0001", "KICA0001")
    frozen.advance(8 * 366 * DAY)

    async def upkeep() -> None:
        async with parts.services(tmp_path) as services:
            await background.upkeep(services)

    asyncio.run(upkeep())
    assert [row["event"] for row in listed(run)] == ["audit.trimmed"]
    assert run("audit", "verify").code == 0
    assert run("check").code == 0


def test_a_noted_end_shows_what_nothing_else_does(
    run: Run, accounts: list[str], tmp_path: Path
) -> None:
    """All that tells of a cut taken away with it: the end that was noted elsewhere is missed."""
    end = run("audit", "verify").out.split()[-1]
    for sql in (
        "DELETE FROM audit", "DELETE FROM audit_marks",
        "DELETE FROM credentials", "DELETE FROM accounts",
    ):  # fmt: skip
        meddle(tmp_path, sql)
    assert run("audit", "verify").code == 0
    done = run("audit", "verify", "--noted", end)
    assert (done.code, end in done.one_line) == (1, True)


def line(end: str) -> str:
    """Write what the server logs every hour."""
    return json.dumps({"at": "2026-11-28T00:00:00+00:00", "event": "audit.end", "end": end})


def test_every_end_that_a_log_noted_is_looked_for(
    run: Run, accounts: list[str], tmp_path: Path
) -> None:
    """Among other lines and behind a journal's own words; an end that is gone is named."""
    end = run("audit", "verify").out.split()[-1]
    log = tmp_path / "log"
    log.write_text(
        f'{{"event": "request"}}\nnoise {{\nNov 28 host mypage[1]: {line(end)}\n', "utf-8"
    )
    done = run("audit", "verify", "--log", str(log))
    assert (done.code, ", 1 noted ends found, end 2:" in done.out) == (0, True)
    gone = "2:0123456789abcdef"
    log.write_text(f"{line(gone)}\n{line(end)}\n", "utf-8")
    done = run("audit", "verify", "--log", str(log))
    assert (done.code, gone in done.one_line) == (1, True)


def test_a_log_without_an_end_is_an_error(run: Run, accounts: list[str], tmp_path: Path) -> None:
    """Or a wrong file would count as a proof."""
    (tmp_path / "log").write_text('{"event": "request"}\n', "utf-8")
    done = run("audit", "verify", "--log", str(tmp_path / "log"))
    assert (done.code, "no line of audit.end" in done.one_line) == (1, True)


@pytest.mark.parametrize("given", ["2", "2:xyz", ":0123456789abcdef", "two:0123456789abcdef"])
def test_what_is_no_end_is_refused(run: Run, given: str) -> None:
    """With an example of one."""
    done = run("audit", "verify", "--noted", given)
    assert done.code == 2
    assert "1234:0123456789abcdef" in done.err


def test_verify_takes_the_keys_of_before(
    run: Run, accounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rotated: with both keys all fits, with the new one alone the key that lacks is named."""
    monkeypatch.setenv("MYPAGE_SECRET_KEY", f"{OLD},{parts.SECRET}")
    assert run("audit", "verify").code == 0
    monkeypatch.setenv("MYPAGE_SECRET_KEY", OLD)
    assert Vault((parts.SECRET,)).key_id in run("audit", "verify").one_line


def test_events_are_listed_oldest_first(run: Run, accounts: list[str]) -> None:
    """With the 納付利用者ID that the support desk knows them by."""
    rows = listed(run)
    assert [(row["seq"], row["event"], row["account"]) for row in rows] == [
        (1, "account.created", "KNCA0001"),
        (2, "account.created", "KNCA0002"),
    ]
    assert all(row["at"].endswith("+00:00") for row in rows)
    lines = run("audit", "list").out.splitlines()
    assert len(lines) == 2
    assert [lines[0].split()[at] for at in (0, 2, 3)] == ["1", "account.created", "KNCA0001"]


def test_events_are_chosen_by_account_event_and_moment(run: Run, accounts: list[str]) -> None:
    """Alone and together; an ID is taken in any case."""
    assert [row["seq"] for row in listed(run, "--account", "knca0002")] == [2]
    assert len(listed(run, "--event", "account.created")) == 2
    assert listed(run, "--event", "login.done") == []
    assert len(listed(run, "--since", "2020-01-01")) == 2
    assert listed(run, "--since", "2999-01-01T09:00") == []
    assert listed(run, "--account", "KNCA0001", "--event", "login.done") == []


def test_events_outlive_their_account(run: Run, accounts: list[str], tmp_path: Path) -> None:
    """Then they are asked for, and named, by the id that the account had."""
    meddle(tmp_path, "UPDATE audit SET account_id = '0123456789abcdef0123456789abcdef'")
    rows = listed(run, "--account", "0123456789abcdef0123456789abcdef")
    assert [row["account"] for row in rows] == ["0123456789abcdef0123456789abcdef"] * 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--account", "KNCA9999"), 1, "KNCA9999: no such account"),
        (("--event", "login.dnoe"), 2, "login.done"),
        (("--since", "yesterday"), 2, "ISO 8601"),
    ],
)
def test_what_nobody_can_mean_is_an_error(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """A slip of the keys must not look like an empty trail."""
    done = run("audit", "list", *arguments)
    assert done.code == code
    assert words in done.err


def test_a_long_trail_is_listed_in_batches(
    run: Run, accounts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row at a time gives the same list."""
    whole = listed(run)
    # by its name in sys.modules: `web.cli.audit` is the command itself
    monkeypatch.setattr(sys.modules["web.cli.audit"], "BATCH", 1)
    assert listed(run) == whole


def test_who_has_seen_an_account_is_one_command(
    run: Run, accounts: list[str], tmp_path: Path
) -> None:
    """Since a day; when, who and on which screen, as a table and as JSON."""

    async def look() -> None:
        async with parts.services(tmp_path) as services:
            for account_id, who in (
                (await id_of(services, "KNCA0001"), "kanri"),
                (await id_of(services, "KNCA0002"), "madoguchi"),
            ):
                await services.write(looks.record, account_id, who, 0, looks.Page.ACCOUNT)

    asyncio.run(look())
    done = run("audit", "seen", "knca0001", "--since", "2020-05-01", "--json")
    [seen] = json.loads(done.out)
    assert (seen["who"], seen["page"], seen["at"][:2]) == ("kanri", "account", "20")
    assert "kanri" in run("audit", "seen", "KNCA0001").out
    assert json.loads(run("audit", "seen", "KNCA0001", "--since", "2999-01-01", "--json").out) == []
    assert run("audit", "seen", "KNCA9999").one_line == "Error: KNCA9999: no such account"


async def id_of(services: Services, payment_id: str) -> str:
    """Give the id of an account."""
    async with services.read() as reads:
        account = await account_rows.find_by_payment_id(reads, payment_id)
    assert account
    return account.id
