"""Writes the operating manual of the build at hand: var/manual/manual.html and manual.pdf.

The steps are those that tests/e2e walks; run as `python -m tools.manual` from the repository's root.
"""

import argparse
import re
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.e2e.chromium import launch_options
from tests.e2e.inboxes import inbox_at
from tests.e2e.mailbox import Mail, Mailbox
from tests.e2e.pages.screen import Screen
from tests.e2e.personas import Cast, Service
from tests.e2e.procedures import LOG_IN, PROCEDURES, TITLE
from tests.e2e.server import ROOT, Server
from tests.e2e.steps import Procedure
from tests.e2e.walking import Stop, Walk

PARTS = Path(__file__).with_suffix("")
WIDTH = 1280
MARGIN = 32  # of the screen, left around what a picture shows
ROOM = 6  # between a control and its frame
RELEASE = re.compile(r"^## \[(?P<version>[^]]+)](?: - (?P<date>\d{4}-\d\d-\d\d))?$", re.MULTILINE)
REVISION = re.compile(r"^- 操作手順書：(.+)$", re.MULTILINE)
PAGE_OBJECT = re.compile(rb"(\d+) 0 obj\s*<<\s*/Type /Page\b")
DESTINATION = re.compile(rb"/(chapter-\d+) \[(\d+) 0 R")


@dataclass(frozen=True)
class Box:
    """A frame in a picture; `kind` is press or fill."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """Part of a screen, its frames drawn over it by the manual."""

    source: str
    words: str
    width: int
    height: int
    boxes: list[Box]


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
    steps: list[StepEntry] = field(default_factory=list)

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


class Camera:
    """Takes the pictures of a page, and finds where in them the controls are."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def take(self, screen: Screen, press: list[Locator], fill: list[Locator]) -> Picture:
        """Take the screen from its header to the end of its content; altering nothing."""
        self._page.evaluate("scrollTo(0, 0)")
        self._page.mouse.move(0, 0)
        top = _box(self._page.get_by_role("banner").get_by_role("link", name="ワンストップサービス"))
        main, last = _box(screen.main), _bottom(screen)
        x, y = max(main["x"] - MARGIN, 0), max(top["y"] - ROOM, 0)
        width, height = min(main["width"] + 2 * MARGIN, WIDTH - x), last + MARGIN - y
        raw = self._page.screenshot(
            full_page=True,
            animations="disabled",
            clip={"x": x, "y": y, "width": width, "height": height},
        )
        kinds = [("press", each) for each in press] + [("fill", each) for each in fill]
        boxes = [_frame(kind, _box(each), x, y) for kind, each in kinds]
        source = "data:image/png;base64," + b64encode(raw).decode()
        return Picture(source, f"『{screen.heading}』画面", round(width), round(height), boxes)


def _box(place: Locator) -> dict[str, float]:
    box = place.bounding_box()
    if box is None:
        raise SystemExit(f"{place} is not to be seen")
    return {**box}


def _bottom(screen: Screen) -> float:
    """Find where the last thing of the screen's content ends."""
    lower = "node => Math.max(...[...node.querySelectorAll('*')].map(each => each.getBoundingClientRect().bottom))"
    return float(screen.main.evaluate(lower))


def _frame(kind: str, box: dict[str, float], x: float, y: float) -> Box:
    return Box(
        kind,
        round(box["x"] - x - ROOM, 1),
        round(box["y"] - y - ROOM, 1),
        round(box["width"] + 2 * ROOM, 1),
        round(box["height"] + 2 * ROOM, 1),
    )


def entry(stop: Stop, number: int, camera: Camera, published: "Published") -> StepEntry:
    """Record a step: its picture or its mail, and its notes."""
    step, screen, picture = stop.step, stop.screen, None
    notes = []
    if screen:
        press = [control.on(screen) for control in step.press]
        picture = camera.take(screen, press, [screen.field(label) for label in step.fills])
    for note in step.notes:
        framed = camera.take(screen, [note.frame.on(screen)], []) if screen and note.frame else None
        mail = stop.note_mails.get(note.mail)
        notes.append(NoteEntry(note.text, framed, mail and published.mail(mail)))
    mail = stop.mail and published.mail(stop.mail)
    circled = chr(ord("①") + number - 1)
    return StepEntry(circled, stop.sentence, picture, mail, mail.link if mail else "", notes)
