"""Asks Lighthouse about six screens, three times each; the median has to reach the marks below."""

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from statistics import median

from playwright.sync_api import expect, sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.conftest import PATIENCE_MS, Site
from tests.e2e.screens import LOGIN, at, company_at, confirm_changed, mailed
from tests.e2e.stage import EDIT, Stage
from tests.ports import free_port
from tools.screenshots import demo

FOLDER = Path("var/lighthouse")
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
RUNS, TRIES = 3, 6
MARKS = {"performance": 99, "accessibility": 100, "best-practices": 100}
# Only the portal is for search engines; the other screens ask not to be listed.
PORTAL_MARKS = {**MARKS, "seo": 90}
SCREENS = {
    "P1": at("/"),
    "L1": at(LOGIN),
    "M1": company_at("/useridmg/mypage"),
    "U1": company_at(EDIT),
    "U2": confirm_changed,
    "R4": mailed("payment"),
}


def addresses(stage: Stage, names: list[str]) -> dict[str, str]:
    """Walk to each screen once; each can be loaded again by its address and the cookies left behind."""
    found = {}
    for name in names:
        SCREENS[name](stage)
        found[name] = stage.page.url
    return found


def scores(name: str, address: str, number: int, port: int) -> dict[str, int] | None:
    """Let Lighthouse load a page in the browser that listens on the port; None when it fails to."""
    report = FOLDER / f"{name}-{number}.json"
    report.unlink(missing_ok=True)
    asked = PORTAL_MARKS if name == "P1" else MARKS
    options = [f"--port={port}", "--output=json", f"--output-path={report}", "--quiet"]
    options += [f"--only-categories={','.join(asked)}", "--no-enable-error-reporting"]
    if subprocess.run([PROGRAM, address, *options], check=False).returncode:
        return None  # its own failures, such as NO_NAVSTART on a busy machine: "run again"
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {mark: round(100 * categories[mark]["score"]) for mark in asked}


def three(name: str, address: str, port: int) -> dict[str, float]:
    """Give the median of three runs."""
    tries = (scores(name, address, number, port) for number in range(TRIES))
    runs = [*islice((run for run in tries if run), RUNS)]
    if len(runs) < RUNS:
        sys.exit(f"{name}: Lighthouse failed in {TRIES} tries")
    return {mark: median(run[mark] for run in runs) for mark in runs[0]}


def measured(site: Site, port: int, names: list[str]) -> dict[str, dict[str, float]]:
    """Walk to the screens in a browser of its own and measure each."""
    options = launch_options(headed=True)  # Lighthouse wants the whole browser
    options["args"] += [f"--remote-debugging-port={port}"]
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        # a lasting profile, because Lighthouse opens its pages in no other
        context = playwright.chromium.launch_persistent_context(
            profile, base_url=site.url, locale="ja-JP", **options
        )
        found = addresses(Stage(context.pages[0], site, {}), names)
        table = {name: three(name, address, port) for name, address in found.items()}
        context.close()
    return table


def main() -> None:
    """Print the table, and fail where a mark is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("names", nargs="*", default=[*SCREENS], help=f"of {', '.join(SCREENS)}")
    names = options.parse_args().names
    expect.set_options(timeout=PATIENCE_MS)
    with demo() as site:
        table = measured(site, free_port(), names)
    print("|    |", *(f"{mark} |" for mark in PORTAL_MARKS))
    missed = []
    for name, marks in table.items():
        print(f"| {name} |", *(f"{marks.get(mark, '–')} |" for mark in PORTAL_MARKS))
        missed += [f"{name} {mark}" for mark, got in marks.items() if got < PORTAL_MARKS[mark]]
    if missed:
        sys.exit(f"below the mark: {', '.join(missed)}; the reports are in {FOLDER}")


if __name__ == "__main__":
    main()
