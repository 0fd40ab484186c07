"""What the process counts for `/metrics`; one registry, because it counts for the whole process."""

from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for every one, which nobody reads
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def _counter(name: str, about: str, *labels: str) -> Counter:
    return Counter(f"mypage_{name}", about, labels, registry=REGISTRY)


def _gauge(name: str, about: str) -> Gauge:
    return Gauge(f"mypage_{name}", about, registry=REGISTRY)


def _histogram(name: str, about: str, *labels: str) -> Histogram:
    return Histogram(f"mypage_{name}", about, labels, buckets=_QUICK, registry=REGISTRY)


REQUESTS = _counter("requests", "Answers, by route and status", "route", "status")
REQUEST_SECONDS = _histogram("request_seconds", "Time to the end of an answer", "route")
IN_FLIGHT = _gauge("in_flight", "Requests being answered")
SHED = _counter("shed", "Requests refused because too many were being answered")
THROTTLED = _counter("throttled", "Requests refused by a counter of failures")
HASH_QUEUE = _gauge("hash_queue", "Passwords waiting or being hashed")
HASH_SECONDS = _histogram("hash_seconds", "Time from asking for a hash to having it")
HASH_REFUSED = _counter("hash_refused", "Passwords not hashed because too many waited")
WRITE_WAIT = _histogram("write_wait_seconds", "Time a write waited for its turn")
DATABASE_FAILURES = _counter("database_failures", "Reads and writes the database could not do")
MAILS = _counter("mails", "Mails by what became of a try", "outcome")


@lru_cache(maxsize=1000)
def of_answers(route: str, status: int) -> tuple[Counter, Histogram]:
    """Give the counter and the times of a route's answers; to find them costs more than to count."""
    return REQUESTS.labels(route, status), REQUEST_SECONDS.labels(route)


# set when somebody asks
SESSIONS = _gauge("sessions", "Log-ins that are alive")
SECOND_FACTORS = _gauge("second_factors", "Accounts and 担当者 with a second factor")
OUTBOX_WAITING = _gauge("outbox_waiting", "Mails that wait")
OUTBOX_DEAD = _gauge("outbox_dead", "Undeliverable mails that are still kept")
OUTBOX_AGE = _gauge("outbox_age_seconds", "Age of the oldest mail that waits")
OUTBOX_OVERDUE = _gauge("outbox_overdue_seconds", "For how long a mail should have been tried")
NODES = _gauge("nodes", "Processes that serve from this database")
CLOCK_AHEAD = _gauge("clock_ahead_seconds", "How far this clock is ahead of the database's")
WAL_BYTES = _gauge("wal_bytes", "Size of the database's write-ahead log")
