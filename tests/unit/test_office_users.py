"""mypage office: 担当者 are made, given passwords and shut out by command alone."""

import asyncio
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.unit import parts
from tests.unit.accounts_file import stored
from tests.unit.conftest import Outcome, Run
from web.office import staff
from web.security import throttle
from web.security.throttle import Attempt
from web.services import Work
from web.store import code_apps, recovery_codes
from web.store.standings import Standing

pytestmark = pytest.mark.slow

GOOD = "hiru-no-ame-wo-matsu"


def create(run: Run, name: str = "madoguchi", password: str = GOOD, role: str = "clerk") -> Outcome:
    """Make a 担当者."""
    options = ("--role", role, "--password-stdin")
    return run("office", "create-user", name, *options, typed=f"{password}\n")


def test_a_member_of_staff_is_made(run: Run, tmp_path: Path) -> None:
    """With a hash, never the password; with a line in the audit trail."""
    assert create(run).out == "madoguchi: created, clerk\n"
    name, role, hashed = stored(tmp_path, "SELECT name, role, password_hash FROM staff")[0]
    assert (name, role, hashed[:9]) == ("madoguchi", "clerk", "$argon2id")
    assert stored(tmp_path, "SELECT event, detail FROM audit") == [
        ("office.user.added", '{"name": "madoguchi", "role": "clerk"}')
    ]


@pytest.mark.parametrize("name", ["Madoguchi", "m", "1st", "ma do", "窓口", "a" * 31, "", "knca:1"])
def test_a_name_that_log_in_would_not_find_is_refused(run: Run, name: str) -> None:
    """What is typed at log-in is folded to lower case."""
    assert "NAME: 2 to 30 of a-z" in create(run, name).one_line


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("mijikai-asu-14", "15 to 128 characters are needed, not 14"),
        ("", "15 to 128 characters are needed, not 0"),
        ("x" * 129, "15 to 128 characters are needed, not 129"),
        ("passwordpassword", "password: "),
        ("madoguchimadoguchi", "password: "),
    ],
)
def test_a_password_that_will_not_do_is_refused(
    run: Run, tmp_path: Path, password: str, reason: str
) -> None:
    """Fifteen characters, and not one that is guessed first; nobody is made."""
    assert reason in create(run, password=password).one_line
    assert stored(tmp_path, "SELECT 1 FROM staff") == []


def test_a_name_is_given_once(run: Run) -> None:
    """The second is refused, whatever its role."""
    create(run)
    assert create(run, role="admin").one_line == "Error: madoguchi: this name is taken"


def test_a_role_is_one_of_three(run: Run) -> None:
    """The line names them."""
    assert "'reader', 'clerk', 'admin'" in create(run, role="boss").err


def test_a_new_password_replaces_the_old(run: Run, tmp_path: Path) -> None:
    """By the operator, for somebody who forgot it."""
    create(run)
    before = stored(tmp_path, "SELECT password_hash FROM staff")
    outcome = run(
        "office", "set-password", "madoguchi", "--password-stdin", typed="atarashii-ashita-ga-kuru"
    )
    assert outcome.out == "madoguchi: password set\n"
    assert stored(tmp_path, "SELECT password_hash FROM staff") != before


def test_somebody_is_shut_out_and_let_in_again(run: Run) -> None:
    """The list says who is."""
    create(run)
    create(run, "kanri", role="admin")
    assert run("office", "disable-user", "madoguchi").out == "madoguchi: disabled\n"
    listed = json.loads(run("office", "list-users", "--json").out)
    assert [(each["name"], each["role"], each["disabled"]) for each in listed] == [
        ("kanri", "admin", False),
        ("madoguchi", "clerk", True),
    ]
    assert run("office", "list-users").out.splitlines()[1].endswith("disabled")
    assert run("office", "enable-user", "madoguchi").out == "madoguchi: enabled\n"
    assert "disabled" not in run("office", "list-users").out


@pytest.mark.parametrize("command", ["disable-user", "enable-user"])
def test_nobody_of_that_name_is_said(run: Run, command: str) -> None:
    """One line that names it."""
    assert run("office", command, "dare").one_line == "Error: dare: nobody has this name"


@pytest.mark.parametrize(("option", "kept"), [((), 1), (("--must-change",), 2)])
def test_the_operator_says_whether_a_first_password_must_change(
    run: Run, tmp_path: Path, option: tuple[str, ...], kept: int
) -> None:
    """create-user and set-password alike; list-users tells whose was never changed."""
    first = "SELECT first_password FROM staff"
    options = ("--role", "clerk", "--password-stdin", *option)
    run("office", "create-user", "madoguchi", *options, typed=GOOD)
    assert stored(tmp_path, first) == [(kept,)]
    run("office", "set-password", "madoguchi", "--password-stdin", typed="atarashii-ashita-ga-kuru")
    assert stored(tmp_path, first) == [(1,)]
    run("office", "set-password", "madoguchi", "--password-stdin", *option, typed=GOOD)
    assert stored(tmp_path, first) == [(kept,)]
    assert json.loads(run("office", "list-users", "--json").out)[0]["first_password"] is True


def test_a_locked_member_of_staff_is_unlocked_by_command(run: Run, tmp_path: Path) -> None:
    """The trail says so once; for somebody who is not locked nothing happens."""
    create(run)

    async def lock() -> None:
        async with parts.services(tmp_path) as services:
            await services.write(fail)

    async def fail(tx: Work) -> None:
        attempt = Attempt(tx.vault, staff.throttled_as("madoguchi"), "192.0.2.1", "")
        for _ in range(throttle.ID_TRIES):
            await throttle.failed(tx, attempt, Standing({}))

    asyncio.run(lock())
    assert run("office", "unlock", "madoguchi").out == "madoguchi: unlocked\n"
    assert run("office", "unlock", "madoguchi").out == "madoguchi: was not locked\n"
    assert run("office", "unlock", "nobody").one_line == "Error: nobody: nobody has this name"
    events = [event for (event,) in stored(tmp_path, "SELECT event FROM audit ORDER BY seq")]
    assert events == ["office.user.added", "office.user.unlocked"]


def test_a_member_of_staff_who_lost_the_telephone_is_let_in_by_command(
    run: Run, tmp_path: Path
) -> None:
    """Apps and 予備コード go, log-ins end, and the trail says why; without a reason nothing is done."""
    create(run)
    ((staff_id,),) = stored(tmp_path, "SELECT id FROM staff")

    async def give(tx: Work) -> None:
        await code_apps.add(tx, "a", staff_id, "電話", b"sealed", "key", last_step=0)
        await recovery_codes.replace(tx, staff_id, ["hash"])

    async def lose() -> None:
        async with parts.services(tmp_path) as services:
            await services.write(give)

    asyncio.run(lose())
    assert run("office", "clear-factors", "madoguchi").code != 0
    done = run("office", "clear-factors", "madoguchi", "--reason", "社員証で確認")
    assert done.out == "madoguchi: factors cleared\n"
    again = run("office", "clear-factors", "madoguchi", "--reason", "社員証で確認")
    assert again.out == "madoguchi: had no factors\n"
    assert stored(tmp_path, "SELECT id FROM code_apps") == []
    assert stored(tmp_path, "SELECT number FROM recovery_codes") == []
    details = [
        detail for (detail,) in stored(tmp_path, "SELECT detail FROM audit") if "社員証" in detail
    ]
    assert json.loads(details[0]) == {"name": "madoguchi", "reason": "社員証で確認", "number": 1}


def test_a_key_for_the_first_second_factor_is_made_by_command(run: Run, tmp_path: Path) -> None:
    """Printed once, for three days; no row and no line of the trail holds it."""
    create(run)
    key, line = run("office", "factor-key", "madoguchi").out.splitlines()
    assert re.fullmatch("([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", key)
    assert line == "madoguchi: good for 3 days, until a factor is registered"
    again = run("office", "factor-key", "madoguchi").out.splitlines()[0]
    assert again != key
    (old, new) = stored(tmp_path, "SELECT used_at, token_hash FROM second_steps ORDER BY rowid")
    assert (old[0] is None, new[0] is None) == (False, True)
    assert new[1] == hashlib.sha256(again.replace("-", "").encode()).digest()
    trail = [detail for _, detail in stored(tmp_path, "SELECT event, detail FROM audit")][1:]
    assert trail == ['{"name": "madoguchi"}'] * 2


def test_nobody_gets_a_key_who_is_not_there_or_has_a_factor(run: Run, tmp_path: Path) -> None:
    """One line says why."""
    assert run("office", "factor-key", "nobody").one_line == "Error: nobody: nobody has this name"
    create(run)
    ((staff_id,),) = stored(tmp_path, "SELECT id FROM staff")

    async def give(tx: Work) -> None:
        await code_apps.add(tx, "a", staff_id, "電話", b"sealed", "key", last_step=0)

    async def gain() -> None:
        async with parts.services(tmp_path) as services:
            await services.write(give)

    asyncio.run(gain())
    refused = run("office", "factor-key", "madoguchi").one_line
    assert refused == "Error: madoguchi: has a second factor; see clear-factors"
