"""One uvicorn process with signals, proxies and logs handled our way."""

import asyncio
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from web import log, metrics
from web.cli.front import Front, Refuse
from web.cli.noted import noted
from web.cli.waiting import Waiting
from web.database import DatabaseUnavailable, InUse
from web.http import errors, plain
from web.http.middleware import new_request_id, security_headers
from web.services.error_numbers import ErrorNumbers
from web.settings import BadSetting, Settings

KEEP_ALIVE = 60  # seconds; the front ends idle connections sooner
DRAIN_SECONDS = 8  # a container is killed ten seconds after SIGTERM


class Server(uvicorn.Server):
    """Ends with exit code 0 after SIGTERM or Ctrl-C; uvicorn would raise the signal again."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell the garbage collector that what is there now stays.

        Otherwise it looks through the lists of banks and words again and again: everybody waits 0.15 s.
        """
        await super().startup(sockets)
        gc.collect()
        gc.freeze()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Drain on the first signal, stop at once on the second."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


def run(app: Starlette, settings: Settings) -> None:
    """Serve until told to stop. Raises DatabaseUnavailable when another server has the file."""
    host, port, database = settings.host, settings.port, app.state.services.database
    numbers: ErrorNumbers = app.state.services.error_numbers
    try:
        with database.serving(), socket.create_server((host, port)) as listening:
            Server(config_of(app, settings, numbers)).run([listening])
    except InUse as taken:
        raise DatabaseUnavailable(f"{database.name}: another server runs on this file") from taken
    except OSError as wrong:
        raise BadSetting(
            f"MYPAGE_PORT: {port} given; cannot listen there: {wrong.strerror}"
        ) from wrong


def config_of(app: ASGIApp, settings: Settings, numbers: ErrorNumbers) -> uvicorn.Config:
    """Give the configuration of uvicorn, with our front before its protocol."""
    fronts = partial(Front, Waiting(), settings.trusted_proxies, _refusal_of(settings, numbers))
    return uvicorn.Config(
        noted(app),
        http=cast("type[asyncio.Protocol]", fronts),  # uvicorn only calls it
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # it would print query strings, mailed keys among them
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )


def _refusal_of(settings: Settings, numbers: ErrorNumbers) -> Refuse:
    """Make the function that writes and logs the answers the application does not give."""
    ours, words = security_headers(settings), {**errors.PAGES, **plain.PAGES}

    def refuse(status: int, reason: str) -> bytes:
        request_id = new_request_id()
        name_before = log.request_id.set(request_id)
        log.event("request.refused", status=status, reason=reason)
        body = plain.page(words[status], numbers.show(None)).encode()
        log.request_id.reset(name_before)
        metrics.of_answers("none", status)[0].inc()
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            metrics.SHED.inc()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"cache-control", b"no-store"),
            (b"x-request-id", request_id.encode()),
            *ours,
        ]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        return b"HTTP/1.1 %d %b\r\n%b\r\n%b" % (
            status, HTTPStatus(status).phrase.encode(), lines, body
        )  # fmt: skip

    return refuse
