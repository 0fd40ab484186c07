"""Everything at once for minutes, mails delivered: does memory stay flat, is every answer right?"""

import http.client
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench.ground import PASSWORD, PEOPLE, address, prepare
from bench.journeys import change_profile
from bench.load import WrongAnswers
from bench.pages import CHECK, KANA, SEARCH
from bench.people import Browser
from bench.process import Server
from bench.scale import REQUEST
from bench.stage import FEW, LOG_IN, MY_PAGE, Stage
from bench.table import Line
from tests.ports import free_port

WARMS_UP = 0.2  # of the whole
LOOKED_AT = 0.1  # of the whole, behind the warm-up and at the end
MOST_GROWTH = 1.10
ASK_BULK = "/useridmg/pwdInitBulk/request"
HTMX = {"HX-Request": "true"}


def measure(stage: Stage) -> list[Line]:
    """Let people come and go, and look at the server's memory once a second."""
    folder = stage.folder / "soak"
    folder.mkdir()
    ground = prepare(folder, FEW)
    with _mail_server() as url, ground.mypage(MYPAGE_SMTP_URL=url) as server:
        crowd = _Crowd(server, stage.minutes * 60)
        memory = crowd.watched()
    some = max(1, round(len(memory) * LOOKED_AT))
    warm = round(len(memory) * WARMS_UP)
    before, after = (statistics.median(part) for part in (memory[warm:][:some], memory[-some:]))
    return [
        Line(f"visits in {stage.minutes:g} min", crowd.visits),
        Line("wrong answers", len(crowd.wrong), at_most=0),
        Line("memory after the warm-up", before / 1e6, " MB"),
        Line("memory at the end", after / 1e6, " MB"),
        Line("memory at the end : after the warm-up", after / before, at_most=MOST_GROWTH),
        Line("memory at most", max(memory) / 1e6, " MB"),
    ]


class _Crowd:
    """People who come back as somebody else each time."""

    def __init__(self, server: Server, seconds: float) -> None:
        self._server = server
        self._ends = time.perf_counter() + seconds
        self._counting = threading.Lock()
        self.visits = 0
        self.wrong: list[str] = []

    def watched(self) -> list[int]:
        """Run to the end; give the memory, second by second."""
        memory = []
        with ThreadPoolExecutor(PEOPLE) as threads:
            people = [threads.submit(self._come_and_go, person) for person in range(PEOPLE)]
            while time.perf_counter() < self._ends:
                time.sleep(1)
                memory.append(self._server.memory())
            for each in people:
                each.result()  # what nobody foresaw ends the run
        for what in self.wrong[:5]:
            print(what, file=sys.stderr)
        return memory

    def _come_and_go(self, person: int) -> None:
        chance = random.Random(person)  # noqa: S311 no secret
        while time.perf_counter() < self._ends:
            number = chance.randrange(FEW // PEOPLE) * PEOPLE + person + 1  # nobody else's
            near = ".".join(str(chance.randrange(1, 224)) for _ in range(4))
            browser = Browser(self._server, {}, {"X-Forwarded-For": near})
            try:
                _visit(browser, number)
            except (WrongAnswers, http.client.HTTPException, OSError) as wrong:
                self.wrong.append(repr(wrong))
            finally:
                browser.close()
            with self._counting:
                self.visits += 1


def _visit(browser: Browser, number: int) -> None:
    """Do what people do: mistype the password, look, change, ask for a reset, leave."""
    known = {"user_id": f"KNCA{number:04}"}
    browser.get("/").at("/")
    browser.post(LOG_IN, {**known, "password": "not-this-one"}).at(LOG_IN, 422)
    browser.post(LOG_IN, {**known, "password": PASSWORD}).at(MY_PAGE)
    for _ in range(5):
        browser.get(MY_PAGE).at(MY_PAGE)
        browser.post(CHECK, KANA, **HTMX).at(CHECK)
        browser.get(SEARCH).at(SEARCH.partition("?")[0])
    change_profile(browser)
    for path in ("/useridmg/activity", "/useridmg/sessions", "/useridmg/debit/national"):
        browser.get(path).at(path)
    once = browser.get(ASK_BULK).at(ASK_BULK).field("once")
    browser.post(ASK_BULK, {"once": once}).at("/useridmg/pwdInitBulk/requested")
    asked = browser.post(REQUEST, {**known, "admin_email": address(number)})
    asked.at("/useridmg/pwdInitPay/requested")
    browser.post("/useridmg/leave", {}).at("/")
    browser.get("/no-such-page").at("/no-such-page", 404)


@contextmanager
def _mail_server() -> Iterator[str]:
    """Run a mail server that throws away what it takes; give its address."""
    port = free_port()
    where = ["--nosetuid", "--class", "aiosmtpd.handlers.Sink", "--listen", f"127.0.0.1:{port}"]
    with subprocess.Popen([sys.executable, "-m", "aiosmtpd", *where]) as process:
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            process.terminate()
