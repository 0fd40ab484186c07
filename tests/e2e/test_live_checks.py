"""Live validation: the server judges a field when it is left, and nothing typed is disturbed."""

from urllib.parse import parse_qsl

from playwright.sync_api import Locator, Page, Request, expect

from .modes import with_javascript
from .pages.login import Login
from .pages.password_change import PasswordChange
from .pages.password_reset import PaymentRequest
from .personas import Persona
from .shortcuts import edit_of
from .traffic import Held, requests_of
from .wording import has_badge, has_no_badge

pytestmark = with_javascript
CHECKS = "**/check*"


def leave(field: Locator, typed: str) -> None:
    """Type into a field and go on to the next by the keyboard."""
    field.fill(typed)
    field.press("Tab")


def named(field: Locator) -> str:
    """The name under which a field is sent."""
    return field.get_attribute("name") or ""


def fields_of(check: Request) -> dict[str, str]:
    return dict(parse_qsl(check.post_data or "", keep_blank_values=True))


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


def test_what_was_typed_before_the_script_came_is_judged(page: Page, company: Persona) -> None:
    """On a slow line people begin to type before the script is there."""
    scripts = Held(page, "**/app.*.js", "GET")
    page.goto(PasswordChange.path, wait_until="domcontentloaded")
    change = PasswordChange(page)
    change.new.fill("yoake-no-hoshi-to-kaze")
    change.new.blur()
    scripts.wait_for(1)
    scripts.release(0)
    has_badge(change.new, "OK")


def test_typing_on_while_the_answer_is_late_loses_no_key(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    checks = Held(page, CHECKS)
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
    checks = Held(page, CHECKS)
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
    checks = Held(page, CHECKS)
    leave(edit.company_kana, "ｹｲｼﾞ")
    checks.wait_for(1)
    confirm = edit.next()
    assert confirm.facts()["会社・団体名（フリガナ）"].startswith("ケイジ")


def test_a_check_sends_the_named_fields_and_nothing_else(page: Page, company: Persona) -> None:
    edit = edit_of(page, company)
    sent = requests_of(page)
    for field in (edit.company_kana, edit.representative):
        with page.expect_request(CHECKS) as check:
            leave(field, "ﾃｽﾄ")
        assert fields_of(check.value) == {named(field): "ﾃｽﾄ"}

    sent.clear()
    first, again = named(edit.notice_email), named(edit.notice_email_again)
    with page.expect_response(lambda answer: again in (answer.request.post_data or "")):
        leave(edit.notice_email, "kei@example.jp")
        leave(edit.notice_email_again, "kei@example.jp")
    assert {frozenset(fields_of(check)) for check in sent} == {
        frozenset({first}),
        frozenset({first, again}),
    }


def test_the_request_for_a_reset_is_checked_as_it_is_typed(page: Page, company: Persona) -> None:
    request = PaymentRequest.open(page)
    leave(request.payment_id, company.payment_id.lower())
    has_badge(request.payment_id, "OK")
    words = f"「{company.payment_id}」として受け付けます"
    expect(request.main.get_by_text(words, exact=True)).to_be_visible()
    leave(request.email, "だれか＠")
    expect(request.email).to_have_attribute("aria-invalid", "true")
    leave(request.email, company.email)
    has_badge(request.email, "OK")


def test_only_a_new_password_is_ever_checked_and_then_it_travels_alone(
    page: Page, company: Persona
) -> None:
    sent = requests_of(page)
    change = PasswordChange.open(page)
    leave(change.payment_id, company.payment_id)
    leave(change.current, "himitsu-no-genzai")
    leave(change.new, "password")
    expect(change.new).to_have_attribute("aria-invalid", "true")
    leave(change.new, "himitsu-no-atarashii")
    has_badge(change.new, "OK")
    leave(change.new_again, "himitsu-no-atarashii")
    login = Login.open(page)
    login.payment_id.fill(company.payment_id)
    leave(login.password, "himitsu-no-genzai")
    login.to_password_reset()

    assert not [request.url for request in sent if "himitsu" in request.url]
    bodies = [fields_of(each) for each in sent if each.post_data]
    assert bodies == [{"new_password": "password"}, {"new_password": "himitsu-no-atarashii"}]
