"""`mypage move` of a large database from SQLite to PostgreSQL: how long, how much memory, and does it hold?"""

import asyncio
import os
import re
import subprocess

from bench.ground import MYPAGE, filled
from bench.process import ran
from bench.stage import Stage
from bench.table import Line
from tests.support import postgresql

MOST_MEMORY = 200  # MB, however many rows there are
SETTINGS = "shared_buffers = 256MB\nmax_wal_size = 4GB\n"
_MOVED = re.compile(r"^\w+ +(\d+) rows, the same$", re.MULTILINE)


def measure(stage: Stage) -> list[Line]:
    """Move it; every row is compared by the command, and the trail verified on the other side."""
    (stage.folder / "to-be-moved").mkdir()
    large = filled(stage.folder / "to-be-moved", stage.accounts)
    server = postgresql.Server(SETTINGS)
    stage.stack.callback(server.end)
    asyncio.run(postgresql.created(server.url(), "moved"))
    there = server.url("moved")
    said = stage.folder / "moved.txt"
    with said.open("w+", encoding="utf-8") as out:
        move = ran([MYPAGE, "move", there], {**os.environ, **large.environ}, out)
    rows = sum(map(int, _MOVED.findall(said.read_text(encoding="utf-8"))))
    verified = subprocess.run(
        [MYPAGE, "audit", "verify"], check=False, capture_output=True,
        env={**os.environ, **large.environ, "MYPAGE_DATABASE_URL": there},
    )  # fmt: skip
    return [
        Line(f"rows moved, {large.accounts:,} accounts", rows, at_least=14 * large.accounts),
        Line("seconds that it took", move.seconds),
        Line("memory", move.memory / 1e6, " MB", at_most=MOST_MEMORY),
        Line("`mypage audit verify` on the other side", verified.returncode, at_most=0),
    ]
