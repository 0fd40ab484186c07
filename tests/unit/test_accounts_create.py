"""mypage accounts create and show: one account, by the contract's own command line."""

import json
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import argon2
import httpx
import pytest

from tests.support.product import SAME_ORIGIN
from tests.unit import parts
from tests.unit.conftest import Run
from web.app import create_app
from web.database.sqlite import schema
from web.security.passwords import PARAMETERS

CONTRACT = (
    "accounts create --payment-id KNCA6288 --bulk-id KICA6288 --kind corporate"
    " --name 軽自行政書士事務所 --kana ケイジギョウセイショシジムショ"
    ' --representative "軽自 太郎" --email k-oss@example.jp --passwords-stdin'
)
PASSWORDS = "midori-no-kaze-6288\nshiroi-kumo-6288\n"
INDIVIDUAL = CONTRACT.replace("corporate", "individual").replace(
    ' --representative "軽自 太郎"', ""
)

pytestmark = pytest.mark.slow
STORED = {
    "payment_user_id": "KNCA6288",
    "bulk_user_id": "KICA6288",
    "kind": "corporate",
    "name": "軽自行政書士事務所",
    "name_kana": "ケイジギョウセイショシジムショ",
    "representative": "軽自　太郎",
    "admin_email": "k-oss@example.jp",
    "notice_email": "",
}
# what is replaced, by what, and how the line begins
BAD_COLUMNS = {
    "payment ID without digits": ("KNCA6288", "KNCA", "payment_user_id: "),
    "payment ID with too few digits": ("KNCA6288", "KNCA628", "payment_user_id: "),
    "payment ID with the bulk prefix": ("KNCA6288", "KICA6288", "payment_user_id: "),
    "payment ID with more behind": ("KNCA6288", "KNCA6288A", "payment_user_id: "),
    "bulk ID of another pair": ("KICA6288", "KICA6289", "bulk_user_id: "),
    "bulk ID with the payment prefix": ("KICA6288", "KNCA6288", "bulk_user_id: "),
    "name with an emoji": ("軽自行政書士事務所", "軽自🚗", "name: "),
    "name too long": ("軽自行政書士事務所", "軽" * 61, "name: "),
    "empty name": ("軽自行政書士事務所", "''", "name: "),
    "kana with kanji": ("ケイジギョウセイショシジムショ", "軽自", "name_kana: "),
    "no representative": ('"軽自 太郎"', "''", "representative: "),
    "representative too long": ('"軽自 太郎"', "太" * 41, "representative: "),
    "email without @": ("k-oss@example.jp", "k-oss.example.jp", "admin_email: "),
    "two emails": ("k-oss@example.jp", "a@example.jp,b@example.jp", "admin_email: "),
    "notice email": ("--passwords", "--notice-email oss --passwords", "notice_email: "),
}
BAD_PASSWORDS = {
    "none": ("", "standard input: two lines needed"),
    "one line": ("midori-no-kaze-6288\n", "standard input: two lines needed"),
    "empty first": ("\nshiroi-kumo-6288\n", "payment password: "),
    "empty second": ("midori-no-kaze-6288\n\n", "bulk password: "),
    "short first": ("midori\nshiroi-kumo-6288\n", "payment password: "),
    "long second": (f"midori-no-kaze-6288\n{'x' * 129}\n", "bulk password: "),
    "a tab": ("midori-no\tkaze-6288\nshiroi-kumo-6288\n", "payment password: "),
}


def stored(folder: Path, columns: str, table: str = "accounts") -> list[dict[str, Any]]:
    """Read the database behind the product's back."""
    with closing(sqlite3.connect(folder / "mypage.sqlite3")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT {columns} FROM {table}")]  # noqa: S608


@pytest.mark.anyio
async def test_the_contracts_command_makes_an_account_that_can_log_in(tmp_path: Path) -> None:
    """Word for word, in a process of its own; then through the screen with that password."""
    schema.upgrade(tmp_path / "mypage.sqlite3")
    given = parts.environ(tmp_path)
    made = parts.mypage(*shlex.split(CONTRACT), given=given, typed=PASSWORDS)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "KNCA6288 / KICA6288: created\n"
    assert stored(tmp_path, ", ".join(STORED)) == [STORED]
    app = create_app(parts.settings(tmp_path))
    async with app.router.lifespan_context(app):
        browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://127.0.0.1:8000",
            headers=SAME_ORIGIN,
        )
        async with browser:
            typed = {"user_id": "KNCA6288", "password": "midori-no-kaze-6288"}
            answer = await browser.post("/useridmg/login", data=typed)
    assert answer.headers["Location"] == "/useridmg/mypage"


def test_the_first_line_is_the_payment_password_and_the_second_the_bulk_password(
    run: Run, tmp_path: Path
) -> None:
    """Hashed with the parameters of production, shown nowhere, noted in the audit trail."""
    outcome = run(*shlex.split(CONTRACT), typed=PASSWORDS)
    assert outcome.code == 0
    assert "midori" not in outcome.out + outcome.err
    hashes = {
        row["kind"]: row["password_hash"]
        for row in stored(tmp_path, "kind, password_hash", "credentials")
    }
    hasher = argon2.PasswordHasher.from_parameters(PARAMETERS)
    assert hasher.verify(hashes["payment"], "midori-no-kaze-6288")
    assert hasher.verify(hashes["bulk"], "shiroi-kumo-6288")
    assert not any(map(hasher.check_needs_rehash, hashes.values()))
    assert stored(tmp_path, "event", "audit") == [{"event": "account.created"}]


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_lines_end_as_the_operators_system_ends_them(run: Run, tmp_path: Path, ending: str) -> None:
    """The line break never belongs to the password; the last one may be missing."""
    typed = f"midori-no-kaze-6288{ending or chr(10)}shiroi-kumo-6288{ending}"
    assert run(*shlex.split(CONTRACT), typed=typed).code == 0
    hashes = stored(tmp_path, "password_hash", "credentials WHERE kind = 'bulk'")
    hasher = argon2.PasswordHasher.from_parameters(PARAMETERS)
    assert hasher.verify(hashes[0]["password_hash"], "shiroi-kumo-6288")


def test_what_is_given_is_converted_as_on_the_screen(run: Run, tmp_path: Path) -> None:
    """Half-width kana, lower-case IDs, full-width addresses."""
    line = (
        "accounts create --payment-id knca6288 --bulk-id ＫＩＣＡ６２８８ --kind individual"
        " --name '軽自  花子' --kana 'ｹｲｼﾞ はなこ' --email Hanako@ＥＸＡＭＰＬＥ．jp"
        " --notice-email mikan@Example.JP --passwords-stdin"
    )
    assert run(*shlex.split(line), typed=PASSWORDS).code == 0
    assert stored(tmp_path, ", ".join(STORED)) == [
        {
            "payment_user_id": "KNCA6288",
            "bulk_user_id": "KICA6288",
            "kind": "individual",
            "name": "軽自　花子",
            "name_kana": "ケイジ　ハナコ",
            "representative": "",
            "admin_email": "Hanako@example.jp",
            "notice_email": "mikan@example.jp",
        }
    ]


@pytest.mark.parametrize("what", BAD_COLUMNS)
def test_a_bad_column_is_named(run: Run, tmp_path: Path, what: str) -> None:
    """One line: the column, what is wrong; nothing is made."""
    old, new, begins = BAD_COLUMNS[what]
    outcome = run(*shlex.split(CONTRACT.replace(old, new)), typed=PASSWORDS)
    assert outcome.one_line.startswith(f"Error: {begins}")
    assert stored(tmp_path, "id") == []


def test_an_individual_has_no_representative(run: Run) -> None:
    """個人の方 has no 代表者名."""
    assert run(*shlex.split(INDIVIDUAL), typed=PASSWORDS).code == 0
    line = CONTRACT.replace("corporate", "individual").replace("6288", "6289")
    assert run(*shlex.split(line), typed=PASSWORDS).one_line.startswith("Error: representative: ")


@pytest.mark.parametrize("option", ["--payment-id", "--kind", "--email", "--passwords-stdin"])
def test_a_missing_option_is_named(run: Run, option: str) -> None:
    """Passwords come by standard input alone: arguments stand in the list of processes."""
    words = shlex.split(CONTRACT)
    at = words.index(option)
    length = 1 if option == "--passwords-stdin" else 2
    outcome = run(*words[:at], *words[at + length :], typed=PASSWORDS)
    assert outcome.code == 2
    assert f"Missing option '{option}'" in outcome.err


def test_a_kind_that_is_none_is_named(run: Run) -> None:
    """individual or corporate."""
    outcome = run(*shlex.split(CONTRACT.replace("corporate", "company")), typed=PASSWORDS)
    assert outcome.code == 2
    assert "'company' is not one of 'individual', 'corporate'" in outcome.err


@pytest.mark.parametrize("what", BAD_PASSWORDS)
def test_a_missing_or_bad_password_is_named(run: Run, tmp_path: Path, what: str) -> None:
    """Which of the two, and why; never the password itself."""
    typed, begins = BAD_PASSWORDS[what]
    line = run(*shlex.split(CONTRACT), typed=typed).one_line
    assert line.startswith(f"Error: {begins}")
    assert "midori" not in line
    assert stored(tmp_path, "id") == []


def test_an_easy_password_is_the_operators_choice(run: Run) -> None:
    """It is made, with a warning that does not repeat it."""
    outcome = run(*shlex.split(CONTRACT), typed="KNCA6288KNCA6288\nshiroi-kumo-6288\n")
    assert outcome.code == 0
    assert outcome.err.startswith("warning: payment password: 推測されやすいパスワードです。")
    assert "KNCA6288" not in outcome.err


def test_an_id_that_is_taken_is_refused(run: Run, tmp_path: Path) -> None:
    """The line says that an ID is taken; the account that has it stays as it was."""
    assert run(*shlex.split(CONTRACT), typed=PASSWORDS).code == 0
    before = stored(tmp_path, "*"), stored(tmp_path, "*", "credentials")
    line = CONTRACT.replace("k-oss@example.jp", "other@example.jp").replace("KNCA", "knca")
    assert "taken" in run(*shlex.split(line), typed=PASSWORDS).one_line
    assert (stored(tmp_path, "*"), stored(tmp_path, "*", "credentials")) == before


@pytest.mark.parametrize("typed", ["KNCA6288", "knca6288", " KNCA6288 "])
def test_an_account_is_shown(run: Run, typed: str) -> None:
    """Under its ID in any case; no hash is shown."""
    run(*shlex.split(CONTRACT), typed=PASSWORDS)
    shown = dict(line.split(maxsplit=1) for line in run("accounts", "show", typed).out.splitlines()
                 if len(line.split(maxsplit=1)) == 2)  # fmt: skip
    assert {key: shown.get(key, "") for key in STORED} == STORED
    assert "argon2" not in str(shown)


def test_an_account_is_shown_to_programs(run: Run) -> None:
    """--json: the same, times in ISO 8601, null for what never happened."""
    run(*shlex.split(CONTRACT), typed=PASSWORDS)
    shown = json.loads(run("accounts", "show", "KNCA6288", "--json").out)
    assert {key: shown[key] for key in STORED} == STORED
    assert shown["disabled_at"] is None
    assert shown["profile_version"] == 1
    for key in ("profile_updated_at", "payment_password_changed_at", "bulk_password_changed_at"):
        assert shown[key].endswith("+00:00")


def test_an_account_that_is_not_there_is_named(run: Run) -> None:
    """One line and an exit code."""
    assert run("accounts", "show", "KNCA0000").one_line == "Error: KNCA0000: no such account"


@pytest.mark.parametrize(("option", "kept"), [("", 1), (" --must-change", 2)])
def test_the_operator_says_whether_a_first_password_must_change(
    run: Run, tmp_path: Path, option: str, kept: int
) -> None:
    """Without the option the account can be used at once, as scripts that make accounts expect."""
    run(*shlex.split(CONTRACT + option), typed=PASSWORDS)
    firsts = stored(tmp_path, "first_password", "credentials")
    assert firsts == [{"first_password": kept}, {"first_password": kept}]
