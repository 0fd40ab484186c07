"""People at a server: a connection each, from page to page as a browser without script goes."""

import html
import http.client
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from bench.load import Result, WrongAnswers
from bench.process import Server

MOVED = (302, 303)
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Page:
    """Where a browser has arrived, and what it sees there."""

    path: str
    status: int
    text: str

    def field(self, name: str) -> str:
        """Give the value that a field of the page holds."""
        found = re.search(f'name="{name}" value="([^"]*)"', self.text)
        if found is None:
            raise WrongAnswers(f"{self.path}: {self.status}, no field {name}")
        return html.unescape(found[1])

    def at(self, path: str, status: int = 200) -> "Page":
        """Give the page if it is the one that was wanted. Raises WrongAnswers."""
        if (self.path.partition("?")[0], self.status) != (path, status):
            raise WrongAnswers(f"{self.path}: {self.status}, not {path}: {status}")
        return self


class Browser:
    """A connection and its cookies."""

    def __init__(
        self, server: Server, cookies: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
        self.cookies = dict(cookies)
        self._headers = dict(headers or {})

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._go("GET", path)

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Page:
        """Send a form and go where the answer leads."""
        return self._go("POST", path, urlencode(fields), {**FORM, **headers})

    def swap(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form as htmx does, which puts the answer in place and pushes its address. Raises WrongAnswers."""
        headers = {**FORM, "HX-Request": "true"}
        answer, text = self._ask("POST", path, urlencode(fields), headers)
        if (to := answer.headers["HX-Push-Url"]) is None:
            raise WrongAnswers(f"{path}: {answer.status} goes nowhere")
        return Page(to, answer.status, text)

    def send(self, method: str, path: str, body: str, content_type: str) -> Page:
        """Send something else than a form."""
        return self._go(method, path, body, {"Content-Type": content_type})

    @property
    def headers(self) -> dict[str, str]:
        """Give the headers of somebody with the same cookies."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _go(
        self, method: str, path: str, body: str = "", headers: Mapping[str, str] | None = None
    ) -> Page:
        answer, text = self._ask(method, path, body, headers or {})
        if answer.status in MOVED:
            to = urlsplit(answer.headers["Location"])
            return self.get(to._replace(scheme="", netloc="").geturl())
        return Page(path, answer.status, text)

    def _ask(
        self, method: str, path: str, body: str, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        sent = {**self._headers, **headers, **self.headers}
        self._connection.request(method, path, body or None, sent)
        answer = self._connection.getresponse()
        text = answer.read().decode(errors="replace")
        for kept in answer.headers.get_all("Set-Cookie", []):
            name, _, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text


@dataclass(frozen=True)
class Crowd:
    """People who walk the same way again and again, all at once."""

    server: Server
    walk: Callable[[Browser], object]
    cookies: Sequence[Mapping[str, str]]  # somebody's each

    def run(self, seconds: int) -> Result:
        """Let them walk for some seconds; what is counted and timed is a whole walk."""
        before, began = self.server.cpu_seconds(), time.perf_counter()
        with ThreadPoolExecutor(len(self.cookies)) as threads:
            walks = threads.map(lambda each: self._timed(each, began + seconds), self.cookies)
            took = [time for each in walks for time in each]
        cuts = statistics.quantiles(took, n=100, method="inclusive")
        return Result(
            requests=len(took),
            seconds=time.perf_counter() - began,
            refused=0,
            broken=0,
            p50=cuts[49],
            p95=cuts[94],
            p99=cuts[98],
            cpu=self.server.cpu_seconds() - before,
        )

    def _timed(self, cookies: Mapping[str, str], ends: float) -> list[float]:
        browser, took = Browser(self.server, cookies), []
        while (began := time.perf_counter()) < ends:
            self.walk(browser)
            took.append(time.perf_counter() - began)
        return took
