"""`make attack`: each attack on a fresh server, and what a bystander feels of it, as tables.

A new attack is a function in a module beside this one, and an entry in its list `ATTACKS`.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from bench.attack import guesses, mails, rows, sockets, texts
from bench.attack.attacks import Attack
from bench.attack.bystander import Waits, watch
from bench.attack.site import Site, under_attack
from bench.stage import Stage
from bench.table import Line, written

ATTACKS = {
    each.name: each
    for each in [*texts.ATTACKS, *sockets.ATTACKS, *rows.ATTACKS, *mails.ATTACKS, *guesses.ATTACKS]
}
MOST_TIMES_QUIET, MOST_WAIT = 5.0, 0.25  # seconds
MOST_WRITTEN, MOST_MEMORY = 3.0, 50.0  # MB
MEGABYTE = 1024 * 1024


def main() -> int:
    """Run the attacks that were asked for; 1 when a bound does not hold."""
    asked = argparse.ArgumentParser(prog="bench.attack")
    asked.add_argument("--seconds", type=float, default=15, help="of each attack")
    asked.add_argument("--only", choices=ATTACKS, action="append")
    asked.add_argument(
        "--runs", type=int, default=3, help="of an attack that breaks a bound, at most"
    )
    given = asked.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {Stage.machine()}")
    with tempfile.TemporaryDirectory(prefix="mypage-attack-") as folder:
        held = [
            holds(ATTACKS[name], Path(folder) / str(number), given.seconds, given.runs)
            for number, name in enumerate(given.only or ATTACKS)
        ]
    return 0 if all(held) else 1


def holds(attack: Attack, folder: Path, seconds: float, runs: int) -> bool:
    """Run an attack, again when a bound is broken: other work on the machine breaks one once, a fault always."""
    for number in range(1, runs + 1):
        with under_attack(folder.with_suffix(f".{number}"), attack.hasher) as site:
            lines = measure(site, attack, seconds)
        # The server has stopped: what was in the write-ahead log lies in the file.
        grown = (site.bytes_on_disk() - site.bytes_before) / MEGABYTE
        lines.append(Line("files grown", grown, " MB", at_most=MOST_WRITTEN))
        print(
            written(attack.name if number == 1 else f"{attack.name}, run {number}", lines),
            flush=True,
        )
        if all(line.holds for line in lines):
            return True
    return False


def measure(site: Site, attack: Attack, seconds: float) -> list[Line]:
    """Watch in quiet, then under the attack."""
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as apart,
        ThreadPoolExecutor(1) as attacking,
    ):

        def waits() -> Waits:
            watching = apart.submit(watch, site.server.port, seconds)
            others = attack.others(site, time.perf_counter() + seconds) if attack.others else None
            return watching.result().beside(others)

        apart.submit(watch, site.server.port, 1.0).result()  # the first answers warm up
        quiet = waits()
        memory = site.server.memory()
        attacker = attacking.submit(attack.run, site, time.perf_counter() + seconds)
        attacked = waits()
        said = attacker.result()
    return [
        *said,
        *felt(quiet, attacked),
        Line(
            "memory grown", (site.server.memory() - memory) / MEGABYTE, " MB", at_most=MOST_MEMORY
        ),
    ]


def felt(quiet: Waits, attacked: Waits) -> list[Line]:
    """Compare what the bystander felt."""
    lines = [Line("bystander's wrong answers", attacked.wrong, at_most=0)]
    for path, before in quiet.worst.items():
        worst = attacked.worst[path]
        lines += [
            Line(f"worst wait on {path}, quiet", before * 1000, " ms"),
            Line(f"worst wait on {path}, attacked", worst * 1000, " ms", at_most=MOST_WAIT * 1000),
            Line(f"attacked : quiet on {path}", worst / before, at_most=MOST_TIMES_QUIET),
        ]
    return lines


if __name__ == "__main__":  # the bystander's process imports this module
    sys.exit(main())
