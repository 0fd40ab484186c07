"""The procedures of the manual in browsers without script and style, from the same steps as `make manual`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Site
from .engines.text import TextBrowser
from .mailbox import Mailbox
from .modes import without_javascript
from .pages.login import Login
from .personas import Cast, new_password
from .procedures import PASSWORD_CHANGE, PAYMENT_RESET, PROCEDURES, PROFILE
from .steps import Procedure, Step

LAST = [each for each in PROCEDURES if each.number not in {one.begins for one in PROCEDURES}]

# Kept in docs/browsers: from log-in to 登録完了, and a reset by mail.
KEPT = {
    ("w3m", PROFILE.number): "w3m-profile.txt",
    ("w3m", PAYMENT_RESET.number): "w3m-password-reset.txt",
}
# What differs from run to run: it alone writes nothing anew.
KEY, HOST, NUMBER = re.compile(r"[0-9A-F]{128}"), re.compile(r"localhost:\d+"), re.compile(r"\d+")
RULE = f"\n\n{'─' * 80}\n"


def keep(file: Path, seen: list[str]) -> None:
    """Write down what was seen, unless it is what stands there but for its numbers."""
    told = RULE.join(seen) + "\n"
    told = HOST.sub("localhost:8000", KEY.sub(lambda key: f"{key[0][:8]}…", told))
    before = file.read_text("utf-8") if file.exists() else ""
    if NUMBER.sub("0", before) != NUMBER.sub("0", told):
        file.write_text(told, "utf-8")


class Reader:
    """One company at a terminal."""

    def __init__(self, browser: TextBrowser, site: Site, mailbox: Mailbox) -> None:
        self._browser, self._site, self._mailbox = browser, site, mailbox
        self._password = new_password()

    def walk(self, procedure: Procedure) -> None:
        """Do what the steps say, beginning with the procedure at whose end this one begins."""
        if procedure.begins:
            self.walk(PROCEDURES[procedure.begins - 1])
        before: Step | None = None
        for step in procedure.steps:
            self._arrive(step)
            if before and before.sets_password:
                self._site.cast.password_changed(self._site.cast.company, self._password)
            self._leave(step)
            before = step

    def _arrive(self, step: Step) -> None:
        if step.screen:
            self._browser.arrive(step.screen.heading)
        for label in step.ticks:
            self._browser.tick(label)
        for label, answer in step.fills.items():
            self._browser.fill(label, self._told(answer))
        for note in step.notes:
            if note.mail:
                self._mailbox.expect(to=self._site.cast.company.email, subject=note.mail)

    def _leave(self, step: Step) -> None:
        if step.opens:
            self._browser.open(f"{self._site.url}{step.opens}")
        elif step.mail:
            mail = self._mailbox.expect(to=self._site.cast.company.email, subject=step.mail)
            self._browser.seen.append(str(mail))
            self._browser.open(mail.link)
        elif step.press:
            self._browser.press(step.press[-1].name)

    def _told(self, words: str) -> str:
        company = self._site.cast.company
        return words.format(
            payment_id=company.payment_id,
            email=company.email,
            password=company.password,
            new_password=self._password,
        )


@pytest.fixture
def cast(site: Site) -> Cast:
    return site.cast


@pytest.fixture
def browser_name_here(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def terminal(browser_name_here: str, site: Site, tmp_path: Path) -> Iterator[TextBrowser]:
    browser = TextBrowser(browser_name_here, tmp_path, f"{site.url}/useridmg/login")
    browser.arrive(Login.heading)
    yield browser
    browser.close()


@without_javascript
@pytest.mark.parametrize(
    ("browser_name_here", "procedure"),
    [*(("w3m", each) for each in LAST), ("lynx", PASSWORD_CHANGE)],
    ids=lambda each: each if isinstance(each, str) else str(each.number),
    indirect=["browser_name_here"],
)
def test_a_procedure_without_script_and_style(
    terminal: TextBrowser,
    mailbox: Mailbox,
    site: Site,
    procedure: Procedure,
    browser_name_here: str,
    pytestconfig: pytest.Config,
) -> None:
    Reader(terminal, site, mailbox).walk(procedure)
    folder = pytestconfig.getoption("--transcripts")
    name = KEPT.get((browser_name_here, procedure.number))
    if folder and name:
        keep(Path(folder) / name, terminal.seen)
