"""The log: a line is JSON whoever wrote it, and one that cannot be written breaks nothing."""

import json
import subprocess
import sys
from pathlib import Path

from web import log

ROOT = Path(__file__).parents[2]
SPEAK = """
import logging
from web import log
log.event("too.early")
log.start()
log.event("first", text="two\\nlines \\x1b[31m", nothing="", number=0)
logging.getLogger("asyncio").info("not worth a line")
try:
    1 / 0
except ZeroDivisionError as error:
    log.failure("second", error, account="a")
    logging.getLogger("uvicorn.error").exception("third")
print("done")
"""


def spoken(err: Path) -> str:
    """Write the lines, to a file, and give what standard output says."""
    with err.open("w") as stderr:
        done = subprocess.run(
            [sys.executable, "-c", SPEAK], cwd=ROOT, stderr=stderr, stdout=subprocess.PIPE,
            text=True, check=True,
        )  # fmt: skip
    return done.stdout


def test_every_line_is_json(tmp_path: Path) -> None:
    """Ours and those of libraries; before the server starts there are none."""
    spoken(tmp_path / "log")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["first", "second", "third"]
    assert [line["level"] for line in lines] == ["info", "error", "error"]
    first, *failures = lines
    assert (first["text"], first["number"]) == ("two\nlines \x1b[31m", 0)
    assert "nothing" not in first
    assert failures[0]["account"] == "a"
    for line in failures:
        assert line["trace"].startswith("Traceback")
        assert line["trace"].endswith("ZeroDivisionError: division by zero")


def test_a_full_disk_stops_nobody() -> None:
    """Where the log cannot be written, requests go on."""
    assert spoken(Path("/dev/full")) == "done\n"


def test_without_a_server_nothing_is_written() -> None:
    """A command says itself what happened, in one line."""
    assert log._out is None
