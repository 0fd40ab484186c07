"""U1 → U3 beside what the peers offer for it, and requests for a reset."""

import time

from bench.ground import KANJI
from bench.load import Shot
from bench.people import Browser, Crowd, Page
from bench.scale import ask_reset
from bench.stage import Stage, median, per_cpu
from bench.table import Line

EDIT, CONFIRM, COMPLETE = (f"/useridmg/profile/{step}" for step in ("edit", "confirm", "complete"))
KEPT = ("version", "corporate_kana", "corporate_name", "admin_email", "admin_email_again")
EMPTY = ("individual_kana", "individual_name", "notice_email", "notice_email_again")


def measure(stage: Stage) -> list[Line]:
    """Measure journeys and requests per CPU-second."""
    native = Crowd(stage.mypage, change_profile, stage.ground.people)
    by_htmx = Crowd(stage.mypage, change_in_place, stage.ground.people)
    asked: Shot = ask_reset(stage.mypage)
    journeys, in_place, page, djangos, fastapis, asks, floor = stage.measured(
        native, by_htmx, stage.my_page, stage.django.edit, stage.fastapi.edit, asked, stage.floor
    )
    return [
        Line("U1 → U3 : a change in Django + allauth", per_cpu(journeys, djangos)),
        Line("U1 → U3 : a change in fastapi-users", per_cpu(journeys, fastapis)),
        Line("U1 → U3 by htmx : a change in Django + allauth", per_cpu(in_place, djangos)),
        Line("U1 → U3 by htmx : a change in fastapi-users", per_cpu(in_place, fastapis)),
        Line("U1 → U3 by htmx, p50", median(in_place, "p50") * 1000, " ms"),
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
    confirm = browser.post(form.path, _typed(form)).at(CONFIRM)
    browser.post(confirm.path, {}).at(COMPLETE)


def change_in_place(browser: Browser) -> None:
    """Do the same in a browser with script, in which each step takes the place of the one before."""
    form = browser.get(EDIT).at(EDIT)
    confirm = browser.swap(form.path, _typed(form)).at(CONFIRM)
    browser.swap(confirm.path, {}).at(COMPLETE)


def _typed(form: Page) -> dict[str, str]:
    return {
        **dict.fromkeys(EMPTY, ""),
        **{name: form.field(name) for name in KEPT},
        "kind": "corporate",
        "representative": f"軽自　{time.perf_counter_ns()}".translate(KANJI),
    }
