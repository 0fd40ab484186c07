"""Live checks answered late and in any order: what stands at the end is what the server says."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page, Request, expect

from .conftest import Site
from .modes import with_javascript
from .pages.my_page import MyPage
from .pages.profile import ProfileConfirm, ProfileEdit
from .personas import Persona
from .shortcuts import my_page_of
from .traffic import Held, requests_of
from .waiting import until
from .wording import has_badge, has_no_badge

pytestmark = with_javascript
CHECKS, CHECK = "**/profile/check", "/useridmg/profile/check"
FIELDS: tuple[Callable[[ProfileEdit], Locator], ...] = (
    lambda edit: edit.company_kana,
    lambda edit: edit.company_name,
    lambda edit: edit.representative,
)
VALUES = ("ｹｲｼﾞ", "ケイジ", "", "😀", "(株)ABC")
MOST = 12  # requests of one schedule


@dataclass(frozen=True)
class Turn:
    """Type a value into a field and leave it; go on at once or when its check is on its way."""

    field: int
    value: str
    waits: bool


SCHEDULES = st.lists(
    st.builds(Turn, st.integers(0, 2), st.sampled_from(VALUES), st.booleans()),
    min_size=4,
    max_size=6,
)
ORDERS = st.permutations(range(MOST))
some_schedules = settings(
    max_examples=5,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Typist:
    """A form on which a schedule runs, every check held back."""

    def __init__(self, page: Page, site_url: str) -> None:
        self.page = page
        self._url = site_url
        page.unroute_all(behavior="ignoreErrors")
        self.edit = MyPage.open(page).to_profile()
        self.fields = [find(self.edit) for find in FIELDS]
        self.names = [field.get_attribute("name") or "" for field in self.fields]
        self.typed = [field.input_value() for field in self.fields]
        self.touched: set[int] = set()
        self._sent = requests_of(page)
        self.held = Held(page, CHECKS)

    def play(self, turns: list[Turn]) -> None:
        for turn in turns:
            if turn.value != self.typed[turn.field]:
                self.touched.add(turn.field)
            self.typed[turn.field] = turn.value
            self.fields[turn.field].fill(turn.value)
            self.fields[turn.field].press("Tab")
            if turn.waits:
                self.wait_for_the_check_of({turn.field} & self.touched)

    def wait_for_the_check_of(self, fields: set[int]) -> None:
        """Until the newest check of each field carries what was typed last."""

        def under_way() -> bool | None:
            wanted = {(self.names[each], self.typed[each]) for each in fields}
            len(self.held)  # lets Playwright hand over what came
            newest = {pair[0]: pair[1] for check in self.checks for pair in fields_of(check)}
            return wanted <= set(newest.items()) or None

        assert until(under_way), self.typed

    @property
    def checks(self) -> list[Request]:
        return [each for each in self._sent if each.method == "POST" and CHECK in each.url]

    def release(self, order: list[int], share: int) -> None:
        """Let some of the held checks go, in the order given."""
        here = [each for each in order if each < len(self.held)]
        for each in here[: len(here) * share // 2]:
            self.held.release(each)

    def verdict_on(self, field: int) -> tuple[str, str]:
        """The server's words and badge for what stands in a field now."""
        answer = self.page.context.request.post(
            f"{self._url}{CHECK}",
            form={self.names[field]: self.typed[field]},
            headers={"Origin": self._url},
        )
        words, _, badge = answer.text().partition("<hx-partial")
        return bare(words), bare(f"<hx-partial{badge}")

    def said(self) -> list[str]:
        """Everything that stands below the fields, in order."""
        texts = self.edit.main.get_by_role("status").all_inner_texts()
        return [bare(text) for text in texts if text.strip()]

    def nothing_typed_is_lost(self) -> None:
        for field, text in zip(self.fields, self.typed, strict=True):
            expect(field).to_have_value(text)


def fields_of(check: Request) -> list[tuple[str, str]]:
    return parse_qsl(check.post_data or "", keep_blank_values=True)


def bare(fragment: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>|\s", "", fragment))


@some_schedules
@given(turns=SCHEDULES, order=ORDERS)
def all_checks_in_the_end(page: Page, url: str, turns: list[Turn], order: list[int]) -> None:
    typist = Typist(page, url)
    typist.play(turns)
    typist.wait_for_the_check_of(typist.touched)
    typist.release(order, share=2)
    typist.nothing_typed_is_lost()
    verdicts = {field: typist.verdict_on(field) for field in sorted(typist.touched)}
    wanted = [words for words, _ in verdicts.values() if words]
    assert until(lambda: typist.said() == wanted or None), (
        f"the page says {typist.said()}, the server {wanted}"
    )
    for field, (words, badge) in verdicts.items():
        tell = has_badge if badge == "OK" else has_no_badge
        tell(typist.fields[field], "OK")
        invalid = typist.fields[field].get_attribute("aria-invalid")
        assert (invalid == "true") == words.startswith("エラー：")
    typist.nothing_typed_is_lost()


@some_schedules
@given(turns=SCHEDULES, order=ORDERS)
def no_submit_waits(page: Page, url: str, turns: list[Turn], order: list[int]) -> None:
    typist = Typist(page, url)
    typist.play(turns)
    typist.release(order, share=1)
    refused = [
        field for field in range(len(FIELDS)) if typist.verdict_on(field)[0].startswith("エラー：")
    ]
    typist.edit.button("次へ").click()
    if not refused:
        ProfileConfirm(page)
        return
    expect(typist.edit.problems.get_by_role("listitem")).to_have_count(len(refused))
    for field in refused:
        expect(typist.fields[field]).to_have_value(typist.typed[field])
        expect(typist.fields[field]).to_have_attribute("aria-invalid", "true")


def test_in_whatever_order_checks_are_answered_the_fields_show_the_verdict_on_what_stands_in_them(
    page: Page, company: Persona, site: Site
) -> None:
    my_page_of(page, company)
    all_checks_in_the_end(page, site.url)


def test_no_submit_waits_for_a_check(page: Page, company: Persona, site: Site) -> None:
    my_page_of(page, company)
    no_submit_waits(page, site.url)
