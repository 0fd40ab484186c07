"""Live validation: the server judges a field when it is left, and nothing typed is disturbed."""

from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from .pages.login import Login
from .pages.profile import ProfileEdit
from .personas import Persona
from .waiting import until
from .wording import has_badge, has_no_badge

pytestmark = pytest.mark.parametrize(
    "javascript", [True], ids=["javascript"], indirect=True, scope="module"
)
CHECKS = "**/check*"
PATIENCE_SECONDS = 10


class HeldChecks:
    """Keeps the checks of a page waiting until a test lets them go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._page = page
        page.route(CHECKS, self._hold)

    def _hold(self, check: Route) -> None:
        self._held.append(check)

    def wait_for(self, count: int) -> None:
        def arrived() -> bool | None:
            self._page.title()  # a round trip, in which Playwright hands over what came
            return len(self._held) >= count or None

        assert until(arrived, seconds=PATIENCE_SECONDS), f"fewer than {count} checks were sent"

    def release(self, which: int) -> None:
        self._held[which].continue_()


def edit_of(page: Page, persona: Persona) -> ProfileEdit:
    return Login.open(page).log_in(persona.payment_id, persona.password).to_profile()


def leave(field: Locator, typed: str) -> None:
    """Type into a field and go on to the next by the keyboard."""
    field.fill(typed)
    field.press("Tab")


def test_leaving_a_reading_shows_ok_and_what_will_be_registered(
    page: Page, company: Persona
) -> None:
    edit = edit_of(page, company)
    page.evaluate("window.sameDocument = true")
    input_before = edit.company_kana.element_handle()
    leave(edit.company_kana, "")
    expect(edit.company_kana).to_have_attribute("aria-invalid", "true")
    has_no_badge(edit.company_kana, "OK")
    has_badge(edit.company_kana, "必須")

    leave(edit.company_kana, "ｹｲｼﾞ")
    expect(edit.main.get_by_text("「ケイジ」として登録します", exact=True)).to_be_visible()
    has_badge(edit.company_kana, "OK")
    expect(edit.company_kana).not_to_have_attribute("aria-invalid", "true")
    expect(edit.company_kana).to_have_value("ｹｲｼﾞ")
    assert page.evaluate("window.sameDocument") is True
    assert edit.company_kana.evaluate("(now, before) => now === before", input_before)


def test_typing_on_while_the_answer_is_late_loses_no_key(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    checks = HeldChecks(page)
    leave(edit.company_kana, "ｹｲｼﾞ")
    expect(edit.company_name).to_be_focused()
    edit.company_name.press("End")
    edit.company_name.press_sequentially("あいう")
    edit.company_name.press("ArrowLeft")
    checks.wait_for(1)
    checks.release(0)
    has_badge(edit.company_kana, "OK")
    expect(edit.main.get_by_text("「ケイジ」として登録します", exact=True)).to_be_visible()
    expect(edit.company_name).to_be_focused()
    assert edit.company_name.evaluate("field => field.selectionStart") == len(company.name) + 2
    edit.company_name.press_sequentially("え")
    expect(edit.company_name).to_have_value(f"{company.name}あいえう")


def test_a_late_answer_never_overwrites_a_newer_one(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    checks = HeldChecks(page)
    leave(edit.company_kana, "ｹｲｼﾞ")
    checks.wait_for(1)
    leave(edit.company_kana, "漢字")
    checks.wait_for(2)
    checks.release(1)
    expect(edit.company_kana).to_have_attribute("aria-invalid", "true")
    checks.release(0)
    leave(edit.representative, "ｹｲｼﾞ")
    checks.wait_for(3)
    checks.release(2)
    has_badge(edit.representative, "OK")
    expect(edit.company_kana).to_have_attribute("aria-invalid", "true")
    has_no_badge(edit.company_kana, "OK")


def test_a_late_answer_does_not_hold_up_the_next_step(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    checks = HeldChecks(page)
    leave(edit.company_kana, "ｹｲｼﾞ")
    checks.wait_for(1)
    confirm = edit.next()
    assert confirm.facts()["会社・団体名（フリガナ）"].startswith("ケイジ")


def test_a_check_sends_the_named_fields_and_nothing_else(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    bodies: list[list[str]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            bodies.append([name for name, _ in parse_qsl(request.post_data or "", True)])

    page.on("request", note)
    for field in (edit.company_kana, edit.representative):
        with page.expect_response(CHECKS):
            leave(field, "ケイジ")
    with page.expect_response(CHECKS):
        leave(edit.notice_email, "kei@example.jp")
    with page.expect_response(CHECKS):
        leave(edit.notice_email_again, "kei@example.jp")
    has_badge(edit.notice_email_again, "OK")
    assert bodies
    assert all(1 <= len(names) <= 2 for names in bodies), bodies


def test_passwords_are_never_sent_by_a_check(page: Page, company: Persona) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    change = Login.open(page).to_password_change()
    leave(change.payment_id, company.payment_id)
    leave(change.current, "himitsu-no-genzai")
    leave(change.new, "himitsu-no-atarashii")
    leave(change.new_again, "himitsu-no-atarashii")
    page.goto("/useridmg/login")
    login = Login(page)
    login.payment_id.fill(company.payment_id)
    leave(login.password, "himitsu-no-genzai")
    login.to_password_reset()
    assert not [line for line in sent if "himitsu" in line and company.payment_id in line]
    assert not [line for line in sent if "himitsu-no-genzai" in line]
