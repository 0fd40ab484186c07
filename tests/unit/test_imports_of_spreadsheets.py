"""Files of spreadsheets and old programs: empty rows and Ctrl-Z are no rows; all bad rows are named at once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import accounts_file, test_payments_import
from tests.unit.accounts_file import COLUMNS, count, row, stored, write
from tests.unit.conftest import Run
from web.cli import import_file
from web.cli.csv_rows import MOST_NAMED, Bad, BadRow, rows

pytestmark = pytest.mark.slow

MANY = 2_300  # more than two batches
EMPTY = b"," * (len(COLUMNS) - 1)
ENDS = {
    "commas": EMPTY + b"\r\n",
    "commas, more than columns": EMPTY + b",,,\r\n",
    "commas with blanks": EMPTY.replace(b",", b" , ") + b"\r\n",
    "quotes": EMPTY.replace(b",", b'"",') + b'""\r\n',
    "many": (EMPTY + b"\r\n") * 500,
    "commas without a line's end": EMPTY,
    "Ctrl-Z": b"\x1a",
    "Ctrl-Z to the end of a block": b"\x1a" * 100,
    "both": EMPTY + b"\r\n\x1a",
    "Ctrl-Z on lines of its own": b"\x1a\r\n\x1a\r\n",
    "Ctrl-Z behind commas": EMPTY + b"\x1a",
    "a BOM of another file": b"\xef\xbb\xbf\r\n",
    "what nobody sees": "\u200b".encode() + EMPTY + b"\r\n",
    "NUL to the end of a block": b"\0" * 100,
    "blank lines": b"\r\n  \r\n\r\n",
}


@pytest.mark.parametrize("end", ENDS)
def test_what_a_spreadsheet_leaves_behind_is_no_row(run: Run, tmp_path: Path, end: str) -> None:
    """At the end of a file, and empty rows in the middle too."""
    file = write(tmp_path / "accounts.csv", accounts_file.rows(3))
    head, first, *rest = file.read_bytes().splitlines(keepends=True)
    middle = EMPTY + b"\r\n"
    file.write_bytes(b"".join([head, first, middle, *rest, ENDS[end]]))
    assert run("accounts", "import", str(file)).out == "3 accounts imported\n"


def test_a_last_row_may_end_in_ctrl_z(run: Run, tmp_path: Path) -> None:
    """Right behind its last character."""
    file = write(tmp_path / "accounts.csv", accounts_file.rows(2))
    file.write_bytes(file.read_bytes().rstrip(b"\r\n") + b"\x1a")
    assert run("accounts", "import", str(file)).out == "2 accounts imported\n"
    assert stored(tmp_path, "SELECT COUNT(*) FROM accounts")[0][0] == 2


@pytest.fixture(params=[2_000_000, 0], ids=["small", "large"])
def beside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the rows judged in the same process, or in another one as those of a large file are."""
    monkeypatch.setattr(import_file, "WORTH_A_PROCESS", request.param)


@pytest.mark.usefixtures("beside")
def test_every_bad_row_is_named_at_once(run: Run, tmp_path: Path) -> None:
    """Whatever is wrong with each, wherever it stands; nothing is imported."""
    content = [row(each) for each in range(1, MANY + 1)]
    content[4]["kind"] = "company"
    content[1_200]["admin_email"] = "nobody"
    content[1_201]["payment_user_id"] = content[7]["payment_user_id"]  # taken by line 9
    content[1_201]["bulk_user_id"] = content[7]["bulk_user_id"]
    content[2_100]["password_changed_at"] = "yesterday"
    file = write(tmp_path / "accounts.csv", content)
    with file.open("a", encoding="utf-8") as target:
        target.write("too,few\n")
    line = run("accounts", "import", str(file)).one_line
    named = line.removeprefix(f"Error: {file}: ").split("; ")
    assert [each.split(": ")[:2] for each in named] == [
        ["line 6", "kind"],
        ["line 1202", "admin_email"],
        ["line 1203", "bulk_user_id"],
        ["line 2102", "password_changed_at"],
        [f"line {MANY + 2}", f"{len(COLUMNS)} columns needed (5 rows cannot be used)"],
        ["nothing was imported"],
    ]
    assert (count(tmp_path), stored(tmp_path, "SELECT * FROM audit")) == (0, [])


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("column", ["kind", "payment_user_id"])
def test_no_more_than_a_hundred_are_named(run: Run, tmp_path: Path, column: str) -> None:
    """By the reader or by the database: the first hundred, and that there may be more."""
    content = [row(each) for each in range(1, MANY + 1)]
    for each in content[10:]:
        each[column] = "company" if column == "kind" else content[0][column]
        each["bulk_user_id"] = (
            content[0]["bulk_user_id"] if column != "kind" else each["bulk_user_id"]
        )
    line = run("accounts", "import", str(write(tmp_path / "accounts.csv", content))).one_line
    assert line.count(": line ") + line.count("; line ") == MOST_NAMED
    assert ": line 12: " in line
    assert line.endswith("(the first 100 rows that cannot be used); nothing was imported")
    assert count(tmp_path) == 0


def test_payments_name_every_bad_row_too(run: Run, tmp_path: Path) -> None:
    """Of unknown accounts and of wrong amounts."""
    file = write(tmp_path / "accounts.csv", accounts_file.rows(1))
    assert run("accounts", "import", str(file)).code == 0
    make: Callable[..., dict[str, str]] = test_payments_import.row
    content = [make(each) for each in range(1, 1_500)]
    content[3]["payment_user_id"] = content[1_300]["payment_user_id"] = "KNCA999999"
    said = run("payments", "import", str(test_payments_import.write(tmp_path / "p.csv", content)))
    assert "line 5: payment_user_id: no such account; line 1302: payment_user_id" in said.err
    content[3]["amount"] = content[5]["state"] = "?"
    said = run("payments", "import", str(test_payments_import.write(tmp_path / "p.csv", content)))
    assert "line 5: amount" in said.err
    assert "line 7: state" in said.err
    assert stored(tmp_path, "SELECT COUNT(*) FROM payments")[0][0] == 0


CELLS = st.text(st.sampled_from("ab あ1"), min_size=1, max_size=4).filter(str.strip)


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=8),
    st.lists(st.sampled_from([",", ",,,", "", " , "]), max_size=8),
)
def test_empty_rows_anywhere_change_nothing(good: list[tuple[str, str]], empty: list[str]) -> None:
    """The same rows come out with and without them."""
    lines = [f"{first},{second}" for first, second in good]
    mixed = [line for pair in zip(lines, empty, strict=False) for line in pair]
    mixed += lines[len(empty) :] + empty[len(lines) :]
    read: list[list[dict[str, str]]] = []
    for content in (lines, mixed):
        text = "\r\n".join(["x,y", *content]) + "\r\n\x1a"
        bad = Bad()
        found = list(rows(text.encode().splitlines(keepends=True), ("x", "y"), dict, bad))
        bad.check()
        read.append([{name: row[name] for name in ("x", "y")} for row in found])
    assert read[0] == read[1] == [{"x": first, "y": second} for first, second in good]


@given(st.lists(st.booleans(), max_size=150))
def test_each_bad_row_is_named_by_its_line(good: list[bool]) -> None:
    """Up to a hundred, in order."""
    text = ["x\n", *("1\n" if each else "?\n" for each in good)]
    bad, expected = Bad(), [number for number, each in enumerate(good, start=2) if not each]
    try:
        list(
            rows(
                [line.encode() for line in text], ("x",), lambda given: {"x": int(given["x"])}, bad
            )
        )
        bad.check()
    except BadRow as wrong:
        named = [int(line.split(":")[0].removeprefix("line ")) for line in str(wrong).split("; ")]
        assert named == expected[:MOST_NAMED]
    else:
        assert not expected


def changed(file: Path, how: Callable[[bytes], bytes]) -> Path:
    """Save a good file in another way."""
    write(file, accounts_file.rows(2))
    file.write_bytes(how(file.read_bytes()))
    return file


SAVED_OTHERWISE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "semicolons": (lambda it: it.replace(b",", b";"), "line 1: the columns are separated by “;”; a comma is needed"),
    "tabs": (lambda it: it.replace(b",", b"\t"), "line 1: the columns are separated by a tab; a comma is needed"),
    "UTF-16": (lambda it: it.decode().encode("utf-16"), "line 1: not UTF-8 (invalid start byte): save the file as “CSV UTF-8”"),
    "Shift_JIS": (lambda it: it.decode().encode("cp932"), "line 2: not UTF-8 (invalid start byte): save the file as “CSV UTF-8”"),
    "carriage returns": (lambda it: it.replace(b"\r\n", b"\r"), "line 1: new-line character seen in unquoted field"),
    "a column twice": (lambda it: it.replace(b"\r\n", b",kind\r\n", 1), "line 1: columns that are there twice: kind"),
    "nothing": (lambda _: b"", f"line 1: columns missing: {', '.join(COLUMNS)}"),
}  # fmt: skip


@pytest.mark.parametrize("saved", SAVED_OTHERWISE)
def test_a_file_that_was_saved_otherwise_is_refused_in_words(
    run: Run, tmp_path: Path, saved: str
) -> None:
    """The line says what is wrong with the file, not that every column is missing."""
    how, words = SAVED_OTHERWISE[saved]
    file = changed(tmp_path / "accounts.csv", how)
    line = run("accounts", "import", str(file)).one_line
    assert line == f"Error: {file}: {words}; nothing was imported"
    assert count(tmp_path) == 0


def test_a_file_with_nul_is_refused_by_its_line(run: Run, tmp_path: Path) -> None:
    """PostgreSQL could not hold it."""
    file = changed(tmp_path / "accounts.csv", lambda it: it.replace(b"@", b"\0@", 1))
    assert run("accounts", "import", str(file)).one_line.startswith(f"Error: {file}: line 2: ")
    assert count(tmp_path) == 0


@pytest.mark.parametrize(
    "how",
    [
        lambda it: b"\xef\xbb\xbf" + it,
        lambda it: it.replace(b"\r\n", b"\n"),
        lambda it: it.rstrip(b"\r\n"),
    ],
    ids=["BOM", "line feeds", "no end"],
)
def test_a_file_that_was_saved_as_programs_do_is_read(
    run: Run, tmp_path: Path, how: Callable[[bytes], bytes]
) -> None:
    """With a BOM, with the line ends of another system, without the last one."""
    file = changed(tmp_path / "accounts.csv", how)
    assert run("accounts", "import", str(file)).out == "2 accounts imported\n"
