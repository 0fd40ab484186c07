"""mypage accounts import: all rows or none, and a bad row is named by its line."""

from pathlib import Path

import pytest

from tests.unit.accounts_file import (
    BULK_HASH,
    COLUMNS,
    PAYMENT_HASH,
    count,
    row,
    rows,
    stored,
    write,
)
from tests.unit.conftest import Run
from web import clock
from web.database.sqlite import locks

pytestmark = pytest.mark.slow

MANY = 2_500  # more than two of the batches in which rows are added
DEFECTS = {
    "payment ID": {"payment_user_id": "KNCA"},
    "prefix": {"payment_user_id": "KICA000005"},
    "another pair": {"bulk_user_id": "KICA999999"},
    "kind": {"kind": "company"},
    "no kind": {"kind": ""},
    "emoji": {"name": "軽自🚗"},
    "line break": {"name": "軽自\n事務所"},
    "too long": {"name": "軽" * 61},
    "kanji in kana": {"name_kana": "軽自"},
    "no representative": {"representative": ""},
    "representative of a person": {"kind": "individual"},
    "no email": {"admin_email": ""},
    "bad email": {"admin_email": "oss.example.jp"},
    "bad notice email": {"notice_email": "oss"},
    "no hash": {"payment_password_hash": ""},
    "password in place of the hash": {"bulk_password_hash": "shiroi-kumo-6288"},
    "bcrypt": {
        "bulk_password_hash": "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"
    },
    "hash cut off": {"payment_password_hash": PAYMENT_HASH.rpartition("$")[0]},
    "hash that wants a gigabyte": {
        "payment_password_hash": "$argon2id$v=19$m=1048576,t=3,p=1$c29tZXNhbHQ$c29tZWhhc2g"
    },
    "hash that takes long": {
        "bulk_password_hash": "$argon2id$v=19$m=65536,t=11,p=1$c29tZXNhbHQ$c29tZWhhc2g"
    },
    "hash of many lanes": {
        "payment_password_hash": "$argon2id$v=19$m=65536,t=3,p=9$c29tZXNhbHQ$c29tZWhhc2g"
    },
    "hash that argon2 refuses at once": {
        "payment_password_hash": "$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHQ$c29tZWhhc2g"
    },
    "hash without salt": {"payment_password_hash": "$argon2id$v=19$m=8,t=1,p=1$$"},
    "hash that is no base64": {"payment_password_hash": "$argon2id$v=19$m=8,t=1,p=1$!!!!!!!!$????"},
    "no date": {"password_changed_at": ""},
    "no such date": {"password_changed_at": "2026-02-30T00:00:00+09:00"},
    "a date that no screen can show": {"password_changed_at": "9999-12-31T23:00:00+00:00"},
    "a password that never gets old": {"password_changed_at": "2999-12-31T00:00:00+09:00"},
    "a date before all": {"password_changed_at": "0001-01-01T00:00:00"},
    "Japanese date": {"password_changed_at": "令和8年1月5日"},
}
# the column that the line names, where it is not the one that was changed
NAMES = {
    "representative of a person": "representative",
    "prefix": "payment_user_id",
    "another pair": "bulk_user_id",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Name the file."""
    return tmp_path / "accounts.csv"


def test_every_row_becomes_an_account(run: Run, tmp_path: Path, file: Path) -> None:
    """With both hashes as given, the password's age, and one line in the audit trail."""
    write(file, rows(MANY))
    outcome = run("accounts", "import", str(file))
    assert (outcome.code, outcome.out) == (0, f"{MANY} accounts imported\n")
    assert count(tmp_path) == MANY
    assert stored(
        tmp_path,
        "SELECT kind, password_hash, password_changed_at, COUNT(*) FROM credentials"
        " GROUP BY 1, 2, 3 ORDER BY 1",
    ) == [
        (kind, hashed, clock.parse_iso("2026-01-05T09:30:00+09:00"), MANY)
        for kind, hashed in (("bulk", BULK_HASH), ("payment", PAYMENT_HASH))
    ]
    assert stored(tmp_path, "SELECT event, detail FROM audit") == [
        ("accounts.imported", f'{{"number": {MANY}}}')
    ]


def test_a_row_is_converted_as_on_the_screen(run: Run, tmp_path: Path, file: Path) -> None:
    """Half-width kana, lower-case IDs, a person; an hour without an offset is Japanese."""
    person = row(
        7, payment_user_id="knca000007", kind="individual", representative="", name="軽自 花子",
        name_kana="ｹｲｼﾞ はなこ", notice_email="Mikan@Example.JP", password_changed_at="2026-01-05T00:00",
    )  # fmt: skip
    assert run("accounts", "import", str(write(file, [person]))).code == 0
    assert stored(
        tmp_path,
        "SELECT payment_user_id, accounts.kind, name, name_kana, representative, notice_email,"
        " password_changed_at FROM accounts JOIN credentials ON id = account_id LIMIT 1",
    ) == [
        ("KNCA000007", "individual", "軽自　花子", "ケイジ　ハナコ", "", "Mikan@example.jp",
         clock.parse_iso("2026-01-04T15:00:00+00:00"))
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_may_begin_with_a_byte_order_mark(
    run: Run, tmp_path: Path, file: Path, encoding: str
) -> None:
    """As spreadsheets write it."""
    assert run("accounts", "import", str(write(file, rows(3), encoding=encoding))).code == 0
    assert count(tmp_path) == 3


def test_columns_may_stand_in_any_order_beside_others(run: Run, tmp_path: Path, file: Path) -> None:
    """The header says what is what; a column that nobody asked for is left alone."""
    names = ["memo", *reversed(COLUMNS)]
    good = {"memo": "?", **row(1)}
    quoted = [f'"{good[name]}"' for name in names]
    file.write_text(",".join(names) + "\n" + ",".join(quoted) + "\n", encoding="utf-8")
    assert run("accounts", "import", str(file)).code == 0
    assert count(tmp_path) == 1


def test_a_file_without_rows_imports_nothing(run: Run, tmp_path: Path, file: Path) -> None:
    """That is no fault."""
    assert run("accounts", "import", str(write(file, []))).out == "0 accounts imported\n"
    assert count(tmp_path) == 0


@pytest.mark.parametrize("number", [1, 1_000, 1_001, MANY // 2, MANY])
def test_a_bad_row_anywhere_imports_nothing(
    run: Run, tmp_path: Path, file: Path, number: int
) -> None:
    """First, last, or at the seam of two batches: the line is right and no row stays."""
    content = [row(each) for each in range(1, MANY + 1)]
    content[number - 1]["kind"] = "company"
    line = run("accounts", "import", str(write(file, content))).one_line
    assert line == (
        f"Error: {file}: line {number + 1}: kind: individual or corporate; nothing was imported"
    )
    assert (count(tmp_path), stored(tmp_path, "SELECT * FROM audit")) == (0, [])


@pytest.mark.parametrize("what", DEFECTS)
def test_a_defect_is_named_with_its_line_and_column(
    run: Run, tmp_path: Path, file: Path, what: str
) -> None:
    """The fourth row stands in line 5."""
    content = [*rows(3), row(4, **DEFECTS[what]), row(5)]
    line = run("accounts", "import", str(write(file, content))).one_line
    column = NAMES.get(what, next(iter(DEFECTS[what])))
    named = 6 if what == "line break" else 5  # where the row ends
    assert line.startswith(f"Error: {file}: line {named}: {column}: ")
    assert line.endswith("; nothing was imported")
    assert count(tmp_path) == 0


@pytest.mark.parametrize("kind", ["corporate", "company"])
def test_the_indexes_are_there_again(run: Run, tmp_path: Path, file: Path, kind: str) -> None:
    """They are taken away while rows come in; a refused file must not cost them."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"

    def indexes() -> list[tuple[str, str]]:
        return [(name, " ".join((made or "").split())) for name, made in stored(tmp_path, sql)]

    before = indexes()
    assert run("accounts", "import", str(write(file, [row(1), row(2, kind=kind)]))).code == (
        kind == "company"
    )
    assert indexes() == before
    assert ("accounts_by_kana", "CREATE INDEX accounts_by_kana ON accounts (kana_key)") in before


def test_any_part_of_a_furigana_that_came_in_is_found(run: Run, tmp_path: Path, file: Path) -> None:
    """The rows of the search come with the accounts, of a second file too."""
    for number in (1, 2):
        assert run("accounts", "import", str(write(file, [row(number)]))).code == 0
    parts = "SELECT payment_user_id, COUNT(DISTINCT part) FROM kana_parts GROUP BY 1"
    keys = "SELECT payment_user_id, (LENGTH(kana_key) + 1) / 2 FROM accounts"
    assert stored(tmp_path, f"{parts} ORDER BY 1") == stored(tmp_path, f"{keys} ORDER BY 1")


def test_after_the_bad_row_is_mended_the_file_goes_in(run: Run, tmp_path: Path, file: Path) -> None:
    """A refused import leaves neither rows nor locks."""
    write(file, [row(1), row(2, kind="")])
    assert run("accounts", "import", str(file)).code == 1
    write(file, rows(2))
    assert run("accounts", "import", str(file)).code == 0
    assert count(tmp_path) == 2


def test_a_running_server_keeps_imports_out(run: Run, tmp_path: Path, file: Path) -> None:
    """It would keep everybody's writes waiting; the line says who does."""
    write(file, rows(1))
    with locks.hold(tmp_path / "mypage.sqlite3", "serve"):
        line = run("accounts", "import", str(file)).one_line
    assert line == f"mypage: {tmp_path}/mypage.sqlite3: in use by another process (serve)"
    assert count(tmp_path) == 0
    assert run("accounts", "import", str(file)).code == 0
