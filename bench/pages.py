"""My Page and a live check beside the floor and the peers."""

from urllib.parse import urlencode

from bench.load import Shot
from bench.stage import Stage, median, per_cpu
from bench.table import Line

CHECK = "/useridmg/profile/check"
SEARCH = "/useridmg/debit/branches"
BRANCH = {"bank": "0005", "branch": "ん"}
KANA = {"corporate_kana": "ｹｲｼﾞ"}


def measure(stage: Stage) -> list[Line]:
    """Measure pages per CPU-second."""
    headers = {**stage.ground.cookie, "HX-Request": "true"}
    check = Shot(stage.mypage, CHECK, headers, body=urlencode(KANA))
    search = Shot(stage.mypage, SEARCH, headers, body=urlencode(BRANCH))
    floor, page, checks, searches, django, fastapi = stage.measured(
        stage.floor, stage.my_page, check, search, stage.django.page, stage.fastapi.page
    )
    return [
        Line("My Page : the floor", per_cpu(page, floor), at_least=0.45),
        Line("My Page : Django + allauth", per_cpu(page, django), at_least=3.5),
        Line("My Page : fastapi-users", per_cpu(page, fastapi)),
        Line("live check : the floor", per_cpu(checks, floor), at_least=0.40),
        Line(
            "p99 of a branch search : of My Page",
            median(searches, "p99") / median(page, "p99"),
            at_most=2,
        ),
        *(
            Line(f"My Page {name}", median(page, name) * 1000, " ms")
            for name in ("p50", "p95", "p99")
        ),
        Line("My Page per CPU-second", median(page, "per_cpu_second")),
        Line("start-up", stage.mypage.started_in, " s"),
        Line("memory", stage.mypage.memory() / 1e6, " MB"),
    ]
