"""A large database beside a small one, and how long it takes to fill it."""

from urllib.parse import urlencode

from bench.ground import Ground, address, prepare
from bench.load import Shot
from bench.people import Browser
from bench.process import Server
from bench.stage import FEW, MY_PAGE, Stage, median, per_cpu
from bench.table import Line

REQUEST = "/useridmg/pwdInitPay/request"
DESK = "/office/accounts"
# What callers say of a フリガナ: a part of many, of one, of nobody; its end; one letter.
NOBODY = "ヌルヌル"
PARTS = ("ギョウセイ", "イレニゴク", NOBODY, "じむしょ", "ヌ")
SOME = 10_000  # accounts: a file that is worth a second process, as every large one
IMPORTED_PER_SECOND = 20_000
MOST_MORE_MEMORY = 30  # MB


def measure(stage: Stage) -> list[Line]:
    """Measure pages, log-ins and reset requests on both databases."""
    some, large = (prepare(stage.folder, accounts) for accounts in (SOME, stage.accounts))
    lines = filled(some, large, IMPORTED_PER_SECOND)
    return lines + beside(stage, stage.ground, stage.mypage, large)


def filled(some: Ground, large: Ground, per_second: int) -> list[Line]:
    """Tell how fast a large database was filled, and what that took of memory beyond filling another one."""
    more = large.imported.memory - some.imported.memory
    return [
        Line(
            f"import of {large.accounts:,} accounts, rows a second",
            large.accounts / large.imported.seconds,
            at_least=per_second,
        ),
        Line("its memory", large.imported.memory / 1e6, " MB"),
        Line(f"beyond that of {some.accounts:,}", more / 1e6, " MB", at_most=MOST_MORE_MEMORY),
    ]


def beside(stage: Stage, few: Ground, on_few: Server, large: Ground) -> list[Line]:
    """Measure pages, log-ins, reset requests and searches on both."""
    lines = []
    with large.mypage() as server:
        for name, small, big in (
            ("My Page", Shot(on_few, MY_PAGE, few.cookie), Shot(server, MY_PAGE, large.cookie)),
            ("log-ins", stage.log_in(on_few), stage.log_in(server)),
            ("reset requests", ask_reset(on_few), ask_reset(server)),
            ("office search", ask_desk(on_few, few, NOBODY), ask_desk(server, large, NOBODY)),
        ):
            those_few, those_many = stage.measured(small, big)
            what = f"{name}, {large.accounts:,} : {FEW:,} accounts"
            lines.append(Line(what, per_cpu(those_many, those_few), at_least=0.90))
        alone = [Shot(server, MY_PAGE, large.cookie)]
        alone += [ask_desk(server, large, part) for part in PARTS]
        page, *found = stage.measured(*(each.with_connections(1) for each in alone))
        slowest = max(median(each, "p99") for each in found) / median(page, "p99")
        what = f"p99 of the desk's slowest search by フリガナ : of My Page, {large.accounts:,} accounts"
        lines.append(Line(what, slowest, at_most=2))
    return lines


def ask_desk(server: Server, ground: Ground, part: str) -> Shot:
    """Look again and again at what a search of the office has found."""
    desk = Browser(server, ground.desk)
    desk.post(DESK, {"sought": part}).at(DESK)
    return Shot(server, f"{DESK}?again=1", desk.headers)


def ask_reset(server: Server) -> Shot:
    """Ask for a reset of an account, each time as another client; it is judged behind the answer."""
    body = urlencode({"user_id": "KNCA0002", "admin_email": address(2)})
    return Shot(server, REQUEST, body=body, spread=True, lingers=True)
