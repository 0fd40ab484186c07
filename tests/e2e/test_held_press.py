"""A press that is held while an answer comes: nothing moves under it, and no answer is lost."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from .modes import with_javascript
from .pages.direct_debit import DebitEdit
from .personas import Persona
from .shortcuts import my_page_of
from .traffic import Held

pytestmark = with_javascript
TWO_FRAMES = "() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))"


@dataclass(frozen=True)
class Answer:
    """What the server says beside a field while the form is used."""

    addresses: str
    field: str
    typed: str
    place: str
    words: str


ANSWERS = {
    "check": Answer("**/check", "口座番号", "12345678", "#number-check", "8桁"),
    "town": Answer("**/debit/town", "郵便番号", "1600023", "#town", "続きを住所に"),
}


class Waiting:
    """A form whose field was left, its answer on its way."""

    def __init__(self, page: Page, person: Persona, answer: Answer) -> None:
        my_page_of(page, person).link("国庫金ダイレクト納付口座新規作成").click()
        self.page, self.answer = page, answer
        self.edit = DebitEdit(page, "国庫金", "新規作成")
        self.held = Held(page, answer.addresses)
        self.place = page.locator(answer.place)
        self.edit.field(answer.field).fill(answer.typed)
        self.edit.field(answer.field).blur()
        self.held.wait_for(1)

    def arrives(self) -> None:
        """Let it arrive while something is pressed; what was there is there still."""
        before = self.place.inner_text()
        with self.page.expect_response(self.answer.addresses) as coming:
            self.held.release(0)
        coming.value.finished()
        self.page.evaluate(TWO_FRAMES)
        assert self.place.inner_text() == before

    def comes_again(self) -> None:
        self.held.wait_for(2)
        self.held.release(1)
        expect(self.place).to_contain_text(self.answer.words)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_press_goes_where_it_began(page: Page, company: Persona, answer: Answer) -> None:
    form = Waiting(page, company, answer)
    form.edit.button("次へ").hover()
    page.mouse.down()
    form.arrives()
    page.mouse.up()
    expect(form.edit.problems).to_be_visible()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_kept_back_by_a_press_comes_after_it(
    page: Page, company: Persona, answer: Answer
) -> None:
    form = Waiting(page, company, answer)
    form.edit.main.get_by_role("heading", level=1).hover()
    page.mouse.down()
    form.arrives()
    page.mouse.up()
    form.comes_again()
