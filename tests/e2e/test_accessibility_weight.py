"""How much a phone on a slow line has to load: budgets, weighed on the line as it was sent."""

import pytest
from playwright.sync_api import Page, Response

from .conftest import Site
from .personas import Persona
from .stage import EDIT, Stage

FIRST_LOAD, MOST_REQUESTS = 25 * 1024, 4
MY_PAGE = 6 * 1024
LIVE_CHECK = 600


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


class Scales:
    """Weighs what a page loads: the bodies as they came over the line."""

    def __init__(self, page: Page) -> None:
        self.loaded: dict[str, int] = {}
        self._held: set[str] = set()
        self._came: list[Response] = []
        page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        self._came.append(answer)

    def read(self) -> None:
        """Count an address once: the mark in the header and in the tab is one file, kept for ever."""
        self.loaded.clear()
        for answer in self._came:
            if answer.url not in self._held:
                self.loaded[answer.url] = weight(answer)
            if "immutable" in answer.headers["cache-control"]:
                self._held.add(answer.url)
        self._came.clear()

    @property
    def weight(self) -> int:
        return sum(self.loaded.values())

    def __str__(self) -> str:
        return f"{self.weight} bytes, {len(self.loaded)} requests: {self.loaded}"


def weight(answer: Response) -> int:
    """Give the bytes of a body as they travelled, compressed if they were."""
    sent = answer.request.sizes()["responseBodySize"]
    assert sent > 0
    return sent


def test_the_first_load_of_the_log_in_and_my_page_after_it(
    page: Page, site: Site, company: Persona
) -> None:
    scales = Scales(page)
    page.goto("/useridmg/login", wait_until="networkidle")
    scales.read()
    print(f"L1: {scales}")
    assert scales.weight <= FIRST_LOAD
    assert len(scales.loaded) <= MOST_REQUESTS
    Stage(page, site, {}).log_in(company)
    scales.read()
    page.goto("/useridmg/mypage", wait_until="networkidle")
    scales.read()
    print(f"M1: {scales}")
    assert scales.weight <= MY_PAGE


def test_the_answer_of_a_live_check(page: Page, site: Site, company: Persona) -> None:
    stage = Stage(page, site, {})
    stage.logged_in(company, EDIT)
    for label, text in (
        ("会社・団体名(フリガナ)(全角)", "ｹｲｼﾞ" * 15),
        ("会社・団体名(フリガナ)(全角)", "漢字"),
        ("会社・団体名(全角)", "けいじ😀"),
        ("利用者管理用メールアドレス", "だれか＠"),
    ):
        with page.expect_response("**/check") as answer:
            stage.fill(label, text)
            stage.field(label).press("Tab")
        print(f"{text}: {weight(answer.value)} bytes")
        assert weight(answer.value) <= LIVE_CHECK, answer.value.text()
    stage.open("/useridmg/password/change")
    for typed in ("password1234", "mijikai", "yoake-no-hoshi-7"):
        with page.expect_response("**/check") as answer:
            stage.fill("新しいパスワード", typed)
        assert weight(answer.value) <= LIVE_CHECK, answer.value.text()
