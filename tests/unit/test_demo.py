"""The demo: its people, what a second start keeps, and what it says."""

import sqlite3
from contextlib import closing
from pathlib import Path

import argon2
import pytest

from tests.support.product import CHEAP
from tests.unit import parts
from web import clock
from web.demo import run
from web.demo.personas import COMPANY, EXPIRED, INDIVIDUAL, PERSONAS

pytestmark = pytest.mark.slow

PORT = 8123
CHANGED = "(変更されています)"
SET = """
    UPDATE credentials SET password_hash = ? WHERE kind = 'payment' AND account_id =
        (SELECT id FROM accounts WHERE payment_user_id = ?)
"""
AGES = """
    SELECT payment_user_id, password_changed_at FROM accounts
      JOIN credentials ON account_id = id AND credentials.kind = 'payment'
"""


@pytest.fixture(autouse=True)
def our_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the clock back that the demo exchanges for one to be set ahead."""
    monkeypatch.setattr(clock, "now", clock.now)


def start(folder: Path) -> list[str]:
    """Prepare the demo as `make run` does; give the lines it prints."""
    with run.prepared(folder, "127.0.0.1", PORT) as (_, _, words):
        return words


def line_of(words: list[str], user_id: str) -> str:
    """Find what is said about a person."""
    return next(line for line in words if user_id in line)


def test_the_first_start_prints_address_and_people(tmp_path: Path) -> None:
    """The address, three users and their passwords."""
    words = start(tmp_path / "demo")
    assert f"http://127.0.0.1:{PORT}/" in "\n".join(words)
    assert len(PERSONAS) == 4
    for person in PERSONAS:
        line = line_of(words, person.account.payment_user_id)
        assert person.payment_password in line
        assert person.about in line
    assert CHANGED not in "\n".join(words)


def test_one_of_the_people_has_an_expired_password(tmp_path: Path) -> None:
    """The others do not."""
    before = clock.now()
    start(tmp_path)
    with closing(sqlite3.connect(tmp_path / "demo.sqlite3")) as connection:
        ages = {user: before - at for user, at in connection.execute(AGES)}
    assert ages[EXPIRED.account.payment_user_id] > 60 * clock.DAY - clock.MINUTE
    assert ages[COMPANY.account.payment_user_id] < clock.DAY
    assert ages[INDIVIDUAL.account.payment_user_id] < clock.DAY


def test_a_second_start_keeps_the_data_and_says_what_was_changed(tmp_path: Path) -> None:
    """A password that somebody changed is not printed, and not set back."""
    start(tmp_path)
    new = argon2.PasswordHasher.from_parameters(CHEAP).hash("kuroi-neko-no-yume-88")
    with closing(sqlite3.connect(tmp_path / "demo.sqlite3")) as connection:
        connection.execute(SET, (new, COMPANY.account.payment_user_id))
        connection.execute("UPDATE accounts SET name = '軽自商事'")
        connection.commit()
    words = start(tmp_path)
    line = line_of(words, COMPANY.account.payment_user_id)
    assert CHANGED in line
    assert COMPANY.payment_password not in line
    for person in (INDIVIDUAL, EXPIRED):
        assert person.payment_password in line_of(words, person.account.payment_user_id)
    with closing(sqlite3.connect(tmp_path / "demo.sqlite3")) as connection:
        assert connection.execute("SELECT DISTINCT name FROM accounts").fetchall() == [
            ("軽自商事",)
        ]
        assert (new,) in connection.execute("SELECT password_hash FROM credentials").fetchall()


def test_a_second_start_has_the_same_secret(tmp_path: Path) -> None:
    """Sessions and sealed mails live on; nobody else can read it."""
    start(tmp_path)
    secret = (tmp_path / "secret-key").read_text(encoding="utf-8")
    assert len(secret) >= 32
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    start(tmp_path)
    assert (tmp_path / "secret-key").read_text(encoding="utf-8") == secret


def test_the_demo_is_for_ones_own_machine_alone(tmp_path: Path) -> None:
    """On another address it would let everybody read everybody's mail: one line, no traceback."""
    failed = parts.mypage("demo", "--host", "0.0.0.0", "--data", str(tmp_path), given={})  # noqa: S104
    assert failed.returncode == 1
    assert failed.stderr.startswith(
        "mypage: MYPAGE_BASE_URL: 'http://0.0.0.0:8000' given; allowed: "
    )
    assert len(failed.stderr.splitlines()) == 1
