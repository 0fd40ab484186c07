"""The list of leaked passwords: mypage passwords build-filter, what its file is trusted with, the commands."""

import hashlib
import random
import shlex
import string
import time
from pathlib import Path

import pytest

from tests.support.listed import ON_THE_LIST, SAID, put
from tests.unit import parts
from tests.unit.conftest import Outcome, Run
from tests.unit.test_accounts_create import CONTRACT
from web.app import create_app
from web.demo import personas
from web.security import listed
from web.security.passwords import prepare
from web.settings import BadSetting

pytestmark = pytest.mark.slow

REFUSED = "MYPAGE_PASSWORD_FILTER: "
PLAIN = f"password\n{ON_THE_LIST}\nshort\n\nyama to kawa 2026\r\n"


def made(run: Run, folder: Path, content: bytes) -> tuple[Outcome, Path]:
    """Build the filter of a list."""
    (folder / "list.txt").write_bytes(content)
    out = folder / "passwords.filter"
    return run("passwords", "build-filter", str(folder / "list.txt"), "--out", str(out)), out


def hashed(password: str, count: int) -> str:
    """Write a line as Have I Been Pwned does."""
    return f"{hashlib.sha1(password.encode()).hexdigest().upper()}:{count}\r\n"  # noqa: S324


def test_a_filter_is_built_from_a_list_of_passwords(run: Run, tmp_path: Path) -> None:
    """All on it are found, as prepared for hashing; what is too short to be set is left out."""
    outcome, out = made(run, tmp_path, PLAIN.encode() + b"\xff\xfe no text\nk\tz\nno-end-of-line")
    assert outcome.out.startswith(f"{out}: 4 passwords, ")
    found = listed.read(str(out))
    assert found.count == 4
    on = [
        "password",
        ON_THE_LIST,
        "yama to kawa 2026",
        "yama\u3000to\u3000kawa 2026",
        "no-end-of-line",
    ]
    prepared = [prepare(each) for each in on]
    assert [found.has(each) for each in prepared] == [True] * len(on)
    assert [found.has(each) for each in ("short", "", "kumo-no-ue-no-hashi-315")] == [False] * 3


def test_a_filter_is_built_from_hashes(run: Run, tmp_path: Path) -> None:
    """SHA-1:count lines, as Have I Been Pwned gives them."""
    lines = hashed("password", 9_000_000) + hashed(ON_THE_LIST, 1)
    outcome, out = made(run, tmp_path, lines.encode())
    assert ": 2 passwords" in outcome.out
    assert listed.read(str(out)).has(ON_THE_LIST)


def test_of_hashes_the_most_frequent_are_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a file is in the order of the hashes, so its beginning is no choice."""
    monkeypatch.setattr(listed, "MOST", 3)
    counts = {"rare-one": 1, "often-1": 50, "rare-two": 2, "often-2": 60, "middle": 2}
    _, out = made(run, tmp_path, "".join(hashed(*each) for each in counts.items()).encode())
    found = listed.read(str(out))
    assert [name for name in counts if found.has(name)] == ["often-1", "often-2"]


def test_of_passwords_the_first_are_taken(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists begin with the most common."""
    monkeypatch.setattr(listed, "MOST", 2)
    _, out = made(run, tmp_path, b"tiny\nfirst-one\nsecond-one\nthird-one\n")
    found = listed.read(str(out))
    assert [found.has(f"{each}-one") for each in ("first", "second", "third")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no password that could be set"),
        (b"short\n", "holds no password that could be set"),
        (b"8846F7EAEE8FB117AD06BDD830B7586C:5\n", "NTLM"),
        (hashed("password", 1).encode() + b"password\n", "line 2: no SHA-1:count"),
    ],
)
def test_a_list_that_cannot_be_read_makes_no_filter(
    run: Run, tmp_path: Path, content: bytes, said: str
) -> None:
    """One line says why; what was there before stays."""
    _, out = made(run, tmp_path, PLAIN.encode())
    before = out.read_bytes()
    outcome, _ = made(run, tmp_path, content)
    assert said in outcome.one_line
    assert out.read_bytes() == before
    assert sorted(each.name for each in tmp_path.glob("passwords.filter*")) == [out.name]


@pytest.mark.parametrize("number", [1, 100, 20_000])
def test_the_numbers_that_are_promised_hold(tmp_path: Path, number: int) -> None:
    """At most 32 MB; 1 in 10,000 refused without reason, both forms counted; found in under 1 ms."""
    chance = random.Random(number)  # noqa: S311
    letters = string.ascii_letters + string.digits + "-"
    words = ["".join(chance.choices(letters, k=20)) for _ in range(number + 80_000)]
    inside, outside = words[:number], words[number:]
    file = put(tmp_path, *inside)
    assert file.stat().st_size / max(number, 1000) * listed.MOST <= 32_000_000
    found = listed.read(str(file))
    assert all(found.has(each) for each in inside)
    begun = time.thread_time()
    wrong = sum(found.has(each) for each in outside)
    assert (time.thread_time() - begun) / len(outside) < 0.001
    assert wrong / len(outside) <= 1 / 10_000


def damaged(content: bytes) -> dict[str, bytes]:
    """Give files that are no good filter any more, or never were one."""
    flipped = content[:-1] + bytes([content[-1] ^ 1])
    huge = content[:18] + (2**63).to_bytes(8, "big") + content[26:]
    return {
        "it is another kind of file": b"SQLite format 3\x00" * 99,
        "it is another kind of file ": b"",
        "it is another kind of file  ": content[:30],
        "it is cut short": content[:-1],
        "or something was added": content + b"\0",
        "it is damaged": flipped,
        "it is damaged ": content[:26] + b"\xff" + content[27:],
        "it is of version 2, not 1": content[:17] + b"\2" + content[18:],
        "it holds 9223372036854775808 passwords": huge,
    }


def test_a_file_that_is_no_filter_stops_the_start(run: Run, tmp_path: Path) -> None:
    """Cut short, damaged or foreign: one line names the setting; nothing of the file is used."""
    file = put(tmp_path)
    for said, content in damaged(file.read_bytes()).items():
        file.write_bytes(content)
        settings = parts.settings(tmp_path, MYPAGE_PASSWORD_FILTER=str(file))
        with pytest.raises(BadSetting) as caught:
            create_app(settings)
        line = str(caught.value)
        assert line.startswith(f"{REFUSED}{str(file)!r} given; allowed: ")
        assert said.strip() in line
        assert "\n" not in line


@pytest.mark.slow
def test_serving_does_not_begin_with_a_file_that_is_no_filter(run: Run, tmp_path: Path) -> None:
    """The last line names the setting."""
    (tmp_path / "foreign").write_text("a letter to a friend", encoding="utf-8")
    given = parts.environ(tmp_path, MYPAGE_PASSWORD_FILTER=str(tmp_path / "foreign"))
    served = parts.mypage("serve", given=given)
    assert served.returncode == 1
    assert served.stderr.splitlines()[-1].startswith(f"mypage: {REFUSED}")


def test_the_list_that_ships_is_whole_and_refuses_nobody_of_the_demo() -> None:
    """More than a million; what makes a good example is not on it."""
    found = listed.read("")
    assert found.count > 1_000_000
    assert found.has("password1234")
    people = [each for each in vars(personas).values() if isinstance(each, personas.Persona)]
    staff = [each for each in vars(personas).values() if isinstance(each, personas.Officer)]
    used = [p for each in people for p in (each.payment_password, each.bulk_password)]
    assert len(people) + len(staff) > 4
    assert [p for p in (*used, *(each.password for each in staff)) if found.has(p)] == []


def test_the_office_commands_refuse_a_listed_password(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """create-user and set-password alike."""
    monkeypatch.setenv("MYPAGE_PASSWORD_FILTER", str(put(tmp_path)))
    create = ("office", "create-user", "madoguchi", "--role", "clerk", "--password-stdin")
    assert SAID in run(*create, typed=f"{ON_THE_LIST}\n").one_line
    assert run(*create, typed="hiru-no-ame-wo-matsu\n").code == 0
    again = run("office", "set-password", "madoguchi", "--password-stdin", typed=ON_THE_LIST)
    assert SAID in again.one_line


def test_accounts_create_warns_of_a_listed_password(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of every easy one: there the operator decides."""
    monkeypatch.setenv("MYPAGE_PASSWORD_FILTER", str(put(tmp_path)))
    outcome = run(*shlex.split(CONTRACT), typed=f"midori-no-kaze-6288\n{ON_THE_LIST}\n")
    assert outcome.code == 0
    assert outcome.err.startswith(f"warning: bulk password: {SAID}")
