"""`make attack`: each attack on a fresh server, and what a bystander feels of it, as tables.

A new attack is a function in a module beside this one, and an entry in its list `ATTACKS`.
"""

import argparse
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
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
    given = asked.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {Stage.machine()}")
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="mypage-attack-") as folder:
        for number, name in enumerate(given.only or ATTACKS):
            attack = ATTACKS[name]
            with under_attack(Path(folder) / str(number), attack.hasher) as site:
                measured = measure(site, attack, given.seconds)
            # The server has stopped: what was in the write-ahead log lies in the file.
            grown = (site.bytes_on_disk() - site.bytes_before) / MEGABYTE
            measured.append(Line("files grown", grown, " MB", at_most=MOST_WRITTEN))
            print(written(name, measured), flush=True)
            lines += measured
    return 0 if all(line.holds for line in lines) else 1


def measure(site: Site, attack: Attack, seconds: float) -> list[Line]:
    """Watch in quiet, then under the attack."""
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        apart.submit(watch, site.server.port, 1.0).result()  # the first answers warm up
        quiet = apart.submit(watch, site.server.port, seconds).result()
        memory = site.server.memory()
        began = time.perf_counter()
        watching = apart.submit(watch, site.server.port, seconds)
        said = attack.run(site, began + seconds)
        attacked = watching.result()
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
