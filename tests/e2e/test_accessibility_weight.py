"""How much a phone on a slow line has to load (issue 4: budgets).

Pages are measured as the proxy in front sends them, compressed; files as our server sends them.
"""

import gzip

import pytest
from playwright.sync_api import Page, Response

from .conftest import Site
from .personas import Persona
from .stage import EDIT, Stage

FIRST_LOAD, MOST_REQUESTS = 30 * 1024, 4
MY_PAGE = 6 * 1024
LIVE_CHECK = 600


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


class Scales:
    """Weighs what a page loads."""

    def __init__(self, page: Page) -> None:
        self._answers: list[Response] = []
        page.on("response", self._answers.append)

    def turn(self) -> None:
        self._answers.clear()

    @property
    def requests(self) -> list[str]:
        return [answer.url for answer in self._answers]

    @property
    def weight(self) -> int:
        return sum(_weight(answer) for answer in self._answers if not answer.from_service_worker)


def _weight(answer: Response) -> int:
    if answer.headers.get("content-encoding") == "gzip":
        return answer.request.sizes()["responseBodySize"]
    return len(gzip.compress(answer.body()))


def test_the_first_load_of_the_log_in_and_my_page_after_it(
    page: Page, site: Site, company: Persona, record_property: object
) -> None:
    scales = Scales(page)
    page.goto("/useridmg/login", wait_until="networkidle")
    print(f"L1: {scales.weight} bytes, {len(scales.requests)} requests")
    assert scales.weight <= FIRST_LOAD, scales.requests
    assert len(scales.requests) <= MOST_REQUESTS, scales.requests
    Stage(page, site, {}).log_in(company)
    scales.turn()
    page.goto("/useridmg/mypage", wait_until="networkidle")
    print(f"M1: {scales.weight} bytes, {len(scales.requests)} requests")
    assert scales.weight <= MY_PAGE, scales.requests


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
        assert len(answer.value.body()) <= LIVE_CHECK, answer.value.text()
    stage.open("/useridmg/password/change")
    for typed in ("password1234", "mijikai", "yoake-no-hoshi-7"):
        with page.expect_response("**/check") as answer:
            stage.fill("新しいパスワード", typed)
        assert len(answer.value.body()) <= LIVE_CHECK, answer.value.text()
