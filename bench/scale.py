"""A large database beside a small one, and how long it takes to fill it."""

from urllib.parse import urlencode

from bench.ground import address, prepare
from bench.load import Shot
from bench.process import Server
from bench.stage import FEW, MY_PAGE, Stage, per_cpu
from bench.table import Line

REQUEST = "/useridmg/pwdInitPay/request"
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
    return lines


def ask_reset(server: Server) -> Shot:
    """Ask for a reset of an account, each time as another client; it is judged behind the answer."""
    body = urlencode({"user_id": "KNCA0002", "admin_email": address(2)})
    return Shot(server, REQUEST, body=body, spread=True, lingers=True)
