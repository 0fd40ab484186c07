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
PARTS = ("ギョウセイ", "イレニゴク", "ヌルヌル", "じむしょ", "ヌ")
IMPORTED_PER_SECOND = 20_000
MOST_MORE_MEMORY = 30  # MB


def measure(stage: Stage) -> list[Line]:
    """Measure pages, log-ins and reset requests on both databases."""
    large = prepare(stage.folder, stage.accounts)
    more = large.imported.memory - stage.ground.imported.memory
    lines = [
        Line(
            f"import of {stage.accounts:,} accounts, rows a second",
            stage.accounts / large.imported.seconds,
            at_least=IMPORTED_PER_SECOND,
        ),
        Line(f"its memory beyond that of {FEW:,}", more / 1e6, " MB", at_most=MOST_MORE_MEMORY),
    ]
    with large.mypage() as server:
        for name, few, many in (
            ("My Page", stage.my_page, Shot(server, MY_PAGE, large.cookie)),
            ("log-ins", stage.log_in(stage.mypage), stage.log_in(server)),
            ("reset requests", ask_reset(stage.mypage), ask_reset(server)),
        ):
            small, big = stage.measured(few, many)
            what = f"{name}, {stage.accounts:,} : {FEW:,} accounts"
            lines.append(Line(what, per_cpu(big, small), at_least=0.90))
        alone = [Shot(server, MY_PAGE, large.cookie)]
        alone += [ask_desk(server, large, part) for part in PARTS]
        page, *found = stage.measured(*(each.with_connections(1) for each in alone))
        slowest = max(median(each, "p99") for each in found) / median(page, "p99")
        what = f"p99 of the desk's slowest search by フリガナ : of My Page, {stage.accounts:,} accounts"
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
