"""Somebody who only wants to log in: how long the slowest answer took, in a process of its own."""

import http.client
import time
from dataclasses import dataclass, field

from bench.attack.site import HOST

PAUSE = 0.02
PATHS = ("/healthz", "/useridmg/login")
NETWORK = "203.0.113.77"
GIVES_UP = 60.0


@dataclass
class Waits:
    """The slowest answers by address in seconds, and how many were not what was asked for."""

    worst: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PATHS, 0.0))
    asked: int = 0
    wrong: int = 0

    def beside(self, others: "Waits | None") -> "Waits":
        """Add what others felt."""
        if not others:
            return self
        worst = {**self.worst, **others.worst}
        return Waits(worst, self.asked + others.asked, self.wrong + others.wrong)


def watch(port: int, seconds: float) -> Waits:
    """Ask for each address again and again, each time over a connection of its own, as the proxy does."""
    waits, ends = Waits(), time.perf_counter() + seconds
    while time.perf_counter() < ends:
        for path in PATHS:
            began = time.perf_counter()
            waits.wrong += _status(port, path) != http.client.OK
            waits.worst[path] = max(waits.worst[path], time.perf_counter() - began)
            waits.asked += 1
        time.sleep(PAUSE)
    return waits


def _status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVES_UP)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-For": NETWORK})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status
