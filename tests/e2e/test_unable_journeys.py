"""The procedures of the manual in Chromium without :has(), and without each thing that start.js asks for: `make browsers`."""

from itertools import chain

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .lacking import HAS, asked_for, name_of, take_away
from .mailbox import Mailbox
from .modes import with_javascript, without_javascript
from .pages.my_page import MyPage
from .pages.screen import Screen
from .procedures import PROCEDURES, PROFILE
from .shortcuts import no_notice_address
from .stage import Stage
from .steps import Procedure, Step
from .walking import Walk

A_DAY = 24 * 3600
LAST = [each for each in PROCEDURES if each.number not in {one.begins for one in PROCEDURES}]
procedures = pytest.mark.parametrize("procedure", LAST, ids=lambda each: str(each.number))


class AskedNext(Walk):
    """Where neither a script nor the style follows a choice, the next page asks for what belongs to it."""

    def choose(self, step: Step, screen: Screen) -> None:
        super().choose(step, screen)
        if any(not screen.field(label).is_visible() for label in step.fills):
            step.press[-1].on(screen).click()
            expect(screen.problems).to_be_visible()


def walk(
    page: Page, mailbox: Mailbox, site: Site, procedure: Procedure, way: type[Walk] = Walk
) -> None:
    Stage(page, site, {}).set_ahead(A_DAY)  # resets are not for every hour
    cast = site.cast
    steps = way(page, mailbox, cast)
    for _ in chain(steps.to(procedure), steps.through(procedure)):
        pass  # each stop is where the one before has led
    if procedure is PROFILE:
        MyPage(page)
        no_notice_address(page, cast.company)


@with_javascript
@procedures
@pytest.mark.parametrize("lack", [HAS, *asked_for()], ids=name_of)
def test_a_procedure_without_something(
    page: Page, mailbox: Mailbox, site: Site, lack: str, procedure: Procedure
) -> None:
    take_away(page, lack)
    walk(page, mailbox, site, procedure)


@without_javascript
@procedures
@pytest.mark.parametrize("lack", [HAS], ids=name_of)
def test_a_procedure_without_script_and_has(
    page: Page, mailbox: Mailbox, site: Site, lack: str, procedure: Procedure
) -> None:
    take_away(page, lack)
    walk(page, mailbox, site, procedure, AskedNext)
