"""Every edge of every flow, walked: next, 戻る, Back, Forward, reload, a second tab, an address."""

import re
from dataclasses import dataclass, field
from functools import cache
from secrets import choice

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from . import probes
from .conftest import Site
from .flows import BULK_REQUEST, CHOICE, FLOWS, PASSWORD, PAYMENT_REQUEST, PROFILE, SUBJECTS
from .graph import COMPLETE, CONFIRM, INPUT, Flow, Graph, Move, State, reach, walks
from .mail_wording import PAYMENT
from .mailbox import Mailbox
from .pages.login import Login
from .pages.my_page import MyPage
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentNewPassword, PaymentRequest
from .pages.portal import Portal
from .pages.profile import ProfileConfirm, ProfileEdit
from .personas import new_password
from .shortcuts import my_page_of
from .stage import Stage
from .travel import BUTTONS

AN_HOUR = 3600


@dataclass
class Walker:
    """Somebody who takes the edges of one flow and knows what was typed."""

    page: Page
    site: Site
    flow: Flow
    mailbox: Mailbox
    link: str = ""
    before: str = ""
    password: str = field(default_factory=new_password)
    name: str = field(
        default_factory=lambda: "軽自" + "".join(choice("一二三四五") for _ in "氏氏名名")
    )

    def __post_init__(self) -> None:
        cast = self.site.cast
        self.persona = cast.company if self.flow in (PROFILE, PASSWORD) else cast.individual

    def begin(self) -> None:
        """Stand outside the flow, one step before its first screen."""
        if self.site.server:
            Stage(self.page, self.site, {}).set_ahead(AN_HOUR)  # only so many requests an hour
        if self.flow in (PROFILE, BULK_REQUEST):
            self.before = my_page_of(self.page, self.persona).facts().get("代表者名", "")
        elif self.flow is CHOICE:
            PaymentRequest.open(self.page).request(self.persona.payment_id, self.persona.email)
            guide = self.mailbox.expect(to=self.persona.email, subject=PAYMENT.guide_subject)
            self.link = guide.link
            self.page.goto(self.link)
            done = self.page.url.replace("/password?", "/complete?")
            self.addresses = {INPUT: self.link, COMPLETE: done}
            Portal.open(self.page)
        else:
            Login.open(self.page)

    def take(self, move: Move) -> None:
        """Go along an edge."""
        action, _, screen = move.action.partition(" of ")
        main = self.page.get_by_role("main")
        if action in ("press", "mistake"):
            self.press(self.page, move.source, wrongly=action == "mistake")
        elif action == "press in a duplicate":
            self.in_a_duplicate(COMPLETE, press=True)
        elif action == "duplicate":
            self.in_a_duplicate(move.source)
        elif action == "address":
            self.page.goto(self.link_or(self.flow.addresses[screen], screen))
        elif action == "enter" and self.link:
            self.page.goto(self.link)
        elif action in ("enter", "link"):
            label = self.flow.entrance if action == "enter" else self.flow.links[move.source][0]
            main.get_by_role("link", name=label, exact=True).click()
        else:
            BUTTONS[action](self.page)

    def link_or(self, address: str, screen: str) -> str:
        return self.addresses[screen] if self.link else address

    def in_a_duplicate(self, shown: str, *, press: bool = False) -> None:
        twin = self.page.context.new_page()
        twin.goto(self.page.url)
        if press:
            self.press(twin, self.flow.last_screen)
        expect(twin.get_by_role("heading", level=1)).to_have_text(self.flow.headings[shown])
        twin.close()
        self.page.bring_to_front()

    def press(self, page: Page, screen: str, *, wrongly: bool = False) -> None:
        """Type what is wanted, and press the button."""
        if screen == INPUT:
            typed = self.type(page, wrongly=wrongly)
        button = self.flow.presses[screen][0]
        page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        if wrongly:
            expect(page.get_by_role("group", name="入力内容に問題があります")).to_be_visible()
            for kept, text in typed:
                expect(kept).to_have_value(text)

    def type(self, page: Page, *, wrongly: bool) -> list[tuple[Locator, str]]:
        """Fill in the form, and give what has to be there after a refusal."""
        again = "" if wrongly else self.password
        if self.flow is PROFILE:
            edit = ProfileEdit(page)
            edit.representative.fill(self.name)
            edit.company_kana.fill("" if wrongly else self.persona.kana)
            return [(edit.representative, self.name)]
        if self.flow is PAYMENT_REQUEST:
            asked = PaymentRequest(page)
            asked.payment_id.fill(self.persona.payment_id)
            asked.email.fill("だれか" if wrongly else self.persona.email)
            return [(asked.payment_id, self.persona.payment_id), (asked.email, "だれか")]
        if self.flow is CHOICE:
            choosing = PaymentNewPassword(page)
            choosing.password.fill(self.password)
            choosing.password_again.fill(again)
            return [(choosing.password, "")]
        if self.flow is PASSWORD:
            change = PasswordChange(page)
            change.payment_id.fill(self.persona.payment_id)
            change.current.fill(self.persona.password)
            change.new.fill(self.password)
            change.new_again.fill(again)
            return [(change.payment_id, self.persona.payment_id), (change.current, "")]
        return []

    def look(self, now: State) -> None:
        """The screen, its title, and on it what was sent from it before."""
        heading = self.flow.headings[now.shown]
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(self.page).to_have_title(re.compile(f"^(エラー：)?{heading}｜"))
        if self.flow is PROFILE and now.shown == INPUT:
            name = self.name if now.done or now.here.run in now.kept else self.before
            expect(ProfileEdit(self.page).representative).to_have_value(name)
        if self.flow is PROFILE and now.shown == CONFIRM:
            assert ProfileConfirm(self.page).facts()["代表者名"].startswith(self.name)

    def settle(self, *, done: bool) -> None:
        """My Page, the log-in and the inbox tell what was done: once, or not at all."""
        persona = self.persona
        if done and self.flow in (CHOICE, PASSWORD):
            self.site.cast.password_changed(persona, self.password)
        if done:
            self.mailbox.expect(to=persona.email, subject=SUBJECTS[self.flow.name])
        if self.flow in (CHOICE, PASSWORD):
            my_page_of(self.page, persona)
        if self.flow is PROFILE:
            facts = MyPage.open(self.page).facts()
            assert facts["代表者名"] == (self.name if done else self.before)
        self.mailbox.expect_no_other()


@cache
def walks_of(flow: str, javascript: bool) -> list[tuple[Move, ...]]:
    return walks(Graph(next(each for each in FLOWS if each.name == flow), javascript))


def every_walk() -> list[object]:
    return [
        pytest.param(javascript, flow, number, id=f"{mode}-{flow.name}-{number + 1}")
        for javascript, mode in ((True, "javascript"), (False, "no-javascript"))
        for flow in FLOWS
        for number in range(len(walks_of(flow.name, javascript)))
    ]


@pytest.mark.parametrize(
    ("javascript", "flow", "number"), every_walk(), indirect=["javascript"], scope="module"
)
def test_every_edge_leads_where_it_should_and_does_nothing_twice(
    page: Page, site: Site, mailbox: Mailbox, javascript: bool, flow: Flow, number: int
) -> None:
    walker = Walker(page, site, flow, mailbox)
    walker.begin()
    taken: list[str] = []
    for move in walks_of(flow.name, javascript)[number]:
        taken.append(" → ".join(move.edge))
        try:
            walker.take(move)
            walker.look(move.after)
        except (AssertionError, Error) as error:
            error.add_note("\n".join(taken))
            raise
        if javascript and move.action in ("press", "mistake"):
            assert page.evaluate(probes.FOCUS) in ("h1", "summary"), taken
    walker.settle(done=move.after.done is not None)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])
def test_the_walks_take_every_edge_of_the_graph(flow: Flow, scripts: bool) -> None:
    graph = Graph(flow, scripts)
    taken = {move.edge for walk in walks_of(flow.name, scripts) for move in walk}
    assert taken == {way[-1].edge for way in reach(graph, graph.start())}
    assert {screen for _, _, screen in taken} == set(flow.headings)
