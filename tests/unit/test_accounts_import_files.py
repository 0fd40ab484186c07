"""mypage accounts import: files that are wrong as a whole, IDs that come twice, and size."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit import parts
from tests.unit.accounts_file import COLUMNS, count, row, rows, write
from tests.unit.conftest import Run
from web.database.sqlite import schema

pytestmark = pytest.mark.slow

FEW, MANY = 10_000, 100_000
MOST_MORE_MEMORY = 30 * 1024  # KiB
# getrusage would count the memory of this test's own process, from which the child was forked.
CHILD = """
import sys
from pathlib import Path
from web.cli import main
code = main()
print(next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM:")), end="")
sys.exit(code)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name the file."""
    return tmp_path / "accounts.csv"


@pytest.mark.parametrize("column", ["payment_user_id", "notice_email", "password_changed_at"])
def test_a_missing_column_is_named(run: Run, tmp_path: Path, file: Path, column: str) -> None:
    """The header stands in line 1."""
    write(file, rows(2))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(column, "something_else", 1), encoding="utf-8")
    line = run("accounts", "import", str(file)).one_line
    assert line.startswith(f"Error: {file}: line 1: columns missing: {column};")
    assert count(tmp_path) == 0


@pytest.mark.parametrize("content", ["", "\n", "\ufeff", "a,b,c\n1,2,3\n"])
def test_a_file_that_is_no_such_csv_is_refused(run: Run, file: Path, content: str) -> None:
    """Empty, or of something else: the header is missing."""
    file.write_text(content, encoding="utf-8")
    line = run("accounts", "import", str(file)).one_line
    assert "line 1: columns missing: payment_user_id, bulk_user_id" in line


@pytest.mark.parametrize("end", [",too much", None])
def test_a_row_with_another_number_of_columns_is_named(
    run: Run, tmp_path: Path, file: Path, end: str | None
) -> None:
    """One too many, or cut off in the middle."""
    write(file, rows(3))
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[2] = lines[2] + end if end else lines[2].rpartition(",")[0]
    file.write_text("\n".join(lines), encoding="utf-8")
    line = run("accounts", "import", str(file)).one_line
    assert line.startswith(f"Error: {file}: line 3: {len(COLUMNS)} columns needed;")
    assert count(tmp_path) == 0


def test_a_quotation_mark_that_never_ends_is_refused(run: Run, tmp_path: Path, file: Path) -> None:
    """Else the rest of the file would be one name."""
    write(file, rows(3))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("KNCA000002", '"KNCA000002'), encoding="utf-8")
    line = run("accounts", "import", str(file)).one_line
    assert line.startswith(f"Error: {file}: line ")
    assert count(tmp_path) == 0


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_a_file_in_another_encoding_is_refused(
    run: Run, tmp_path: Path, file: Path, encoding: str
) -> None:
    """As older spreadsheets write it; the line says what is needed."""
    write(file, rows(3), encoding=encoding)
    assert "not UTF-8" in run("accounts", "import", str(file)).one_line
    assert count(tmp_path) == 0


def test_a_broken_byte_is_named_by_its_line(run: Run, tmp_path: Path, file: Path) -> None:
    """A bad row is named by its line number, also deep in a file."""
    write(file, rows(500))
    lines = file.read_bytes().splitlines(keepends=True)
    lines[299] = lines[299].replace("軽自　太郎".encode(), "軽自　太郎".encode("cp932"))
    file.write_bytes(b"".join(lines))
    line = run("accounts", "import", str(file)).one_line
    assert "not UTF-8" in line
    assert f"{file}: line 300: " in line
    assert count(tmp_path) == 0


@pytest.mark.parametrize("first", [1, 999, 1_000, 1_500])
@pytest.mark.parametrize("last", [1_001, 2_001])
def test_an_id_that_comes_twice_is_named_where_it_comes_again(
    run: Run, tmp_path: Path, file: Path, first: int, last: int
) -> None:
    """In the same batch or another one, also in another spelling."""
    if first >= last:
        first = last - 1
    content = [row(each) for each in range(1, 2_100)]
    content[last - 1] |= {"payment_user_id": f"knca{first:06d}", "bulk_user_id": f"KICA{first:06d}"}
    line = run("accounts", "import", str(write(file, content))).one_line
    assert line.startswith(f"Error: {file}: line {last + 1}: ")
    assert "user_id: this ID is in use already" in line
    assert count(tmp_path) == 0


def test_an_id_that_is_in_the_database_is_named(run: Run, tmp_path: Path, file: Path) -> None:
    """The accounts that are there stay, nothing is added."""
    assert run("accounts", "import", str(write(file, rows(5)))).code == 0
    line = run("accounts", "import", str(write(file, rows(5, start=4)))).one_line
    assert line.startswith(f"Error: {file}: line 2: ")
    assert "user_id: this ID is in use already" in line
    assert count(tmp_path) == 5


def imported(given: dict[str, str], file: Path) -> tuple[int, int, str]:
    """Import in a process of its own; give exit code, its largest memory in KiB and its words."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, "accounts", "import", str(file)],
        cwd=parts.ROOT, env=given, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "VmHWM" in done.stdout, done.stderr
    return done.returncode, int(done.stdout.splitlines()[-1].split()[1]), done.stderr


def person(number: int) -> dict[str, str]:
    """Make a row that is quick to judge."""
    short = {"name": "軽", "name_kana": "ケ", "representative": "", "admin_email": "o@a.jp"}
    return row(number, kind="individual", **short)


def test_a_hundred_thousand_rows_take_no_more_memory_than_ten_thousand(tmp_path: Path) -> None:
    """All of the small file go in; of the large one, whose last row is bad, none."""
    schema.upgrade(tmp_path / "mypage.sqlite3")
    given = parts.environ(tmp_path)
    small = write(tmp_path / "small.csv", map(person, range(900_000, 900_000 + FEW)))
    large = write(tmp_path / "large.csv", map(person, range(MANY)))
    with large.open("a", encoding="utf-8") as more:
        more.write("KNCA1\r\n")
    code, little, _ = imported(given, small)
    assert (code, count(tmp_path)) == (0, FEW)
    code, much, words = imported(given, large)
    assert code == 1
    assert words == (
        f"Error: {large}: line {MANY + 2}: {len(COLUMNS)} columns needed; nothing was imported\n"
    )
    assert count(tmp_path) == FEW
    assert abs(much - little) < MOST_MORE_MEMORY, (little, much)
