"""Log-ins beside bare Argon2 and the peers, and what they do to My Page meanwhile."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import argon2

from bench import load
from bench.ground import PASSWORD
from bench.load import Result, Shot
from bench.stage import Stage, median, per_clock
from bench.table import Line
from web.security.passwords import PARAMETERS

BUSY = 16  # log-ins at once
CROWD = 500


def measure(stage: Stage) -> list[Line]:
    """Measure log-ins per second, and the page while they go on."""
    ours, django, fastapi = (
        stage.log_in(stage.mypage).with_connections(BUSY),
        stage.django.log_in.with_connections(BUSY),
        stage.fastapi.log_in.with_connections(BUSY),
    )
    bare, mine, djangos, fastapis = stage.measured(BareArgon2(), ours, django, fastapi)
    page, fastapi_page = (
        _meanwhile(stage, stage.my_page, ours),
        _meanwhile(stage, stage.fastapi.page, fastapi),
    )
    crowd = ours.with_connections(CROWD, all_good=False).run(stage.seconds * 3)
    stage.mypage.settle()
    return [
        Line("log-ins : bare Argon2", per_clock(mine, bare), at_least=0.90),
        Line("log-ins : Django + allauth", per_clock(mine, djangos)),
        Line("log-ins : fastapi-users", per_clock(mine, fastapis)),
        Line("log-ins per second", median(mine, "per_second")),
        Line("My Page p95 meanwhile", page.p95 * 1000, " ms"),
        Line("My Page p95 meanwhile : fastapi-users", page.p95 / fastapi_page.p95, at_most=1 / 3),
        Line(f"{CROWD} at once: lost connections", crowd.broken, at_most=0),
        Line(f"{CROWD} at once: memory after", stage.mypage.memory() / 1e6, " MB", at_most=200),
    ]


class BareArgon2:
    """Verifies in as many threads as there are cores, and does nothing else."""

    def run(self, seconds: int, /) -> Result:
        """Verify for some seconds."""
        hasher = argon2.PasswordHasher.from_parameters(PARAMETERS)
        stored = hasher.hash(PASSWORD)
        began, cores = time.perf_counter(), os.cpu_count() or 1

        def verify_on(_: int) -> int:
            done = 0
            while time.perf_counter() < began + seconds:
                hasher.verify(stored, PASSWORD)
                done += 1
            return done

        with ThreadPoolExecutor(cores) as threads:
            done = sum(threads.map(verify_on, range(cores)))
        lasted = time.perf_counter() - began
        return Result(done, lasted, refused=0, broken=0, p50=0, p95=0, p99=0, cpu=cores * lasted)


def _meanwhile(stage: Stage, page: Shot, log_in: Shot) -> Result:
    with load.beside(log_in, stage.seconds * 3):
        return page.run(stage.seconds)
