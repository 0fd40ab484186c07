"""What a spreadsheet shows of a CSV that is opened by a double click: ours, and LibreOffice where it is installed.

Ours knows what Excel does to a bare cell: fifteen digits, no zeros in front, days and powers of ten.
"""

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

TEXT_OF = re.compile(r'="([^"]*)"')
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[Ee][0-9]+)?")
DAY = re.compile(r"[0-9]{1,4}[-/][0-9]{1,2}(?:[-/][0-9]{1,4})?")
# Commas, quotes, UTF-8, from the first row; Japanese, special numbers found, formulas worked out.
READ = "--infilter=CSV:44,34,76,1,,1041,false,true,false,false,false,0,true"
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0"

HALF = {ord("０") + each: ord("0") + each for each in range(10)}

Table = list[list[str]]


def excel(content: bytes, _: Path) -> Table:
    """Give what Excel shows, cell by cell."""
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: str) -> str:
    if formula := TEXT_OF.fullmatch(cell):
        return formula[1]
    if cell.startswith(("=", "+", "-", "@")):
        return "a formula"
    cell = cell.translate(HALF)
    if DAY.fullmatch(cell):
        return "a day"
    if NUMBER.fullmatch(cell):
        return f"{float(cell):.15g}"
    return cell


def libreoffice(content: bytes, folder: Path) -> Table:
    """Give what LibreOffice shows, as it writes it out again."""
    file = folder / "given.csv"
    file.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", "--norestore", profile, READ, "--convert-to", WRITE, "--outdir", folder / "shown", file],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    written = (folder / "shown" / "given.csv").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(written, newline="")))


READERS: dict[str, Callable[[bytes, Path], Table]] = {"excel": excel}
if shutil.which("soffice"):
    READERS["libreoffice"] = libreoffice
