"""`make bench`: everything in one run on one machine, as tables of ratios.

Ratios are medians over interleaved rounds; "per CPU-second" counts the server's processor time, so
that what else the machine does matters less.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import (
    before,
    engines,
    journeys,
    log_ins,
    moving,
    pages,
    payments,
    scale,
    second_factor,
    soak,
    turn,
)
from bench.stage import Stage
from bench.table import Line, written

TABLES = {
    "Pages": pages.measure,
    "Log-ins": log_ins.measure,
    "A second factor": second_factor.measure,
    "Journeys": journeys.measure,
    "A thousand accounts and many": scale.measure,
    "Payments": payments.measure,
    "Soak": soak.measure,
    "PostgreSQL": engines.measure,
    "Before": before.measure,
    "The turn": turn.measure,
    "A move": moving.measure,
}
WHEN_ASKED = {"Soak", "PostgreSQL", "Before", "The turn", "A move"}
BY_DEFAULT = [title for title in TABLES if title not in WHEN_ASKED]


def main() -> int:
    """Run the tables that were asked for; 1 when a bound does not hold."""
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seconds", type=int, default=4, help="of each load")
    asked.add_argument("--accounts", type=int, default=1_000_000, help="of the large database")
    asked.add_argument("--payments", type=int, default=1_000_000, help="of one account in a year")
    asked.add_argument("--minutes", type=float, default=10, help="of the soak")
    asked.add_argument("--before", type=Path, help="another checkout, beside this one")
    asked.add_argument("--only", choices=TABLES, action="append")
    given = vars(asked.parse_args())
    titles = given.pop("only") or BY_DEFAULT
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {Stage.machine()}")
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="mypage-bench-") as folder, ExitStack() as stack:
        stage = Stage(Path(folder), stack, **given)
        for title in titles:
            measured = TABLES[title](stage)
            print(written(title, measured), flush=True)
            lines += measured
    return 0 if all(line.holds for line in lines) else 1


sys.exit(main())
