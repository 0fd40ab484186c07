"""Walks the procedures of the manual, and stops where the reader of a step would be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from .mailbox import Mail, Mailbox
from .pages.screen import Screen
from .personas import Cast, new_password
from .procedures import PROCEDURES
from .steps import Procedure, Step
from .wording import has_badge

LIVE = re.compile(r"(^|\s)\S+-check(\s|$)")


@dataclass(frozen=True)
class Stop:
    """A step with its screen filled in and nothing pressed yet, or with its mail."""

    step: Step
    sentence: str
    screen: Screen | None = None
    mail: Mail | None = None
    note_mails: dict[str, Mail] = field(default_factory=dict)


class Walk:
    """One company's way through the procedures, in one page of a browser."""

    def __init__(self, page: Page, mailbox: Mailbox, cast: Cast) -> None:
        self._page = page
        self._mailbox = mailbox
        self._cast = cast
        self._company = cast.company
        self._new_password = ""

    def to(self, procedure: Procedure) -> Iterator[Stop]:
        """Do the procedures at whose end this one begins."""
        if procedure.begins:
            before = PROCEDURES[procedure.begins - 1]
            yield from self.to(before)
            yield from self.through(before)

    def through(self, procedure: Procedure) -> Iterator[Stop]:
        """Do what the steps say; each is given before its control is pressed."""
        if not procedure.begins:
            self._page.context.clear_cookies(name="session")  # or log-in would lead to My Page
        self._new_password = new_password()
        before = None
        for step in procedure.steps:
            stop = self._arrive(step)
            if before and before.sets_password:
                self._cast.password_changed(self._company, self._new_password)
            yield stop
            self._leave(stop)
            before = step

    def _arrive(self, step: Step) -> Stop:
        if step.screen is None:
            mail = self._mail(step.mail) if step.mail else None
            return Stop(step, self._told(step.sentence), mail=mail)
        screen = step.screen(self._page)
        self.choose(step, screen)
        for label, answer in step.fills.items():
            screen.field(label).fill(self._told(answer))
        self._page.evaluate("document.activeElement.blur()")
        for label in step.fills:
            self._until_judged(screen.field(label))
        mails = {note.mail: self._mail(note.mail) for note in step.notes if note.mail}
        return Stop(step, self._told(step.sentence), screen, note_mails=mails)

    def choose(self, step: Step, screen: Screen) -> None:
        """Tick what the step says."""
        for label in step.ticks:
            screen.field(label).check()

    def _leave(self, stop: Stop) -> None:
        if stop.step.opens:
            self._page.goto(stop.step.opens)
        elif stop.mail:
            self._page.goto(stop.mail.link)
        elif stop.screen and stop.step.press:
            stop.step.press[-1].on(stop.screen).click()

    def _until_judged(self, field: Locator) -> None:
        """Wait for the live check, where scripts run and the field has one."""
        described = field.get_attribute("aria-describedby") or ""
        if LIVE.search(described) and self._page.locator("html.has-script").count():
            has_badge(field, "(?:OK|任意)")

    def _mail(self, subject: str) -> Mail:
        return self._mailbox.expect(to=self._company.email, subject=subject)

    def _told(self, words: str) -> str:
        return words.format(
            portal=self._cast.service.portal_url.rstrip("/"),
            payment_id=self._company.payment_id,
            email=self._company.email,
            password=self._company.password,
            new_password=self._new_password,
        )
