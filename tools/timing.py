"""Measures whether answers that must look alike take the same time, on a real and otherwise idle server.

Run as `python -m tools.timing` from the repository's root. Requests of all kinds go over one connection in
random order, each from a network of its own. Of those that must look alike any two may be told apart no
better than by tossing a coin: medians within 2 ms, and a random time of one is longer than a random time
of the other (AUC) in 45 to 55 of 100 cases.
"""

import argparse
import csv
import http.client
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from urllib.parse import urlencode

import argon2

from tests.support.post import PostOffice
from tests.support.process import Installation
from tools.timing_passkeys import Keys
from web import clock
from web.cli.import_file import COLUMNS
from web.security.passwords import PARAMETERS
from web.security.throttle import ID, ID_AND_NETWORK, Attempt
from web.security.vault import Vault

RIGHT, WRONG = "kuroi-neko-no-yume-88", "shiroi-inu-no-yume-77"
LOGIN, CHANGE, ASK = "/useridmg/login", "/useridmg/password/change", "/useridmg/pwdInitPay/request"
MOST_APART, LEAST_AUC, MOST_AUC = 2.0, 0.45, 0.55  # milliseconds, chances
MOST_RATIO = 1 / 3
KINDS = {"active": 1, "disabled": 2, "expired": 3, "with a passkey": 4}  # the first digit of six
NOBODY = 9
# Of ten accounts of every kind, two were hashed by a weaker system than ours and one by a stronger one,
# and have been imported: no kind of request may show that an ID is among them.
HASHERS = {
    **dict.fromkeys((0, 1), argon2.PasswordHasher(time_cost=1, memory_cost=7168, parallelism=1)),
    2: argon2.PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4),
    **dict.fromkeys(range(3, 10), argon2.PasswordHasher.from_parameters(PARAMETERS)),
}
SLOW = "198.51.100.1"  # the network from which too much was tried

Typed = Callable[[int], dict[str, str]]


@dataclass
class Case:
    """One kind of request, and how long its answers took in milliseconds."""

    group: str  # those of one group must look alike; "" for those that need not
    name: str
    address: str
    typed: Typed
    expected: tuple[int, str]
    network: str = ""
    times: list[float] = field(default_factory=list)


def user_id(kind: int, number: int) -> str:
    """Name an account, or somebody who is none."""
    return f"KNCA{kind}{number:05d}"


def log_in(kind: int, password: str, *, fixed: bool = False) -> Typed:
    """Fill in マイページログイン, for another account each time unless told otherwise."""
    return lambda n: {"user_id": user_id(kind, 99_999 if fixed else n), "password": password}


def change(kind: int, password: str) -> Typed:
    """Fill in パスワード変更."""
    new = {"new_password": WRONG + "x", "new_password_again": WRONG + "x"}
    return lambda n: {"user_id": user_id(kind, 50_000 + n), "current_password": password, **new}


def ask(kind: int, *, fixed: bool = False, address: str = "") -> Typed:
    """Fill in パスワード初期化."""

    def typed(number: int) -> dict[str, str]:
        n = 99_998 if fixed else number
        return {"user_id": user_id(kind, n), "admin_email": address or f"u{kind}{n:05d}@example.jp"}

    return typed


def cases(keys: Keys) -> list[Case]:
    """List what is measured: log-in and change with and without a hash, and requests for a reset."""
    active, disabled, expired, keyed = KINDS.values()
    again, changed, taken = (303, LOGIN), (303, CHANGE), (303, "/useridmg/pwdInitPay/requested")
    found = []
    for group, address, fill, wrong in (
        ("log-in, hashed", LOGIN, log_in, again),
        ("change, hashed", CHANGE, change, changed),
    ):
        found += [
            Case(group, "unknown ID", address, fill(NOBODY, WRONG), wrong),
            Case(group, "wrong password", address, fill(active, WRONG), wrong),
            Case(group, "disabled, right password", address, fill(disabled, RIGHT), wrong),
            Case(group, "expired, wrong password", address, fill(expired, WRONG), wrong),
            Case(group, "with a passkey, wrong one", address, fill(keyed, WRONG), wrong),
        ]
    for kind, name in ((NOBODY, "unknown ID"), (active, "known ID")):
        stop = (429, "")
        slow = log_in(kind, WRONG, fixed=True)
        locked = lambda _, kind=kind: {"user_id": user_id(kind, 99_997), "password": WRONG}  # noqa: E731
        found += [
            Case("log-in, slowed down", name, LOGIN, slow, stop, SLOW),
            Case("log-in, locked", name, LOGIN, locked, stop),
            Case("log-in, empty", name, LOGIN, log_in(kind, ""), again),
            Case("log-in, too long", name, LOGIN, log_in(kind, "x" * 1025), again),
        ]
    group = "log-in by passkey"
    whose = lambda n: user_id(keyed, n)  # noqa: E731
    found += [
        Case(group, "unknown passkey", LOGIN, keys.answer(lambda n: user_id(NOBODY, n)), again),
        Case(group, "known passkey, wrong key", LOGIN, keys.answer(whose), again),
    ]
    group = "request for a reset"
    return [
        *found,
        Case(group, "fits, is mailed", ASK, ask(active), taken),
        Case(group, "fits, more than three", ASK, ask(active, fixed=True), taken),
        Case(group, "another address", ASK, ask(active, address="umi@example.jp"), taken),
        Case(group, "unknown ID", ASK, ask(NOBODY), taken),
        Case(group, "disabled", ASK, ask(disabled), taken),
        Case("", "log-in that succeeds", LOGIN, log_in(active, RIGHT), (303, "/useridmg/mypage")),
        Case(
            "",
            "log-in by passkey",
            LOGIN,
            keys.answer(whose, right=True),
            (303, "/useridmg/mypage"),
        ),
        Case("", "log-in that is expired", LOGIN, log_in(expired, RIGHT), (303, CHANGE)),
    ]


def rows(samples: int) -> Iterator[dict[str, str]]:
    """Make the accounts: one for each try, so that none is slowed down."""
    hashes = {digit: hasher.hash(RIGHT) for digit, hasher in HASHERS.items()}
    for kind in KINDS.values():
        at = clock.now() - (90 if kind == KINDS["expired"] else 1) * clock.DAY
        for number in (*range(samples), *range(50_000, 50_000 + samples), 99_997, 99_998, 99_999):
            hashed = hashes[number % 10]
            values = (
                user_id(kind, number), user_id(kind, number).replace("KNCA", "KICA"), "corporate", "軽自",
                "ケイジ", "軽自　太郎", f"u{kind}{number:05d}@example.jp", "", hashed, hashed,
                clock.in_tokyo(at).isoformat(),
            )  # fmt: skip
            yield dict(zip(COLUMNS, values, strict=True))


def prepare(site: Installation, folder: Path, samples: int, keys: Keys) -> None:
    """Fill the database: accounts, some of them disabled, and failures of the past."""
    file = folder / "accounts.csv"
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(samples))
    for words in (("init-db",), ("accounts", "import", str(file))):
        done = site.command(*words)
        if done.returncode:
            sys.exit(done.stderr)
    vault, now = Vault((site.environ["MYPAGE_SECRET_KEY"],)), clock.now()
    keys.hand_out(site, vault, f"KNCA{KINDS['with a passkey']}")
    tried = [
        (scope, Attempt(vault, user_id(kind, number), SLOW, "").subject(scope))
        for kind in (KINDS["active"], NOBODY)
        for scope, number in ((ID_AND_NETWORK, 99_999), (ID, 99_997))
    ]
    with closing(sqlite3.connect(site.database)) as connection, connection:
        # slowed down for as long as this takes
        sql = "INSERT INTO failures VALUES (?, ?, 100, ?, ?)"
        connection.executemany(sql, [(*each, now, now + clock.DAY) for each in tried])
        sql = "UPDATE accounts SET disabled_at = 1 WHERE payment_user_id LIKE ?"
        connection.execute(sql, (f"KNCA{KINDS['disabled']}%",))


@contextmanager
def serving(samples: int, keys: Keys) -> Iterator[http.client.HTTPConnection]:
    """Run the production server on a fresh database, with a mail server."""
    post = PostOffice()
    post.start()
    with tempfile.TemporaryDirectory() as name:
        site = Installation(Path(name), post.url)
        site.environ["MYPAGE_TRUSTED_PROXIES"] = "127.0.0.1"
        prepare(site, Path(name), samples, keys)
        served = site.serve()
        try:
            yield http.client.HTTPConnection("127.0.0.1", site.port)
        finally:
            served.stop()
            post.stop()


def send(connection: http.client.HTTPConnection, case: Case, number: int, network: int) -> None:
    """Send one request and note its time; the answer must be the one that is meant."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": case.network
        or f"10.{network >> 16}.{network >> 8 & 255}.{network & 255}",
    }
    body = urlencode(case.typed(number))
    before = time.perf_counter_ns()
    connection.request("POST", case.address, body, headers)
    answer = connection.getresponse()
    answer.read()
    case.times.append((time.perf_counter_ns() - before) / 1e6)
    status, lead = case.expected
    told = answer.status, answer.getheader("Location", "")
    if told[0] != status or not told[1].startswith(lead):
        sys.exit(f"{case.group}, {case.name}: answered {told}")


def auc(one: list[float], other: list[float]) -> float:
    """Give the chance that a random time of one is longer than a random time of the other."""
    known = sorted(other)
    wins = sum((bisect_left(known, each) + bisect_right(known, each)) / 2 for each in one)
    return wins / (len(one) * len(other))


def report(measured: list[Case]) -> bool:
    """Print medians, differences and AUC; tell whether all that must look alike does."""
    for case in measured:
        group = case.group or "may differ"
        print(f"{group:22} {case.name:26} {statistics.median(case.times):8.2f} ms")
    print(f"\n{'must look alike':22} {'':54} {'Δmedian':>9} {'AUC':>6}")
    good = True
    for one, other in combinations(measured, 2):
        if not one.group or one.group != other.group:
            continue
        apart = statistics.median(one.times) - statistics.median(other.times)
        chance = auc(one.times, other.times)
        alike = abs(apart) < MOST_APART and LEAST_AUC <= chance <= MOST_AUC
        good = good and alike
        mark = "" if alike else "  TOLD APART"
        names = f"{one.name:26}  {other.name:26}"
        print(f"{one.group:22} {names:54} {apart:+6.2f} ms {chance:6.3f}{mark}")
    named = {case.name: statistics.median(case.times) for case in measured if not case.group}
    ratio = named["log-in by passkey"] / named["log-in that succeeds"]
    print(
        f"\na log-in by passkey takes {ratio:.2f} of one by password; wanted: at most {MOST_RATIO:.2f}"
    )
    return good and ratio <= MOST_RATIO


def main() -> None:
    """Measure and say whether anything is given away."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1000, help="requests of each kind")
    samples = parser.parse_args().samples
    keys = Keys()
    measured = cases(keys)
    with serving(samples, keys) as connection:
        for _ in range(3):  # over the limit of mails an hour; and the server is warm
            send(connection, next(each for each in measured if "three" in each.name), 0, 0)
        for case in measured:
            case.times.clear()
        order = [(case, number) for number in range(samples) for case in measured]
        random.shuffle(order)
        for network, (case, number) in enumerate(order, start=1):
            send(connection, case, number, network)
    sys.exit(0 if report(measured) else 1)


if __name__ == "__main__":
    main()
