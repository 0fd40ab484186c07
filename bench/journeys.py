"""U1 → U3 beside what the peers offer for it, and requests for a reset."""

import time

from bench.ground import KANJI
from bench.load import Shot
from bench.people import Browser, Crowd
from bench.scale import ask_reset
from bench.stage import Stage, median, per_cpu
from bench.table import Line

EDIT = "/useridmg/profile/edit"
KEPT = ("version", "corporate_kana", "corporate_name", "admin_email", "admin_email_again")
EMPTY = ("individual_kana", "individual_name", "notice_email", "notice_email_again")


def measure(stage: Stage) -> list[Line]:
    """Measure journeys and requests per CPU-second."""
    ours = Crowd(stage.mypage, change_profile, stage.ground.people)
    asked: Shot = ask_reset(stage.mypage)
    journeys, page, djangos, fastapis, asks, floor = stage.measured(
        ours, stage.my_page, stage.django.edit, stage.fastapi.edit, asked, stage.floor
    )
    return [
        Line("U1 → U3 : a change in Django + allauth", per_cpu(journeys, djangos)),
        Line("U1 → U3 : a change in fastapi-users", per_cpu(journeys, fastapis)),
        Line("My Pages for the processor time of U1 → U3", per_cpu(page, journeys)),
        Line("U1 → U3 per CPU-second", median(journeys, "per_cpu_second")),
        *(
            Line(f"U1 → U3 {name}", median(journeys, name) * 1000, " ms")
            for name in ("p50", "p95", "p99")
        ),
        Line("reset requests : the floor", per_cpu(asks, floor)),
        Line("reset requests per CPU-second", median(asks, "per_cpu_second")),
        Line("reset requests p99", median(asks, "p99") * 1000, " ms"),
    ]


def change_profile(browser: Browser) -> None:
    """Go from the form by 次へ and 確定 to 登録完了, with another 代表者名 each time."""
    form = browser.get(EDIT).at(EDIT)
    typed = {
        **dict.fromkeys(EMPTY, ""),
        **{name: form.field(name) for name in KEPT},
        "kind": "corporate",
        "representative": f"軽自　{time.perf_counter_ns()}".translate(KANJI),
    }
    confirm = browser.post(form.path, typed).at("/useridmg/profile/confirm")
    browser.post(confirm.path, {}).at("/useridmg/profile/complete")
