"""One uvicorn process with signals, proxies and logs handled our way."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from web.database import DatabaseUnavailable, locks
from web.http.templating import compile_all
from web.settings import BadSetting

HEADER_SECONDS = 10.0
DRAIN_SECONDS = 8  # a container is killed ten seconds after SIGTERM


class Patient(HttpToolsProtocol):
    """Ends connections that send their headers very slowly: thousands would fill every slot (Slowloris)."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the deadline of the first request."""
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        """Start the deadline of a further request at its first byte, unless it arrives complete."""
        super().data_received(data)
        running: RequestResponseCycle | None = self.cycle  # none before the first request
        if self._deadline is None and (running is None or running.response_complete):
            self._expect_headers()

    def on_headers_complete(self) -> None:
        """Stop the deadline: an answer may take as long as it needs."""
        self._forget_deadline()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the deadline of a connection that has ended."""
        self._forget_deadline()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class Server(uvicorn.Server):
    """Ends with exit code 0 after SIGTERM or Ctrl-C; uvicorn would raise the signal again."""

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


def run(app: Starlette, host: str, port: int, database: Path) -> None:
    """Serve until told to stop. Raises DatabaseUnavailable when another server has the file."""
    compile_all(app.state.templates)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Patient,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # it would print query strings, mailed keys among them
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    try:
        with locks.hold(database, "serve"), socket.create_server((host, port)) as listening:
            Server(config).run([listening])
    except locks.LockTaken as taken:
        raise DatabaseUnavailable(f"{database}: another server runs on this file") from taken
    except OSError as wrong:
        raise BadSetting(
            f"MYPAGE_PORT: {port} given; cannot listen there: {wrong.strerror}"
        ) from wrong
