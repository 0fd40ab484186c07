"""A bad setting stops the start with one line: its name, what was given, what is allowed."""

from pathlib import Path

import pytest

from tests.unit.conftest import Run
from tests.unit.test_settings import HTTPS, NEEDED
from web.settings import BadSetting, Settings, described

HIDDEN = {"MYPAGE_DATABASE_URL", "MYPAGE_SECRET_KEY", "MYPAGE_SMTP_URL", "MYPAGE_METRICS_TOKEN"}
NUMBERS = {
    "MYPAGE_PORT": ("-1", "65536"),
    "MYPAGE_ID_MIN_DIGITS": ("0", "13"),
    "MYPAGE_PASSWORD_LIFE_DAYS": ("-1", "3651"),
    "MYPAGE_PASSWORD_MIN_LENGTH": ("7", "65"),
    "MYPAGE_PASSWORD_MAX_LENGTH": ("63", "513"),
    "MYPAGE_RESET_LINK_HOURS": ("0", "73"),
    "MYPAGE_RESETS_PER_HOUR": ("0", "101"),
    "MYPAGE_RESETS_PER_DAY": ("0", "1001"),
    "MYPAGE_ISSUE_LINK_HOURS": ("0", "73"),
    "MYPAGE_ISSUES_PER_HOUR": ("0", "101"),
    "MYPAGE_ISSUES_PER_DAY": ("0", "1001"),
    "MYPAGE_REQUESTS_PER_NETWORK": ("0", "10001"),
    "MYPAGE_MAIL_OVERDUE_MINUTES": ("0", "1441"),
    "MYPAGE_MAILS_PER_DAY": ("0", "10001"),
    "MYPAGE_MAILS_IN_RESERVE": ("-1", "10001"),
    "MYPAGE_UNCONFIRMED_MAILS_PER_DAY": ("0", "1001"),
    "MYPAGE_CONFIRM_LINK_DAYS": ("0", "31"),
    "MYPAGE_ACTS_PER_HOUR": ("0", "1000001"),
    "MYPAGE_SESSION_IDLE_MINUTES": ("4", "721"),
    "MYPAGE_SESSION_HOURS": ("0", "25"),
    "MYPAGE_PROPOSAL_DAYS": ("0", "91"),
    "MYPAGE_FACTOR_RESET_HOURS": ("0", "337"),
    "MYPAGE_AUDIT_YEARS": ("0", "101"),
    "MYPAGE_REQUESTS_AT_ONCE": ("0", "10001"),
}
NO_NUMBERS = ("", " ", "twelve", "1.5", "１２", "1e1", "0x10", "²")
BAD = {
    "MYPAGE_SECOND_FACTOR": ("", "required", "ALL"),
    "MYPAGE_OFFICE_SECOND_FACTOR": ("", "all", "corporate"),
    "MYPAGE_SECOND_FACTOR_FROM": ("2027-4", "1.4.2027", "2027-02-30", "soon"),
    "MYPAGE_DATABASE_URL": (
        "", "sqlite:///", "sqlite:/x", "/var/x.sqlite3", "mysql://host/db",
        "postgresql://user:pass@localhost/db", "postgresql://user@localhost", "postgresql://host/db",
        "postgresql://host/db?sslmode=require", "postgresql://localhost,away/db",
        "postgresql:///db?host=/tmp,away", "postgresql://localhost/db?password=pass",
        "postgresql://localhost/db?statement_cache_size=few",
    ),
    "MYPAGE_BASE_URL": (
        "", "mypage.example.jp", "ftp://example.jp", "https://", "https://example.jp/path",
        "https://example.jp?a=b", "https://example.jp#a", "https://user:pass@example.jp",
        "http://mypage.example.jp", "http://192.168.0.1:8000", "http://127.0.0.1.example.jp",
        "http://127.0.0.1:99999", "http://127.0.0.1:port", "http://[::1",
    ),
    "MYPAGE_PASSKEY_RP_ID": (
        "example jp", "example.jp.", ".jp", "https://localhost", "localhost:8000", "other.example", "host",
    ),
    "MYPAGE_PASSKEY_ORIGINS": (
        "localhost", "http://localhost:8000/path", "http://mypage.example.jp", "http://[::1",
        "http://localhost:8000;http://localhost:8001",
    ),
    "MYPAGE_HOST": ("", "  ", "127.0.0.1\n0.0.0.0"),
    "MYPAGE_SMTP_URL": (
        "", "localhost", "http://127.0.0.1", "smtp://", "smtp://mail.example.jp",
        "smtp://user:pass@mail.example.jp:25", "smtp://127.0.0.1:port", "smtp://127.0.0.1:99999",
    ),
    "MYPAGE_MAIL_FROM": (
        "", "notice", "@example.jp", "notice@", "軽自@example.jp", "a@example.jp,b@example.jp",
        "Notice <notice@example.jp>", "a@example.jp\r\nBcc: b@example.jp", "a@b@example.jp",
        "a\t@example.jp", "a\0@example.jp",
    ),
    "MYPAGE_CONTACT_PHONE": ("", " ", "03-0000-0000\n"),
    "MYPAGE_CONTACT_HOURS": (" ", "9-17\n"),
    "MYPAGE_PORTAL_URL": ("", "www.example.jp", "javascript:alert(1)", "https://", "https://a/\nb"),
    "MYPAGE_SECRET_KEY": ("", "too short", "x" * 31, f"{'n' * 32},", f"{'n' * 32},short"),
    "MYPAGE_METRICS_TOKEN": ("short", "x" * 31, "あ" * 40, f"{'x' * 40}\n"),
    "MYPAGE_TRUSTED_PROXIES": ("proxy", "10.0.0.1 10.0.0.2", "10.0.0.0/33", "10.0.0.1/8", "*"),
    "MYPAGE_DIRECT_DEBIT_ADDRESS": ("a\nb", "a//b", "あ" * 25, "/".join("abcdefg"), "/"),
    "MYPAGE_COPYRIGHT": ("", "a\nb"),
    "MYPAGE_TEXTS_DIR": ("/no/such/folder", __file__),
    "MYPAGE_PASSWORD_FILTER": ("/no/such/file", "/"),
    "MYPAGE_PAYMENT_ID_PREFIX": ("", "knca", "KNCA1", "ＫＮＣＡ", "K N"),
    "MYPAGE_BULK_ID_PREFIX": ("", "kica", "KICA-"),
    **{name: (*outside, *NO_NUMBERS) for name, outside in NUMBERS.items()},
}  # fmt: skip
ALLOWED_SAYS = {
    "MYPAGE_DATABASE_URL": "sqlite:///",
    "MYPAGE_BASE_URL": "https://host",
    "MYPAGE_SMTP_URL": "smtps://",
    "MYPAGE_MAIL_FROM": "one address",
    "MYPAGE_SECRET_KEY": "32 characters",
    "MYPAGE_TRUSTED_PROXIES": "addresses or CIDRs",
}
CASES = [(name, value) for name, values in BAD.items() for value in values]


def stopped(given: dict[str, str]) -> str:
    """Give the line that stops the start."""
    with pytest.raises(BadSetting) as caught:
        Settings.from_env(given)
    return str(caught.value)


def test_every_setting_is_tried_with_bad_values() -> None:
    """A setting added later must come here too."""
    names = {row["name"] for row in described()}
    assert names - BAD.keys() <= {"MYPAGE_SECRET_KEY_FILE"}  # a path: see below
    assert BAD.keys() - names == set()


@pytest.mark.parametrize(
    ("name", "value"), CASES, ids=[f"{name}={value!r}" for name, value in CASES]
)
def test_a_bad_value_stops_the_start_with_one_line(name: str, value: str) -> None:
    """The line names the setting, what was given and what is allowed."""
    line = stopped({**HTTPS, name: value})
    shown, _, allowed = line.removeprefix(f"{name}: ").partition(" given; allowed: ")
    assert line.startswith(f"{name}: ")
    assert len(line.splitlines()) == 1
    assert shown == ("(hidden)" if name in HIDDEN else repr(value))
    assert ALLOWED_SAYS.get(name, "") in allowed
    assert allowed


@pytest.mark.parametrize(("name", "bounds"), NUMBERS.items())
def test_the_line_tells_the_bounds_of_a_number(name: str, bounds: tuple[str, str]) -> None:
    """One less than the lowest was refused, so the lowest is in the line; likewise above."""
    line = stopped({**NEEDED, name: bounds[1]})
    assert line.endswith(f" from {int(bounds[0]) + 1} to {int(bounds[1]) - 1}")


def test_a_secret_is_never_shown() -> None:
    """Neither a key that is too short nor a password of the mail server or the database."""
    assert "hunter2" not in stopped({**NEEDED, "MYPAGE_SECRET_KEY": "hunter2"})
    given = {**NEEDED, "MYPAGE_SMTP_URL": "smtp://user:hunter2@mail.example.jp"}
    assert "hunter2" not in stopped(given)
    given = {**NEEDED, "MYPAGE_DATABASE_URL": "postgresql://user:hunter2@localhost/mypage"}
    assert "hunter2" not in stopped(given)


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The line names the setting and the path."""
    path = tmp_path / "secret"
    line = stopped({"MYPAGE_MAIL_FROM": "a@example.jp", "MYPAGE_SECRET_KEY_FILE": str(path)})
    assert line.startswith(f"MYPAGE_SECRET_KEY_FILE: {str(path)!r} given; ")


def test_a_secret_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Random bytes are no UTF-8; the operator is told, not shown a traceback."""
    path = tmp_path / "secret"
    path.write_bytes(b"\xff\xfe" * 32)
    line = stopped({"MYPAGE_MAIL_FROM": "a@example.jp", "MYPAGE_SECRET_KEY_FILE": str(path)})
    assert line.startswith("MYPAGE_SECRET_KEY")


def test_a_short_secret_in_a_file_is_not_shown(tmp_path: Path) -> None:
    """The same rule as for the setting itself."""
    path = tmp_path / "secret"
    path.write_text("hunter2", encoding="utf-8")
    line = stopped({"MYPAGE_MAIL_FROM": "a@example.jp", "MYPAGE_SECRET_KEY_FILE": str(path)})
    assert line.startswith("MYPAGE_SECRET_KEY")
    assert "hunter2" not in line


@pytest.mark.parametrize("command", [("serve",), ("accounts", "show", "KNCA6288")])
def test_a_command_prints_the_line_and_fails(
    command: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback, nothing on standard output, an exit code that a script sees."""
    monkeypatch.setenv("MYPAGE_BASE_URL", "http://mypage.example.jp")
    outcome = run(*command)
    assert outcome.code == 1
    assert outcome.one_line.startswith("mypage: MYPAGE_BASE_URL: 'http://mypage.example.jp' given")
