"""Writes the operating manual of the build at hand: var/manual/manual.html and manual.pdf.

The steps are those that tests/e2e walks; run as `python -m tools.manual` from the repository's root.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.inboxes import inbox_at
from tests.e2e.mailbox import Mail, Mailbox
from tests.e2e.personas import Cast, Service
from tests.e2e.procedures import LOG_IN, PROCEDURES, TITLE
from tests.e2e.server import ROOT, Server
from tests.e2e.steps import Procedure
from tests.e2e.walking import Stop, Walk
from tools.manual_pictures import Camera, Picture, page_for_pictures

PARTS = Path(__file__).with_suffix("")
RELEASE = re.compile(r"^## \[(?P<version>[^]]+)](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE)
REVISION = re.compile(r"^- 操作手順書：(.+)$", re.MULTILINE)
PAGE_OBJECT = re.compile(rb"(\d+) 0 obj\s*<<\s*/Type /Page\b")
IMAGE = re.compile(r'src="[^"]+" alt="([^"]*)" width="(\d+)" height="(\d+)"')
EMPTY = (
    r'src="data:image/svg+xml,'
    r"<svg xmlns='http://www.w3.org/2000/svg' width='\2' height='\3'/>"
    r'" alt="\1" width="\2" height="\3"'
)
DESTINATION = re.compile(rb"/(chapter-\d+) \[(\d+) 0 R")


@dataclass(frozen=True)
class NoteEntry:
    """A 補足 as printed."""

    text: str
    picture: Picture | None
    mail: Mail | None


@dataclass(frozen=True)
class StepEntry:
    """A step as printed."""

    number: str
    sentence: str
    picture: Picture | None
    mail: Mail | None
    link: str
    notes: list[NoteEntry]


@dataclass(frozen=True)
class Chapter:
    """A procedure as printed."""

    number: int
    title: str
    name: str
    purpose: str
    steps: list[StepEntry]

    @property
    def id(self) -> str:
        """Give the target of links to it."""
        return f"chapter-{self.number}"


@dataclass(frozen=True)
class Revision:
    """A row of 改版履歴."""

    version: str
    date: str
    words: str


class Recorder:
    """Turns what a walk meets into what is printed."""

    def __init__(self, camera: Camera, demo_url: str, portal_url: str) -> None:
        self._camera = camera
        self._demo_url = demo_url
        self._portal_url = portal_url.rstrip("/")

    def step(self, number: int, stop: Stop) -> StepEntry:
        """Record a step: its picture or its mail, and its notes."""
        picture, notes = None, []
        if screen := stop.screen:
            press = [control.on(screen) for control in stop.step.press]
            fill = [screen.field(label) for label in (*stop.step.ticks, *stop.step.fills)]
            picture = self._camera.take(screen, press, fill)
        for note in stop.step.notes:
            framed = None
            if screen and note.frame:
                framed = self._camera.take(screen, [note.frame.on(screen)], [])
            notes.append(NoteEntry(note.text, framed, self._mail(stop.note_mails.get(note.mail))))
        mail = self._mail(stop.mail)
        circled = chr(ord("①") + number)
        return StepEntry(circled, stop.sentence, picture, mail, mail.link if mail else "", notes)

    def _mail(self, mail: Mail | None) -> Mail | None:
        """Give the mail as received, its link under the address that the portal has."""
        return mail and replace(mail, text=mail.text.replace(self._demo_url, self._portal_url))


def chapters(browser: Browser, server: Server, sharpness: float) -> list[Chapter]:
    """Walk through all procedures on a demo with fresh data."""
    cast, inbox = Cast(), inbox_at(f"{server.url}/demo/mail")
    page = page_for_pictures(browser, server.url, sharpness)
    walk = Walk(page, Mailbox(inbox), cast)
    recorder = Recorder(Camera(page), server.url, cast.service.portal_url)
    return [_chapter(walk, recorder, procedure) for procedure in PROCEDURES]


def _chapter(walk: Walk, recorder: Recorder, procedure: Procedure) -> Chapter:
    for _ in walk.to(procedure):
        pass
    steps = [recorder.step(number, stop) for number, stop in enumerate(walk.through(procedure))]
    return Chapter(procedure.number, procedure.title, procedure.name, procedure.purpose, steps)


@contextmanager
def demo() -> Iterator[Server]:
    """Run the demo on fresh data."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.wait_until_alive()
            yield server
        finally:
            server.stop()


def revisions(changelog: str) -> list[Revision]:
    """Read 改版履歴 from the CHANGELOG's lines for it, oldest version first."""
    heads = [*RELEASE.finditer(changelog)]
    ends = [head.start() for head in heads[1:]] + [len(changelog)]
    rows = []
    for head, end in zip(heads, ends, strict=True):
        said = REVISION.findall(changelog, head.end(), end)
        date = (head["date"] or "未定").replace("-", ".")
        version = f"Ver {head['version']}" if head["date"] else "次のバージョン"
        rows += [Revision(version, date, words) for words in said]
    if not rows:
        raise SystemExit("CHANGELOG.md has no line for 改版履歴")
    return rows[::-1]


def book(history: list[Revision], body: list[Chapter], pages: dict[str, int]) -> str:
    """Write the manual as one HTML file with its pictures inside."""
    environment = Environment(
        loader=FileSystemLoader(PARTS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    released = [row for row in history if row.date[0].isdigit()] or history
    return environment.get_template("manual.html").render(
        title=TITLE,
        version=f"{released[-1].version} ({released[-1].date}～)",
        style=Markup((PARTS / "manual.css").read_text("utf-8")),  # noqa: S704 our own file
        history=history,
        service=Service(),
        chapters=body,
        log_in=body[LOG_IN.number - 1],
        pages=pages,
    )


def printed(browser: Browser, html: str) -> bytes:
    """Print on A4; the page numbers are the style sheet's."""
    page = browser.new_page()
    page.set_content(html)
    pdf = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    page.close()
    return pdf


def numbered(browser: Browser, history: list[Revision], body: list[Chapter]) -> dict[str, int]:
    """Find the chapters' pages by printing with empty pictures of the same sizes."""
    unknown = dict.fromkeys((chapter.id for chapter in body), 0)
    html = IMAGE.sub(EMPTY, book(history, body, unknown))
    return pages_of(printed(browser, html))


def pages_of(pdf: bytes) -> dict[str, int]:
    """Find on which pages the chapters begin."""
    order = PAGE_OBJECT.findall(pdf)
    return {name.decode(): order.index(page) + 1 for name, page in DESTINATION.findall(pdf)}


def main() -> None:
    """Write both files."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--target", type=Path, default=Path("var/manual"))
    options.add_argument("--sharpness", type=float, default=1.5, help="of the pictures; 1 is quick")
    given = options.parse_args()
    target: Path = given.target
    target.mkdir(parents=True, exist_ok=True)
    history = revisions((ROOT / "CHANGELOG.md").read_text("utf-8"))
    with sync_playwright() as playwright, demo() as server:
        browser = playwright.chromium.launch(**launch_options())
        body = chapters(browser, server, given.sharpness)
        html = book(history, body, numbered(browser, history, body))
        (target / "manual.html").write_text(html, "utf-8")
        (target / "manual.pdf").write_bytes(printed(browser, html))
        browser.close()
    print(f"The operating manual is in {target}")


if __name__ == "__main__":
    main()
