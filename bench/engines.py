"""PostgreSQL beside SQLite in one run; two nodes beside one; many accounts beside a thousand."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench import turn
from bench.ground import Ground, prepare
from bench.journeys import change_profile
from bench.load import Result, Shot
from bench.log_ins import BUSY
from bench.people import Crowd
from bench.process import Server
from bench.scale import SOME, ask_reset, beside, filled
from bench.stage import FEW, MY_PAGE, Stage, median, per_cpu
from bench.table import Line
from tests.support import postgresql

IMPORTED_PER_SECOND = 15_000
# What is acknowledged is on the disk, as on SQLite.
SETTINGS = "max_connections = 200\nshared_buffers = 256MB\nmax_wal_size = 4GB\n"


def measure(stage: Stage) -> list[Line]:
    """Measure what a node does for a second of its own processor; the server's is not counted."""
    server = postgresql.Server(SETTINGS)
    stage.stack.callback(server.end)
    few = _ground(stage, server, FEW)
    one, two = (stage.stack.enter_context(few.mypage()) for _ in range(2))
    lines = [*_beside_sqlite(stage, one, few), *_two_nodes(stage, few, one, two)]
    some, large = (_ground(stage, server, accounts) for accounts in (SOME, stage.accounts))
    lines += filled(some, large, IMPORTED_PER_SECOND)
    return [*lines, *beside(stage, few, one, large), *turn.measure(stage)]


def _ground(stage: Stage, server: postgresql.Server, accounts: int) -> Ground:
    name = f"mypage_{accounts}"
    asyncio.run(postgresql.created(server.url(), name))
    return prepare(stage.folder, accounts, url=server.url(name))


def _beside_sqlite(stage: Stage, node: Server, few: Ground) -> list[Line]:
    """Load both in turn."""
    sqlite, lines = stage.mypage, []
    for name, ours, theirs, at_least in (
        ("My Page", Shot(node, MY_PAGE, few.cookie), stage.my_page, 0.95),
        ("log-ins", stage.log_in(node).with_connections(BUSY),
         stage.log_in(sqlite).with_connections(BUSY), 0.95),
        ("U1 → U3", Crowd(node, change_profile, few.people),
         Crowd(sqlite, change_profile, stage.ground.people), None),
        ("reset requests", ask_reset(node), ask_reset(sqlite), None),
    ):  # fmt: skip
        on_server, on_file = stage.measured(ours, theirs)
        ratio = per_cpu(on_server, on_file)
        lines += [
            Line(f"{name}, PostgreSQL : SQLite", ratio, at_least=at_least),
            Line(f"{name} per CPU-second on PostgreSQL", median(on_server, "per_cpu_second")),
            Line(f"{name} per CPU-second on SQLite", median(on_file, "per_cpu_second")),
        ]
    return lines


@dataclass(frozen=True)
class _Both:
    """The same request, made to two nodes at once."""

    shots: tuple[Shot, Shot]

    def run(self, seconds: int) -> Result:
        """Load both; add up what they did and what it cost."""
        with ThreadPoolExecutor(2) as threads:
            one, other = threads.map(lambda shot: shot.run(seconds), self.shots)
        return Result(
            one.requests + other.requests, max(one.seconds, other.seconds),
            one.refused + other.refused, one.broken + other.broken,
            max(one.p50, other.p50), max(one.p95, other.p95), max(one.p99, other.p99),
            one.cpu + other.cpu,
        )  # fmt: skip


def _two_nodes(stage: Stage, few: Ground, one: Server, two: Server) -> list[Line]:
    """Load one, then both."""
    lines = []
    for name, shots in (
        ("My Page", [Shot(node, MY_PAGE, few.cookie) for node in (one, two)]),
        ("log-ins", [stage.log_in(node).with_connections(BUSY // 2) for node in (one, two)]),
    ):
        alone, both = stage.measured(shots[0], _Both((shots[0], shots[1])))
        lines.append(Line(f"{name}, two nodes : one", per_cpu(both, alone), at_least=0.90))
    return lines
