"""What a procedure of the operating manual is made of."""

import re
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Locator

from .pages.screen import Screen

SCREENS = re.compile(r"『(.+?)』")
NAMES = re.compile(r"「(.+?)」")


@dataclass(frozen=True)
class Control:
    """A button or link by its name; `within` names the region, where the name stands twice."""

    role: Literal["button", "link"]
    name: str
    within: str = ""

    def on(self, screen: Screen) -> Locator:
        place = screen.main
        if self.within:
            place = place.get_by_role("region", name=self.within, exact=True)
        return place.get_by_role(self.role, name=self.name, exact=True)


@dataclass(frozen=True)
class Note:
    """A 補足: with a picture of its own when `frame` is to be shown, with the mail it speaks of.

    When it is about another situation than the step's, `when` names it: situations.py goes there.
    """

    text: str
    frame: Control | None = None
    mail: str = ""
    when: str = ""


@dataclass(frozen=True)
class Step:
    """One ①②③ on a screen; without one it opens an address, or reads the mail of a subject.

    Curly brackets stand for what walking.py knows: of the company, its passwords, the service.
    """

    sentence: str
    screen: type[Screen] | None = None
    opens: str = ""
    ticks: tuple[str, ...] = ()
    fills: dict[str, str] = field(default_factory=dict)
    press: tuple[Control, ...] = ()
    mail: str = ""
    notes: tuple[Note, ...] = ()
    sets_password: bool = False


@dataclass(frozen=True)
class Procedure:
    """A chapter; another one ends where it `begins`; `purpose` stands in 目的と手順の対応表."""

    number: int
    title: str
    steps: tuple[Step, ...]
    purpose: str = ""
    begins: int = 0

    @property
    def name(self) -> str:
        return f"{self.number}.{self.title}"


def button(name: str) -> tuple[Control, ...]:
    return (Control("button", name),)


def link(name: str) -> tuple[Control, ...]:
    return (Control("link", name),)
