"""One JSON line per event on standard error: no query strings, no values that people typed."""

import json
import logging
import sys
from contextvars import ContextVar
from typing import Any

from web import clock

request_id: ContextVar[str] = ContextVar("request_id", default="")

_logger = logging.getLogger("mypage")


class _JsonLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": clock.iso_utc(clock.now()),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "request_id": request_id.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        # json escapes CR, LF and ESC, so no value can forge a second line (ASVS 16.4.1)
        return json.dumps({key: value for key, value in line.items() if value != ""})


def start() -> None:
    """Send our log to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLine())
    # nobody reads where in the code a line was written, or in which thread
    logging._srcfile = None  # noqa: SLF001 as its manual advises
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    _logger.setLevel(logging.INFO)


def event(name: str, **facts: str | float | None) -> None:
    """Note something that happened."""
    _logger.info(name, extra={"facts": facts})


def failure(name: str, error: BaseException, **facts: str | int | None) -> None:
    """Note something that went wrong, with its traceback."""
    trace = (type(error), error, error.__traceback__)
    _logger.error(name, exc_info=trace, extra={"facts": facts})
