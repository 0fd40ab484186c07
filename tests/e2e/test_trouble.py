"""No answer, bad answers, late answers: it is said, nothing typed is lost, nothing happens twice."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from .conftest import Site
from .mail_wording import PROFILE_CHANGED
from .mailbox import Mailbox
from .modes import with_javascript, without_javascript
from .pages.my_page import MyPage
from .pages.profile import ProfileComplete, ProfileConfirm
from .personas import Persona
from .shortcuts import changing, edit_of
from .stage import Stage
from .traffic import Held
from .watch import Watch

NO_ANSWER = "通信できませんでした。入力した内容はこの画面に残っています。"
OF_THE_BROWSER = ("console: Failed to load resource", "console: htmx: htmx:error")
NOT_DONE = "操作は完了していません。"
EDITS, CONFIRMS = "**/useridmg/profile/edit*", "**/useridmg/profile/confirm*"
NAME = "軽自　六郎"

HOLD_THE_CLOCK_OF_THE_BUSY_WORDS = """() => document.addEventListener("transitionrun", (event) => {
  window.showing = event.target.getAnimations()[0];
  window.showing.pause();
})"""
MILLISECONDS_LATER = "(milliseconds) => { window.showing.currentTime = milliseconds; }"


@pytest.fixture
def context(new_context: CreateContextCallback, site: Site) -> Iterator[BrowserContext]:
    """A browser whose own words about failed requests are no complaint here."""
    context = new_context()
    watch = Watch(context, site.url)
    yield context
    watch.complaints = [each for each in watch.complaints if not each.startswith(OF_THE_BROWSER)]
    watch.verdict()


def no_network(route: Route) -> None:
    route.abort("internetdisconnected")


def cut_off(route: Route) -> None:
    route.abort("connectionreset")


def foreign(route: Route) -> None:
    """What a proxy says in its own name."""
    route.fulfill(status=502, content_type="text/plain", body="Bad Gateway")


def words_of(status: int) -> str:
    return f"エラー{status}です。"


def answered(status: int) -> Callable[[Route], None]:
    """An error page in the product's shape."""

    def answer(route: Route) -> None:
        page = f'<main id="step"><h1>?</h1><div id="problem"><p>{words_of(status)}</p></div></main>'
        route.fulfill(status=status, content_type="text/html; charset=utf-8", body=page)

    return answer


TROUBLES: list[tuple[Callable[[Route], None], str]] = [
    (cut_off, NO_ANSWER),
    (answered(500), words_of(500)),
    (no_network, NO_ANSWER),
    (answered(503), words_of(503)),
    (foreign, NO_ANSWER),
    (answered(429), words_of(429)),
    (answered(413), words_of(413)),
]


@dataclass(frozen=True)
class DebitStatus:
    """A form in the browser: what it must still be after every trouble."""

    page: Page
    button: Locator
    typed: tuple[tuple[Locator, str], ...]

    def survives(self, addresses: str) -> None:
        """Every trouble once, each told in the alert, and the form as it was."""
        address, title = self.page.url, self.page.title()
        for trouble, words in TROUBLES:
            self.page.route(addresses, trouble, times=1)
            self.button.click()
            expect(alert(self.page)).to_have_text(re.compile(words))
            expect(self.button).to_be_focused()
            expect(busy(self.page)).to_be_hidden()
            for field, text in self.typed:
                expect(field).to_have_value(text)
            assert (self.page.url, self.page.title()) == (address, title)


def alert(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("alert")


def busy(page: Page) -> Locator:
    return page.get_by_role("main").get_by_text("送信しています…", exact=True)


def done_once(page: Page, mailbox: Mailbox, *addresses: str) -> None:
    ProfileComplete(page)
    for address in addresses:
        mailbox.expect(to=address, subject=PROFILE_CHANGED)
    mailbox.expect_no_other()


@with_javascript
def test_at_next_every_trouble_is_told_and_the_form_stands_with_what_was_typed(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    edit = edit_of(page, company)
    edit.representative.fill(NAME)
    edit.notice_email.fill("kei@example.jp")
    edit.notice_email_again.fill("kei@example.jp")
    typed = ((edit.representative, NAME), (edit.notice_email_again, "kei@example.jp"))
    DebitStatus(page, edit.button("次へ"), typed).survives(EDITS)
    confirm = edit.next()
    assert confirm.facts()["代表者名"].startswith(NAME)
    mailbox.expect_no_other()


@with_javascript
def test_at_apply_every_trouble_is_told_and_then_it_is_done_once(
    page: Page, individual: Persona, mailbox: Mailbox
) -> None:
    moved = individual.email.replace("@", "+moved@")
    edit = edit_of(page, individual)
    for old, new in ((individual.email, moved), (moved, individual.email)):
        edit.type_email(new)
        confirm = edit.next()
        confirm.current_password.fill(individual.password)
        if new == moved:
            typed = ((confirm.current_password, individual.password),)
            DebitStatus(page, confirm.button("確定"), typed).survives(CONFIRMS)
            mailbox.expect_no_other()
        confirm.apply()
        done_once(page, mailbox, old, new)
        edit = MyPage.open(page).to_profile()


@with_javascript
def test_without_a_network_it_is_said_and_with_one_again_the_button_works(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    confirm = changing(page, company).next()
    page.context.set_offline(True)
    confirm.button("確定").click()
    expect(alert(page)).to_contain_text(NO_ANSWER)
    page.context.set_offline(False)
    confirm.apply()
    done_once(page, mailbox, company.email)


@with_javascript
def test_an_answer_that_is_lost_on_its_way_does_not_make_it_happen_twice(
    page: Page, company: Persona, mailbox: Mailbox
) -> None:
    def lose(route: Route) -> None:
        assert route.fetch().ok
        route.abort("connectionreset")

    confirm = changing(page, company).next()
    page.route(CONFIRMS, lose, times=1)
    confirm.button("確定").click()
    expect(alert(page)).to_contain_text(NO_ANSWER)
    confirm.apply()
    done_once(page, mailbox, company.email)


@with_javascript
@pytest.mark.parametrize("step", ["次へ", "確定"])
def test_a_late_answer_is_announced_as_under_way_and_still_arrives(
    page: Page, company: Persona, mailbox: Mailbox, step: str
) -> None:
    edit = changing(page, company)
    if step == "確定":
        edit.next()
    held = Held(page, EDITS if step == "次へ" else CONFIRMS)
    edit.button(step).click()
    expect(busy(page)).to_be_visible()
    assert busy(page).evaluate("words => words.parentElement.role") == "status"
    held.wait_for(1)
    edit.button(step).click()
    held.release(0)
    if step == "次へ":
        ProfileConfirm(page)
        mailbox.expect_no_other()
    else:
        done_once(page, mailbox, company.email)
    assert len(held) == 1


@with_javascript
def test_a_quick_answer_is_not_announced_as_under_way(page: Page, company: Persona) -> None:
    edit = changing(page, company)
    page.evaluate(HOLD_THE_CLOCK_OF_THE_BUSY_WORDS)
    held = Held(page, EDITS)
    edit.button("次へ").click()
    held.wait_for(1)
    page.wait_for_function("window.showing")
    expect(busy(page)).to_be_hidden()
    page.evaluate(MILLISECONDS_LATER, 299)
    expect(busy(page)).to_be_hidden()
    page.evaluate(MILLISECONDS_LATER, 301)
    expect(busy(page)).to_be_visible()
    held.release(0)
    ProfileConfirm(page)


@without_javascript
def test_without_scripts_a_failed_next_offers_to_send_the_same_once_more(
    page: Page, company: Persona, site: Site, mailbox: Mailbox
) -> None:
    edit = edit_of(page, company)
    edit.representative.fill(NAME)
    with Stage(page, site, {}).without("drafts"):
        edit.button("次へ").click()
        expect(page.get_by_role("main")).to_contain_text(NOT_DONE)
    page.get_by_role("button", name="もう一度送信する", exact=True).click()
    assert ProfileConfirm(page).facts()["代表者名"].startswith(NAME)
    mailbox.expect_no_other()


@without_javascript
def test_without_scripts_a_failed_apply_can_be_pressed_again(
    page: Page, company: Persona, site: Site, mailbox: Mailbox
) -> None:
    edit = edit_of(page, company)
    edit.representative.fill(NAME)
    confirm = edit.next()
    with Stage(page, site, {}).without("receipts"):
        confirm.button("確定").click()
        expect(page.get_by_role("main")).to_contain_text(NOT_DONE)
        mailbox.expect_no_other()
    page.get_by_role("button", name="もう一度送信する", exact=True).click()
    done_once(page, mailbox, company.email)
    assert MyPage.open(page).facts()["代表者名"] == NAME
