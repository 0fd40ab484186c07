"""mypage payments import: all rows or none, a bad row is named by its line, the server may run."""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.unit import accounts_file
from tests.unit.accounts_file import stored
from tests.unit.conftest import Run
from web import clock
from web.cli.payments import COLUMNS, import_all
from web.database.sqlite import locks

pytestmark = pytest.mark.slow

MANY = 2_500  # more than two of the batches in which rows are put
Row = dict[str, str]
DEFECTS = {
    "nobody's ID": {"payment_user_id": "KNCA999999"},
    "no number": {"number": ""},
    "formula for a number": {"number": "=1+1"},
    "number too long": {"number": "1" * 41},
    "no kind": {"kind": "tax"},
    "items below nothing": {"items": "-1"},
    "amount with a comma": {"amount": "1,200"},
    "amount too large": {"amount": "1" * 14},
    "full-width amount": {"amount": "１２００"},
    "no application": {"application_number": ""},
    "no such state": {"state": "納付済"},
    "no moment": {"created_at": "yesterday"},
    "a moment that no screen can show": {"created_at": "9999-12-31T23:00:00+00:00"},
    "a moment before all": {"created_at": "0001-01-01T00:00:00"},
    "paid, but no day": {"paid_on": ""},
    "no such day": {"paid_on": "2026-02-30"},
    "a day, but not paid": {"state": "unpaid"},
}
NAMES = {"a day, but not paid": "paid_on"}


def row(number: int, /, **changed: str) -> Row:
    """Make a good row, or one with something changed."""
    return {
        "payment_user_id": "KNCA000001",
        "number": f"M{number:08d}",
        "created_at": "2026-01-05T09:30:00+09:00",
        "kind": "national",
        "items": "2",
        "amount": "13200",
        "application_number": f"A{number:08d}",
        "state": "paid",
        "paid_on": "2026-01-06",
        **changed,
    }


def rows(count: int) -> Iterator[Row]:
    """Make good rows."""
    return (row(number) for number in range(1, count + 1))


def write(path: Path, content: Iterable[Row]) -> Path:
    """Write a file with a header."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(content)
    return path


def count(folder: Path) -> int:
    """Count the payments."""
    return int(stored(folder, "SELECT COUNT(*) FROM payments")[0][0])


@pytest.fixture
def file(run: Run, tmp_path: Path) -> Path:
    """Bring in two accounts; name the file for payments."""
    accounts = accounts_file.write(tmp_path / "accounts.csv", accounts_file.rows(2))
    assert run("accounts", "import", str(accounts)).code == 0
    return tmp_path / "payments.csv"


def test_every_row_becomes_a_payment_of_its_account(run: Run, tmp_path: Path, file: Path) -> None:
    """In batches, with one line in the audit trail; an hour without an offset is Japanese."""
    other = row(0, payment_user_id="ｋｎｃａ000002", created_at="2026-01-05T00:00")
    outcome = run("payments", "import", str(write(file, [*rows(MANY), other])))
    assert (outcome.code, outcome.out) == (0, f"{MANY + 1} payments imported\n")
    assert stored(
        tmp_path,
        "SELECT payment_user_id, payments.kind, items, amount, state, paid_on, payments.created_at,"
        " COUNT(*) FROM payments JOIN accounts ON accounts.id = account_id GROUP BY 1 ORDER BY 1",
    ) == [
        ("KNCA000001", "national", 2, 13200, "paid", "2026-01-06",
         clock.parse_iso("2026-01-05T00:30:00+00:00"), MANY),
        ("KNCA000002", "national", 2, 13200, "paid", "2026-01-06",
         clock.parse_iso("2026-01-04T15:00:00+00:00"), 1),
    ]  # fmt: skip
    assert stored(tmp_path, "SELECT event, detail FROM audit ORDER BY seq")[1:] == [
        ("payments.imported", f'{{"number": {MANY + 1}}}')
    ]


def test_a_payment_that_came_before_gets_its_newest_state(
    run: Run, tmp_path: Path, file: Path
) -> None:
    """The same number, 納付区分 and 申請番号 of the same account is the same payment."""
    assert (
        run("payments", "import", str(write(file, [row(1, state="unpaid", paid_on="")]))).code == 0
    )
    assert run("payments", "import", str(write(file, [row(1), row(1, kind="local")]))).code == 0
    assert stored(tmp_path, "SELECT kind, state, paid_on FROM payments ORDER BY kind") == [
        ("local", "paid", "2026-01-06"),
        ("national", "paid", "2026-01-06"),
    ]


@pytest.mark.parametrize("what", DEFECTS)
def test_a_defect_is_named_with_its_line_and_column(
    run: Run, tmp_path: Path, file: Path, what: str
) -> None:
    """The fourth row stands in line 5; nothing of the file stays."""
    content = [*rows(3), row(4, **DEFECTS[what]), row(5)]
    line = run("payments", "import", str(write(file, content))).one_line
    column = NAMES.get(what, next(iter(DEFECTS[what])))
    assert line.startswith(f"Error: {file}: line 5: {column}: ")
    assert line.endswith("; nothing was imported")
    assert count(tmp_path) == 0


@pytest.mark.parametrize("number", [1, 1_000, 1_001, MANY])
def test_an_unknown_id_anywhere_imports_nothing(
    run: Run, tmp_path: Path, file: Path, number: int
) -> None:
    """Only the database knows it, so it comes out late: at the seam of two batches too."""
    content = list(rows(MANY))
    content[number - 1]["payment_user_id"] = "KNCA999999"
    line = run("payments", "import", str(write(file, content))).one_line
    assert f": line {number + 1}: payment_user_id: " in line
    assert count(tmp_path) == 0


def test_a_missing_column_is_named(run: Run, file: Path) -> None:
    """Line 1 is the header."""
    file.write_text("number,kind\n1,national\n", encoding="utf-8")
    assert ": line 1: columns missing: payment_user_id, created_at" in (
        run("payments", "import", str(file)).one_line
    )


def test_a_small_file_goes_in_while_a_server_runs(run: Run, tmp_path: Path, file: Path) -> None:
    """Payments come every day; nobody stops the service for them."""
    with locks.hold(tmp_path / "mypage.sqlite3", "serve"):
        assert run("payments", "import", str(write(file, rows(3)))).code == 0
    assert count(tmp_path) == 3


def test_a_large_file_waits_until_the_server_is_stopped(
    run: Run, tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would keep everybody else's writes waiting; the line says how to go on."""
    # by its name: the command of the same name hides the module in its package
    monkeypatch.setattr(sys.modules[import_all.__module__], "MOST_WHILE_SERVING", 2)
    write(file, rows(3))
    with locks.hold(tmp_path / "mypage.sqlite3", "serve"):
        line = run("payments", "import", str(file)).one_line
    assert line.endswith(
        "in use by another process (serve); 3 rows: stop the server, or import 2 at a time"
    )
    assert count(tmp_path) == 0
    assert run("payments", "import", str(file)).code == 0
    assert count(tmp_path) == 3
