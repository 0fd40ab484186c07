"""The operating manual: what it prints is walked here, and what it names is on the screens."""

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site
from .mail_wording import BULK, ISSUE_GUIDE, PAYMENT, is_guide, is_notice
from .mailbox import Mail, Mailbox
from .manual import MANUAL, as_in_the_manual
from .modes import with_javascript
from .pages.my_page import MyPage
from .pages.screen import Screen
from .personas import Cast, Persona, Service
from .procedures import PROCEDURES, PROFILE
from .server import ROOT
from .shortcuts import no_notice_address
from .situations import SITUATIONS
from .steps import NAMES, SCREENS, Note, Procedure
from .walking import Stop, Walk

NOTES = [note for each in PROCEDURES for step in each.steps for note in step.notes]
LABELS = {name for words in MANUAL.values() for name in words.fields} | {"一括利用者ID"}
NO_LABEL = re.compile(r"『.+?』|「.+?」|(一括|納付)利用者IDのパスワード初期化")
LAST = [each for each in PROCEDURES if each.number not in {one.begins for one in PROCEDURES}]
CHAPTERS = {procedure.name for procedure in PROCEDURES}


def labels_in(text: str) -> list[str]:
    """The labels of fields that a sentence names, longest first."""
    found, rest = [], NO_LABEL.sub("", text)
    for label in sorted(LABELS, key=len, reverse=True):
        if label in rest:
            found.append(label)
            rest = rest.replace(label, "")
    return found


def shows(screen: Screen, name: str) -> bool:
    """A button, a link, a field or a heading has this name."""
    main = screen.main
    found = (
        main.get_by_role("button", name=name, exact=True),
        main.get_by_role("link", name=name, exact=True),
        main.get_by_role("heading", name=name, exact=True),
        main.get_by_label(name, exact=True),
    )
    return any(each.first.is_visible() for each in found)


def missing(text: str, *screens: Screen) -> list[str]:
    """What a sentence names and none of the screens has."""
    titles = {screen.heading for screen in screens}
    told = [re.sub(r"\s", "", screen.main.inner_text()) for screen in screens]
    return [
        *(title for title in SCREENS.findall(text) if title not in titles),
        *(
            name
            for name in NAMES.findall(text)
            if name not in CHAPTERS and not any(shows(screen, name) for screen in screens)
        ),
        *(label for label in labels_in(text) if not any(label in words for words in told)),
    ]


def is_right(stop: Stop, site: Site) -> None:
    """Nothing is named that is not there, and what is done is named."""
    step, service = stop.step, site.cast.service
    if stop.mail:
        is_the_guide(stop.mail, site)
    if stop.screen is None:
        assert not NAMES.findall(stop.sentence)
        return
    as_in_the_manual(stop.screen)
    assert missing(stop.sentence, stop.screen) == []
    assert {control.name for control in step.press} <= set(NAMES.findall(stop.sentence))
    for control in [*step.press, *(note.frame for note in step.notes if note.frame)]:
        expect(control.on(stop.screen)).to_be_visible()
    if step.fills and "を入力し" in stop.sentence:
        assert set(labels_in(stop.sentence)) <= set(step.fills)
    for note in step.notes:
        assert note.when or note.mail or missing(note.text, stop.screen) == []
    for mail in stop.note_mails.values():
        is_notice(mail, service)


def is_the_guide(mail: Mail, site: Site) -> None:
    if mail.subject == ISSUE_GUIDE:
        is_notice(mail, site.cast.service)
        assert "利用者ID発行用URL" in mail.lines
        return
    kind = BULK if mail.subject == BULK.guide_subject else PAYMENT
    is_guide(mail, kind, site.url, site.cast.service)
    assert "パスワード初期化用URL" in mail.lines


@pytest.mark.parametrize("procedure", LAST, ids=lambda each: str(each.number))
def test_every_step_of_the_manual_is_as_it_says(
    page: Page, mailbox: Mailbox, site: Site, company: Persona, procedure: Procedure
) -> None:
    walk = Walk(page, mailbox, site.cast)
    for stop in chain(walk.to(procedure), walk.through(procedure)):
        is_right(stop, site)
    mailbox.expect_no_other()
    if procedure is PROFILE:
        MyPage(page)
        no_notice_address(page, company)


@with_javascript
@pytest.mark.parametrize(
    "note", {note.when: note for note in NOTES if note.when}.values(), ids=lambda each: each.when
)
def test_what_a_note_says_of_another_situation_is_so(page: Page, cast: Cast, note: Note) -> None:
    screens = [SITUATIONS[note.when](page, cast)]
    of_the_step = next(step for each in PROCEDURES for step in each.steps if note in step.notes)
    assert of_the_step.screen
    if not isinstance(screens[0], of_the_step.screen):
        said = MANUAL[of_the_step.screen]
        known = {*said.buttons, *said.links}
        text = NAMES.sub(lambda name: "" if name[1] in known else name[0], note.text)
    else:
        text = note.text
    assert missing(text, *screens) == []


@with_javascript
def test_the_manual_knows_the_service(page: Page, service: Service) -> None:
    page.goto("/help/contact")
    dial = f"{service.contact_phone}（軽自動車OSS専用ダイヤル）"
    expect(page.get_by_role("main")).to_contain_text(dial)
    page.goto("/help/faq")
    expect(page.get_by_role("main")).to_contain_text("有効期間は60日間です")


def test_the_manual_builds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.manual", "--target", str(tmp_path), "--sharpness", "1"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    book = (tmp_path / "manual.html").read_text("utf-8")
    for procedure in PROCEDURES:
        assert procedure.title in book
        for step in procedure.steps:
            assert step.opens or step.sentence in book
    screens = sum(1 for each in PROCEDURES for step in each.steps if step.screen)
    assert book.count("<img ") == screens + sum(1 for note in NOTES if note.frame)
    assert not re.search(r"127\.0\.0\.1|localhost|/home/|/root/|/tmp/", book)
    pages = [int(number) for number in re.findall(r'<td class="page">(\d+)</td>', book)]
    assert len(pages) == len(PROCEDURES)
    assert pages == sorted(set(pages))
    assert (tmp_path / "manual.pdf").read_bytes().startswith(b"%PDF-")
