"""mypage accounts show, unlock, disable, enable, end-sessions: what the support desk does by telephone."""

import json

import pytest

from tests.conftest import FrozenClock
from tests.unit.desk import ID, Desk
from web import clock
from web.database.sqlite import locks

pytestmark = pytest.mark.slow

ACTS = ("unlock", "disable", "enable", "end-sessions")


def test_an_account_in_good_order_is_shown(desk: Desk, frozen: FrozenClock) -> None:
    """Everything the desk is asked for, times in ISO 8601; no hash."""
    start = clock.iso_utc(frozen.at)
    shown = desk.shown()
    assert shown["payment_password_changed_at"] == start
    assert shown["payment_password_ends_at"] == clock.iso_utc(frozen.at + 60 * clock.DAY)
    assert (shown["locked"], shown["live_sessions"], shown["disabled_at"]) == (False, 0, None)
    nothing = [key for key in shown if key.startswith(("last_", "reset_")) or "link" in key]
    assert len(nothing) == 7
    assert {shown[key] for key in nothing} == {None}
    assert "no hash at all" not in str(shown)


def test_whoever_shows_an_account_by_the_command_leaves_a_look(desk: Desk) -> None:
    """The auditor finds it beside those of 担当者; one that does not exist leaves none."""
    desk.shown()
    assert desk.run("accounts", "show", "KNCA9999").code != 0
    seen = json.loads(desk.run("audit", "seen", ID, "--json").out)
    assert [(look["who"], look["page"]) for look in seen] == [("cli", "command")]


def test_a_password_without_end_has_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the setting says."""
    monkeypatch.setenv("MYPAGE_PASSWORD_LIFE_DAYS", "0")
    assert desk.shown()["payment_password_ends_at"] is None


def test_what_an_account_holds_is_shown(desk: Desk, frozen: FrozenClock) -> None:
    """Live log-ins, live links, the lock; what has ended is not counted."""
    desk.log_in("old")
    frozen.advance(30 * clock.MINUTE)
    desk.log_in("a", "b")
    desk.mail_links()
    desk.fail(100)
    shown = desk.shown()
    assert (shown["live_sessions"], shown["locked"]) == (2, True)
    ends = clock.iso_utc(frozen.at + clock.DAY)
    assert (shown["payment_link_expires_at"], shown["bulk_link_expires_at"]) == (ends, ends)
    frozen.advance(clock.DAY)
    shown = desk.shown()
    assert (shown["live_sessions"], shown["payment_link_expires_at"]) == (0, None)


def test_a_locked_id_is_unlocked(desk: Desk) -> None:
    """Once; the trail says who and why."""
    desk.fail(100)
    done = desk.run("accounts", "unlock", "knca6288", "--reason", "電話で本人確認")
    assert (done.code, done.out) == (0, f"{ID}: unlocked\n")
    assert desk.shown()["locked"] is False
    again = desk.run("accounts", "unlock", ID)
    assert (again.code, again.out) == (0, f"{ID}: was not locked\n")
    assert desk.noted() == [("account.unlocked", {"who": "cli", "reason": "電話で本人確認"})]


def test_an_account_is_disabled_with_all_that_hangs_on_it(desk: Desk, frozen: FrozenClock) -> None:
    """Log-ins and mailed URLs end at once and stay ended when it is enabled again."""
    desk.log_in("a", "b")
    desk.mail_links()
    frozen.advance(clock.MINUTE)
    assert desk.run("accounts", "disable", ID).out == f"{ID}: disabled\n"
    shown = desk.shown()
    assert shown["disabled_at"] == clock.iso_utc(frozen.at)
    frozen.advance(clock.MINUTE)
    assert desk.run("accounts", "disable", ID).out == f"{ID}: was disabled already\n"
    assert desk.shown()["disabled_at"] == shown["disabled_at"]
    assert desk.run("accounts", "enable", ID).out == f"{ID}: enabled\n"
    assert desk.run("accounts", "enable", ID).out == f"{ID}: was not disabled\n"
    shown = desk.shown()
    held = ("disabled_at", "payment_link_expires_at", "bulk_link_expires_at")
    assert [shown[key] for key in held] == [None, None, None]
    assert shown["live_sessions"] == 0
    assert desk.noted() == [
        ("account.disabled", {"who": "cli"}),
        ("account.enabled", {"who": "cli"}),
    ]


def test_all_log_ins_of_an_account_are_ended(desk: Desk) -> None:
    """ASVS 7.4.5; the trail counts them."""
    desk.log_in("a", "b", "c")
    assert desk.run("accounts", "end-sessions", ID).out == f"{ID}: log-ins ended\n"
    assert desk.run("accounts", "end-sessions", ID).out == f"{ID}: had no log-ins\n"
    assert desk.noted() == [("sessions.ended", {"who": "cli", "number": 3})]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_answers_programs(desk: Desk, act: str) -> None:
    """Whether anything was changed; nothing was, or was the first time only."""
    said = json.loads(desk.run("accounts", act, ID, "--json").out)
    assert said["payment_user_id"] == ID
    assert said["changed"] is (act == "disable")
    assert len(desk.noted()) == (act == "disable")


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_nobody_is_one_line(desk: Desk, act: str) -> None:
    """A mistyped ID is named, and nothing is written."""
    assert desk.run("accounts", act, "KNCA0000").one_line == "Error: KNCA0000: no such account"
    assert desk.noted() == []


@pytest.mark.parametrize("act", ACTS)
def test_an_act_waits_for_the_write_lock(
    desk: Desk, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same lock as the server's writes hold (rules, Database); taken, it gives up in one line."""
    desk.log_in("a")
    desk.fail(1)
    monkeypatch.setattr(locks, "PATIENCE", 0.0)
    with locks.hold(desk.file, "write"):
        assert "another process keeps writing" in desk.run("accounts", act, ID).one_line
    assert desk.noted() == []
