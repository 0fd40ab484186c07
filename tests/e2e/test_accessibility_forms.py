"""Forms: which keyboard and which password they ask for, what can be pasted, what is asked again."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Site
from .personas import Persona
from .screens import CHANGE, LOGIN, PAY, STATES, State
from .stage import EDIT, Stage

COMPANY_FIELDS = {
    "corporate_kana": ("text", "off", ""),
    "corporate_name": ("text", "organization", ""),
    "representative": ("text", "off", ""),
    "individual_kana": ("text", "off", ""),
    "individual_name": ("text", "name", ""),
    "admin_email": ("email", "email", ""),
    "admin_email_again": ("email", "email", ""),
    "notice_email": ("email", "email", ""),
    "notice_email_again": ("email", "email", ""),
}
NEW_PASSWORDS = {
    "new_password": ("password", "new-password", ""),
    "new_password_again": ("password", "new-password", ""),
}
FIELDS = """() => Object.fromEntries([...document.querySelectorAll(
  "main input:not([type=hidden], [type=radio], [type=checkbox])")]
  .map((field) => [field.name, [field.type, field.autocomplete, field.inputMode]]))"""
WITH_FIELDS = (
    "search",
    "L1",
    "C1",
    "U1",
    "U1-individual",
    "U2-new-address",
    "B4",
    "R1",
    "R4",
)


@pytest.fixture(scope="module")
def javascript() -> bool:
    return True


@pytest.fixture
def stage(page: Page, site: Site) -> Stage:
    return Stage(page, site, {})


def test_password_managers_file_each_password_under_its_own_id(
    stage: Stage, company: Persona
) -> None:
    """Type, autocomplete and inputmode of every field, exactly (WCAG 1.3.5)."""
    page, username = stage.page, ("text", "username", "email")
    for path, wanted in (
        (LOGIN, {"user_id": ("text", "username webauthn", "email"), "password": ("password", "current-password", "")}),
        (CHANGE, {"user_id": username, "current_password": ("password", "current-password", ""), **NEW_PASSWORDS}),
        (f"{PAY}/request", {"user_id": username, "admin_email": ("email", "email", "")}),
    ):  # fmt: skip
        stage.open(path)
        assert page.evaluate(FIELDS) == {name: list(pair) for name, pair in wanted.items()}
    stage.logged_in(company, EDIT)
    assert page.evaluate(FIELDS) == {name: list(pair) for name, pair in COMPANY_FIELDS.items()}
    for kind, user_id in (("payment", company.payment_id), ("bulk", company.bulk_id)):
        stage.open(stage.mailed(kind))  # type: ignore[arg-type]
        wanted = {"username": ("text", "username", ""), **NEW_PASSWORDS}  # not for typing
        assert page.evaluate(FIELDS) == {name: list(pair) for name, pair in wanted.items()}
        expect(page.locator("[name=username]")).to_have_value(user_id)


@pytest.mark.parametrize(
    "state", [state for state in STATES if state.name in WITH_FIELDS], ids=lambda state: state.name
)
def test_everything_can_be_pasted(stage: Stage, context: BrowserContext, state: State) -> None:
    """Every field of every form, passwords too (WCAG 3.3.8)."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    state.bring(stage)
    stage.page.evaluate("navigator.clipboard.writeText('paste@example.jp')")
    fields = stage.page.locator("main .input:visible").all()
    assert fields
    for field in fields:
        field.fill("")
        field.press("Control+V")
        expect(field).to_have_value("paste@example.jp")


def test_nothing_is_asked_twice(stage: Stage, company: Persona, expired: Persona) -> None:
    """What the service knows stands in the form already (WCAG 3.3.7); passwords excepted."""
    stage.logged_in(company, EDIT)
    address = stage.field("利用者管理用メールアドレス(確認用)")
    expect(address).to_have_value(company.email)
    stage.fill("代表者名(全角)", "軽自　六郎")
    stage.press("次へ")
    stage.heading("利用者情報変更 依頼の確認")
    assert stage.page.locator("main .input").count() == 0
    stage.page.locator(".amend").filter(has_text="会社・団体名を変更").click()
    expect(stage.page.locator("#corporate_name")).to_be_focused()
    expect(stage.field("代表者名(全角)")).to_have_value("軽自　六郎")
    stage.open(LOGIN)
    stage.fill("納付利用者ID", expired.payment_id)
    stage.fill("納付利用者パスワード", expired.password)
    stage.press("ログイン")
    stage.heading("パスワード変更")
    expect(stage.field("納付利用者ID")).to_have_value(expired.payment_id)


@pytest.mark.parametrize("path", [LOGIN, CHANGE, EDIT, "/help/search?q=メール"])
def test_touching_a_control_leads_nowhere(stage: Stage, company: Persona, path: str) -> None:
    """Focus and change alone send no form and move no focus (WCAG 3.2.1, 3.2.2)."""
    stage.logged_in(company, path)
    address = stage.page.url
    for control in stage.page.locator("input:visible").all():
        control.focus()
        if control.get_attribute("type") in {"radio", "checkbox"}:
            control.press("Space")
        else:
            control.press_sequentially("x")
        expect(control).to_be_focused()
    assert stage.page.url == address


def test_the_keyboard_on_the_screen_is_not_offered_to_fingers(browser: Browser, site: Site) -> None:
    """A telephone shows a keyboard of its own."""
    context = browser.new_context(
        base_url=site.url, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True
    )
    stage = Stage(context.new_page(), site, {})
    stage.open(LOGIN)
    expect(stage.field("納付利用者パスワード")).to_be_visible()
    button = stage.page.get_by_role("button", name="画面キーボード", exact=True)
    expect(button).to_be_hidden()
    context.close()
