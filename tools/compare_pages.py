"""Saves every screen in every state and every mail of a checkout, and compares what two checkouts gave.

`save CHECKOUT FOLDER` starts the demo of that checkout with a clock that stands still, and walks the
states of tests/e2e/screens.py twice: with scripts, and without them where a state needs none. Of each
state it keeps what the browser shows, and what its address gives as a whole page and to htmx. It knows
the product by HTTP and the demo's folder alone, so that the modules may have moved in between.
`compare BEFORE AFTER` prints how two folders differ, and ends with 1 if they do.
"""

import argparse
import difflib
import re
import shutil
import sys
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.conftest import Site
from tests.e2e.mailbox import Mail
from tests.e2e.plain_http import fetch
from tests.e2e.screens import STATES
from tests.e2e.server import Server
from tests.e2e.stage import Stage
from tests.e2e.waiting import until
from tools.screenshots import demo

# Rows of one moment are shown in the order of their ids, which are random: here each is the next one.
START = """
import itertools, os, runpy, secrets, sys, time
time.time = lambda: 1_767_575_285.0  # 5 January 2026, 10:08:05 in Japan
numbers, random = itertools.count(), secrets.token_hex
secrets.token_hex = lambda size: f"{next(numbers):016x}{random(8)}" if size == 16 else random(size)
os.chdir(sys.argv.pop(1))
runpy.run_module("web", run_name="__main__", alter_sys=True)
"""
RANDOM = {
    r"127\.0\.0\.1:\d+": "<host>",
    r"(/static/\w+)\.[0-9a-f]{12}\.": r"\1.<hash>.",
    r"\b[0-9A-Fa-f]{32,128}\b": "<id>",
    r"エラー番号：(<code>)?\d{8}": r"エラー番号：\1<number>",
    r"\b(\d{8})-\d{8}\b": r"\1-<number>",  # 受付番号
    r"\b\d{4}-?\d{3}-?\d{3}\b": "<number>",  # 整理番号
    r"shinki-[0-9a-f]{8}@": "shinki-<hex>@",  # made up on the way by tests/e2e/stage.py
    r"軽自　[0-9a-f０-９ａ-ｆ]{6}": "軽自　<hex>",  # likewise by tests/e2e/screens.py
    r"^(Message-ID): .*": r"\1: <id>",
}
# The last state is on the fiftieth day: warnings are sent then, at a moment that differs from run to run.
FIRST_DAY = "Date: Mon, 05 Jan 2026"
AT_REST = "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
PATIENCE_MS = 60_000  # a busy machine is no difference


class Frozen(Server):
    """The demo of a checkout; its clock moves only when it is set ahead."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._checkout = checkout
        super().__init__(folder)

    def _command(self) -> list[str]:
        return ["-c", START, str(self._checkout), *self._words()]


class Unscripted(Stage):
    """A stage whose browser runs no scripts: nothing is judged before a button is pressed."""

    def check(self, label: str, text: str) -> None:
        self.fill(label, text)

    def refused(self, problems: int) -> None:  # noqa: ARG002 scripts may have settled some before
        expect(self.page.locator("#error-summary")).to_be_visible()


def save(checkout: Path, folder: Path) -> int:
    """Keep all pages and mails; give the number of states that could not be brought."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    expect.set_options(timeout=PATIENCE_MS)
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for way, stage in (("scripted", Stage), ("unscripted", Unscripted)):
            with demo(partial(Frozen, checkout)) as site:
                failed += walk(browser, site, stage, folder, way)
                wait_for_mails(site)
                # two that are sent at once arrive in any order
                mails = sorted(readable(site.inbox.raw(each)) for each in site.inbox.ids())
                kept = [each for each in mails if FIRST_DAY in each]
                keep(folder / f"mails.{way}.txt", "\n\n".join(kept))
        browser.close()
    print(f"{len(list(folder.iterdir()))} files in {folder}, {failed} states could not be brought")
    return failed


def walk(browser: Browser, site: Site, stage: type[Stage], folder: Path, way: str) -> int:
    """Bring one state after the other, each without cookies; give how many did not come."""
    links: dict[str, str] = {}
    failed, scripts = 0, stage is Stage
    for state in STATES:
        if not scripts and state.focus == "anywhere":  # a script did something last
            continue
        context = browser.new_context(
            base_url=site.url, locale="ja-JP", timezone_id="Asia/Tokyo", java_script_enabled=scripts
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        wait_for_mails(site)  # of the state before: the inbox and the office show what was sent
        try:
            state.bring(stage(page, site, links))
            page.wait_for_load_state("load")
            page.wait_for_function(AT_REST)
            keep(folder / f"{state.name}.{way}.html", page.content())
            if scripts:
                keep(folder / f"{state.name}.whole.html", fetched(page))
                keep(folder / f"{state.name}.piece.html", fetched(page, {"HX-Request": "true"}))
        except (Error, AssertionError) as error:
            failed += 1
            print(f"{state.name} {way}: {error}")
        context.close()
    return failed


def wait_for_mails(site: Site) -> None:
    """Wait until every mail that was written is sent."""
    sent = b"\nmypage_outbox_waiting 0.0\n"
    if not until(lambda: sent in fetch(f"{site.url}/metrics").body, seconds=PATIENCE_MS / 1000):
        raise AssertionError("mails are waiting")


def fetched(page: Page, headers: dict[str, str] | None = None) -> str:
    """Ask for the page's address once more, and give status and text."""
    answer = page.context.request.get(page.url, headers=headers)
    return f"{answer.status} {answer.headers.get('hx-redirect', '')}\n{answer.text()}"


def readable(raw: bytes) -> str:
    """Give a mail with its headers."""
    mail = Mail.parse(raw)
    headers = "\n".join(f"{name}: {value}" for name, value in mail.headers.items())
    return settled(f"{headers}\n\n{mail.text}")


def settled(text: str) -> str:
    """Put a name in the place of all that is random."""
    for pattern, name in RANDOM.items():
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return text


def keep(path: Path, text: str) -> None:
    """Write a file that can be compared."""
    path.write_text(settled(text), encoding="utf-8")


def compare(before: Path, after: Path) -> int:
    """Print what differs; give the number of files that do."""
    differing = 0
    names = sorted({path.name for folder in (before, after) for path in folder.iterdir()})
    for name in names:
        old, new = lines(before / name), lines(after / name)
        differing += old != new
        for line in difflib.unified_diff(old, new, f"before/{name}", f"after/{name}", lineterm=""):
            print(line)
    print(f"{differing} of {len(names)} files differ")
    return differing


def lines(path: Path) -> list[str]:
    """Read a file that may be missing on one side."""
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else ["(missing)"]


def main() -> None:
    """Save or compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("act", choices=("save", "compare"))
    options.add_argument("first", type=Path, help="a checkout; a folder with the pages before")
    options.add_argument("second", type=Path, help="a folder to fill; that with the pages after")
    given = options.parse_args()
    act = save if given.act == "save" else compare
    sys.exit(1 if act(given.first.resolve(), given.second.resolve()) else 0)


if __name__ == "__main__":
    main()
