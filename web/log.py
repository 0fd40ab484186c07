"""One JSON line per event on standard error: no query strings, no values that people typed."""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import TextIO

from web import clock

Fact = str | float | None

request_id: ContextVar[str] = ContextVar("request_id", default="")

_out: TextIO | None = None  # a command that does not serve says itself what happened


def start() -> None:
    """Write the lines to standard error from now on, with what libraries warn of."""
    global _out  # noqa: PLW0603 one log, because there is one standard error
    _out = sys.stderr
    logging.basicConfig(handlers=[_OfLibraries()], level=logging.WARNING, force=True)


def event(name: str, **facts: Fact) -> None:
    """Note something that happened."""
    _write("info", name, facts)


def failure(name: str, error: BaseException, **facts: Fact) -> None:
    """Note something that went wrong, with its traceback."""
    _write("error", name, {**facts, "trace": _trace(error)})


class _OfLibraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        trace = _trace(error) if error else ""
        _write(record.levelname.lower(), record.getMessage(), {"trace": trace})


def _write(level: str, name: str, facts: Mapping[str, Fact]) -> None:
    """Write a line without the logging module, whose ways round it take longer than the line."""
    if _out is None:
        return
    line = {
        "at": clock.iso_utc(clock.now()),
        "level": level,
        "event": name,
        "request_id": request_id.get(),
        **facts,
    }
    # json escapes CR, LF and ESC, so no value can forge a second line (ASVS 16.4.1)
    text = json.dumps({key: value for key, value in line.items() if value != ""})
    with suppress(OSError):  # nobody is left to be told
        _out.write(f"{text}\n")


def _trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)).rstrip()
