"""A year's まとめ納付管理ファイル out of a million payments of one account: when it begins, what it costs."""

import csv
import http.client
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bench.ground import FIRST, MYPAGE, Ground, prepare
from bench.load import WrongAnswers
from bench.people import FORM
from bench.process import Ran, Server, ran
from bench.stage import FEW, Stage
from bench.table import Line
from web.cli.payments import COLUMNS, MOST_WHILE_SERVING

DAYS = 360  # ago, at most: all of them lie within the last year
CHUNK = 1 << 16
PATIENCE = 5  # seconds that others wait for their turn to write before they are told 503


def measure(stage: Stage) -> list[Line]:
    """Measure imports and the download."""
    folder = stage.folder / "payments"
    folder.mkdir()
    ground = prepare(folder, FEW)
    year = _imported(ground, _file(folder, stage.payments))
    with ground.mypage() as server:
        day = _imported(ground, _file(folder, MOST_WHILE_SERVING))
        begins, whole, size, lines, grown = _downloaded(server, ground)
    return [
        Line(
            f"import of {stage.payments:,} payments, rows a second", stage.payments / year.seconds
        ),
        Line("memory of that import", year.memory / 1e6, " MB"),
        Line(
            f"import of {MOST_WHILE_SERVING:,} while the server runs",
            day.seconds,
            " s",
            at_most=PATIENCE,
        ),
        Line(f"a year's CSV of {lines - 1:,} payments: first byte", begins, " s", at_most=1),
        Line("the whole file", whole, " s"),
        Line("size of the file", size / 1e6, " MB"),
        Line("memory that the server took for it", grown / 1e6, " MB", at_most=20),
    ]


def _file(folder: Path, number: int) -> Path:
    file, now = folder / "payments.csv", datetime.now(UTC)
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for each in range(number):
            made = now - timedelta(days=1 + each % DAYS)
            money = ("national", 3, 12_345, f"A{each:09}", "paid", made.date())
            rows.writerow((FIRST, f"M{each:09}", made.isoformat(), *money))
    return file


def _imported(ground: Ground, file: Path) -> Ran:
    return ran([MYPAGE, "payments", "import", str(file)], ground.environ)


def _downloaded(server: Server, ground: Ground) -> tuple[float, float, int, int, int]:
    """Give the seconds to the first byte and to the last, bytes, lines, and bytes of memory taken."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    before, most, size, lines = server.memory(), 0, 0, 0
    today = datetime.now(UTC).date()
    asked = f"period=days&since={today - timedelta(days=DAYS + 2)}&until={today}"
    began = time.perf_counter()
    connection.request("POST", "/useridmg/summary-file", asked, {**FORM, **ground.cookie})
    answer = connection.getresponse()
    begins = 0.0
    while chunk := answer.read(CHUNK):
        begins = begins or time.perf_counter() - began
        size, lines = size + len(chunk), lines + chunk.count(b"\r\n")
        most = max(most, server.memory())
    if answer.status != http.client.OK:
        raise WrongAnswers(f"{server.name} download: {answer.status}")
    return begins, time.perf_counter() - began, size, lines, most - before
