"""Another checkout beside this one: what became slower since (`make bench WHAT="--only Before --before ../old"`)."""

from urllib.parse import urlencode

from bench.ground import FIRST, PASSWORD, filled
from bench.journeys import change_profile
from bench.load import Shot
from bench.log_ins import BUSY
from bench.pages import CHECK, KANA
from bench.people import Browser, Crowd
from bench.process import Server
from bench.stage import FEW, LOG_IN, MY_PAGE, Stage, per_cpu
from bench.table import Line

AT_LEAST = 0.97


def measure(stage: Stage) -> list[Line]:
    """Load both in turn, each on a database that it made itself."""
    (stage.folder / "before").mkdir()
    old = filled(stage.folder / "before", FEW, checkout=stage.before)
    servers = stage.mypage, stage.stack.enter_context(old.mypage())
    ways = [_ways(stage, server) for server in servers]
    names = ("My Page", "live check", "log-ins", "U1 → U3")
    lines = []
    for name, ours, theirs in zip(names, *ways, strict=True):
        now, then = stage.measured(ours, theirs)
        lines.append(Line(f"{name}, now : before", per_cpu(now, then), at_least=AT_LEAST))
    return lines


def _ways(stage: Stage, server: Server) -> list[Shot | Crowd]:
    person = Browser(server, {})
    person.post(LOG_IN, {"user_id": FIRST, "password": PASSWORD}).at(MY_PAGE)
    htmx = {**person.headers, "HX-Request": "true"}
    return [
        Shot(server, MY_PAGE, person.headers),
        Shot(server, CHECK, htmx, body=urlencode(KANA)),
        stage.log_in(server).with_connections(BUSY),
        Crowd(server, change_profile, [person.cookies]),
    ]
