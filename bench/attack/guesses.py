"""Attacks on passwords and on those who log in: places to guess, times that tell, a crowded queue."""

import html
import json
import os
import re
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from urllib.parse import urlsplit

import argon2

from bench.attack.attacks import Attack, network, until
from bench.attack.bystander import Waits
from bench.attack.site import HOST, Site, Told, ask
from bench.ground import PASSWORD, address
from bench.scale import REQUEST
from bench.stage import LOG_IN
from bench.table import Line
from tests.support.authenticator import Authenticator
from tools.timing import auc

NEW = "ame-no-hi-no-sanpo-31"
CHOOSE = "/useridmg/pwdInitPay/password"
OK, AGAIN, GONE, SLOWER = 200, 303, 410, 429
MOST_GUESSES, LATER = 5, 4  # as at log-in: then come delays of 1, 2, 4 and 8 s
MOST_APART = 1.25  # times: a hash of ours would be three times as quick
MOST_AUC_FROM_EVEN = 0.2  # of few samples; `make timing` measures finer
IMPORTED = argon2.PasswordHasher(time_cost=3, memory_cost=32_768, parallelism=1)
JUDGED = "/useridmg/password/check"
CROWD, MANY = (
    8,
    80,
)  # connections; of the second every log-in of others was refused, or took seconds


def _used_link(site: Site, ends: float) -> list[Line]:
    """Guess the password that a mailed URL has set, knowing the URL and the `once` of its form."""
    victim = site.browser("203.0.113.9")
    victim.post(REQUEST, {"user_id": "KNCA0009", "admin_email": address(9)})
    link = urlsplit(site.mails("pwdInitPay/INIT", 1, within=10)[0].link)
    form = victim.get(f"{link.path}?{link.query}").at(CHOOSE)
    once, twice = form.field("once"), {"new_password": NEW, "new_password_again": NEW}
    victim.post(form.path, {"once": once, **twice}).at("/useridmg/pwdInitPay/complete")
    told: list[int] = []
    thief = site.browser(network(1))
    thief.get(f"{link.path}?{link.query}")
    thief.close()  # and comes again at the end: the server keeps no idle connection so long
    victim_page = form.path
    for number in until(ends, 400):
        typed = f"ame-no-hi-no-sanpo-{number:03}"
        guess = {"new_password": typed, "new_password_again": typed}
        told.append(victim.post(victim_page, {"once": once, **guess}).status)
    stranger = thief.post(victim_page, {"once": "0" * 32, **twice}).status
    thief.close()
    victim.close()
    written = site.rows("SELECT COUNT(*) FROM audit WHERE event = 'password.refused'")[0][0]
    judged = sum(status != SLOWER for status in told)
    return [
        Line("guesses at the used URL", len(told)),
        Line("of them judged", judged, at_most=MOST_GUESSES + LATER),
        Line("of them in the audit trail", float(str(written)), at_least=judged),
        Line("right guesses told without the form", stranger in {OK, AGAIN}, at_most=0),
    ]


def _imported(site: Site, ends: float) -> list[Line]:
    """Take the time of wrong passwords for accounts that were imported, and for IDs that nobody has."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in until(ends, 400):
        known = number % 2 == 0
        user_id = f"KNCA{number // 2 % 190 + 10:04}" if known else f"KNCA6{number:04}"
        began = time.perf_counter()
        site.ask(LOG_IN, {"user_id": user_id, "password": NEW}, network=network(number))
        times[known].append((time.perf_counter() - began) * 1000)
    imported, unknown = (statistics.median(times[known]) for known in (True, False))
    apart = max(imported, unknown) / min(imported, unknown)
    even = abs(auc(times[True], times[False]) - 0.5)
    return [
        Line("tries of each kind", len(times[True])),
        Line("median, imported", imported, " ms"),
        Line("medians of imported and unknown IDs apart", apart, " times", at_most=MOST_APART),
        Line("AUC from even", even, at_most=MOST_AUC_FROM_EVEN),
    ]


def _log_ins(site: Site, ends: float) -> Waits:
    """Log in again and again, from many places."""
    waits = Waits({"log-in": 0.0})
    for number in until(ends, 1_000):
        told, took = _log_in(site, number)
        waits.worst["log-in"] = max(waits.worst["log-in"], took)
        waits.asked += 1
        waits.wrong += told.status != AGAIN
    return waits


def _judged(site: Site, ends: float) -> list[Line]:
    """Have new passwords judged over many connections, while others log in."""
    typed = {"new_password": "P4ssw0rd{0}{1}Passw0rd" * 4}
    told = _from_one_network(site, ends, JUDGED, typed, CROWD)
    return [
        Line("passwords judged", told[OK], at_least=1),
        Line("turned away", told.total() - told[OK]),
    ]


def _right(site: Site, ends: float) -> list[Line]:
    """Log in with one right password over many connections, while others log in."""
    told = _from_one_network(
        site, ends, LOG_IN, {"user_id": "KNCA0003", "password": PASSWORD}, MANY
    )
    return [
        Line("log-ins", told[AGAIN], at_least=1),
        Line("turned away", told.total() - told[AGAIN]),
    ]


def _from_one_network(
    site: Site, ends: float, path: str, typed: dict[str, str], crowd: int
) -> Counter[int]:
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        seconds = ends - time.perf_counter()
        return apart.submit(send_apart, site.server.port, seconds, path, typed, crowd).result()


def send_apart(
    port: int, seconds: float, path: str, typed: dict[str, str], crowd: int
) -> Counter[int]:
    """Send a form over so many connections from one network without a pause, in a process of its own; give what was answered.

    `{0}` and `{1}` in what is typed become numbers, so that nothing is sent twice.
    """
    os.nice(10)  # an attacker computes on another machine: the server is not to wait for it
    ends = time.perf_counter() + seconds

    def send(worker: int) -> Counter[int]:
        told: Counter[int] = Counter()
        while time.perf_counter() < ends:
            sent = {name: text.format(worker, told.total()) for name, text in typed.items()}
            told[ask(port, path, sent, network="198.51.100.66").status] += 1
        return told

    with ThreadPoolExecutor(crowd) as threads:
        return sum(threads.map(send, range(crowd)), Counter[int]())


def _log_in(site: Site, number: int) -> tuple[Told, float]:
    typed = {"user_id": f"KNCA{number % 190 + 10:04}", "password": PASSWORD}
    began = time.perf_counter()
    told = site.ask(LOG_IN, typed, network=f"203.0.113.{number % 200 + 10}")
    return told, time.perf_counter() - began


def _passkeys(site: Site, ends: float) -> list[Line]:
    """Answer for a passkey that nobody has, signed rightly, and with what is no answer."""
    asked, refused, device = 0, 0, Authenticator(origin=f"https://{HOST}", rp_id=HOST)
    page = site.ask(LOG_IN, network=network(0)).text
    wanted = json.loads(html.unescape(re.findall('data-passkey="([^"]+)"', page)[0]))
    answers = [device.use(wanted), "[" * 8_000, '{"id":"' + "A" * 8_000 + '"}', "A" * 60_000]
    for number in until(ends, 4_000):
        told = site.ask(LOG_IN, {"credential": answers[number % 4]}, network=network(number))
        asked += 1
        refused += told.status == AGAIN and "again" in told.location
    rows = site.rows("SELECT COUNT(*) FROM audit WHERE event = 'passkey.refused'")[0][0]
    return [
        Line("answers of passkeys that nobody has", asked),
        Line("not refused calmly", asked - refused, at_most=0),
        Line("rows in the audit trail", float(str(rows)), at_most=0),
    ]


ATTACKS = [
    Attack("Answers of passkeys that nobody has", _passkeys),
    Attack("Guessing at a used mailed URL", _used_link),
    Attack("The time that imported hashes take", _imported, IMPORTED),
    Attack("Live checks of passwords from one network", _judged, others=_log_ins),
    Attack("Right passwords from one network", _right, others=_log_ins),
]
