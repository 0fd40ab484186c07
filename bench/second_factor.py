"""Log-ins with a code of an app beside log-ins without, on one server: what the second factor costs."""

import itertools
import sqlite3
import time
from contextlib import closing

from bench.ground import PASSWORD, Ground, prepare
from bench.people import Browser, Crowd, Page
from bench.stage import LOG_IN, MY_PAGE, Stage, median, per_cpu
from bench.table import Line
from web.security import tokens, totp
from web.security.vault import Vault
from web.steps import second_factor

PLAIN, CODED = 1_000, 3_000  # accounts without an app, and in all
AT_ONCE = 8
SECRET = b"twenty bytes, no more"[:20]
SECOND = "/useridmg/login/second"


def measure(stage: Stage) -> list[Line]:
    """Measure log-ins per CPU-second of both kinds."""
    ground = prepare(stage.folder, CODED)
    _give_apps(ground)
    server = stage.stack.enter_context(ground.mypage())
    plain, coded = itertools.count(), itertools.count()

    def without(browser: Browser) -> None:
        _typed(browser, 1 + next(plain) % PLAIN).at(MY_PAGE)

    def with_a_code(browser: Browser) -> None:
        turn = next(coded)
        asked = _typed(browser, PLAIN + 1 + turn % (CODED - PLAIN)).at(SECOND)
        # each code of an account is good once: who comes again types the next one
        near = turn // (CODED - PLAIN)
        code = totp.code(SECRET, totp.step_at(int(time.time())) + near)
        browser.post(asked.path, {"code": code}).at(MY_PAGE)

    nobody: list[dict[str, str]] = [{} for _ in range(AT_ONCE)]
    crowds = (Crowd(server, with_a_code, nobody), Crowd(server, without, nobody))
    codes, passwords = stage.measured(*crowds)
    return [
        Line(
            "log-ins with a code : without, per CPU-second", per_cpu(codes, passwords), at_least=0.9
        ),
        Line("log-in with a code, p50", median(codes, "p50") * 1000, " ms"),
        Line("log-in without, p50", median(passwords, "p50") * 1000, " ms"),
    ]


def _typed(browser: Browser, number: int) -> Page:
    browser.cookies.clear()  # who logs in is not logged in as somebody else
    return browser.post(LOG_IN, {"user_id": f"KNCA{number:04}", "password": PASSWORD})


def _give_apps(ground: Ground) -> None:
    """Give the last accounts an app each, whose secret is known here."""
    vault = Vault((ground.environ["MYPAGE_SECRET_KEY"],))
    with closing(sqlite3.connect(ground.database)) as connection, connection:
        numbers = [f"KNCA{number:04}" for number in range(PLAIN + 1, CODED + 1)]
        owners = dict(connection.execute("SELECT payment_user_id, id FROM accounts"))
        for number in numbers:
            app_id = tokens.new_id()
            sealed = second_factor.sealed(vault, app_id, SECRET)
            connection.execute(
                "INSERT INTO code_apps VALUES (?, ?, 'bench', ?, ?, 0, 0, NULL)",
                (app_id, owners[number], sealed, vault.key_id),
            )
