"""Walks the procedures of the manual, and stops where the reader of a step would be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from .mailbox import Mail, Mailbox
from .pages.screen import Screen
from .personas import Cast, new_password
from .procedures import PROCEDURES, Control, Note, Procedure, Step
from .wording import has_badge

LIVE = re.compile(r"(^|\s)\S+-check(\s|$)")


@dataclass(frozen=True)
class Stop:
    """A step with its screen filled in and nothing pressed yet, or with its mail; mails of its notes."""

    step: Step
    sentence: str
    screen: Screen | None
    mail: Mail | None
    note_mails: dict[Note, Mail]


def found(control: Control, screen: Screen) -> Locator:
    """The control on a screen."""
    place = screen.main
    if control.within:
        place = place.get_by_role("region", name=control.within, exact=True)
    buttons, links = place.get_by_role("button"), place.get_by_role("link")
    named = screen.page.get_by_role("button" if control.role == "button" else "link", name=control.name, exact=True)
    return (buttons if control.role == "button" else links).and_(named)


class Walk:
    """One company's way through all procedures, in one browser page."""

    def __init__(self, page: Page, mailbox: Mailbox, cast: Cast) -> None:
        self._page = page
        self._mailbox = mailbox
        self._cast = cast
        self._company = cast.company
        self._chosen = ""

    def to(self, procedure: Procedure) -> None:
        """Go where a procedure begins, by the procedures that lead there."""
        for number in procedure.begins:
            for _ in self.through(PROCEDURES[number - 1]):
                pass

    def through(self, procedure: Procedure) -> Iterator[Stop]:
        """Do what the steps say; each is given before its control is pressed."""
        self._chosen = new_password()
        for step in procedure.steps:
            yield self._stop(step)
            self._leave(step)
