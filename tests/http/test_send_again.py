"""A form that met an error is not lost: the page offers to send it once more, without passwords."""

from collections.abc import Callable

import httpx
import pytest

from tests.http.test_errors import raising, raising_at_once
from tests.support.dump import dump
from tests.support.engines import nothing_is_read
from tests.support.forms import FORMS, Filled, company
from tests.support.html import elements
from tests.support.journeys import ASK_BULK
from tests.support.page import Page
from tests.support.press import HTMX, natively, visit
from tests.support.product import Product
from web.database import Database, DatabaseUnavailable
from web.security.fair_queue import Busy
from web.security.passwords import Passwords

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

AGAIN = "もう一度送信する"
Break = Callable[[pytest.MonkeyPatch], None]
# Where the form leads to when it is sent again as it is offered: passwords must be typed anew.
LEADS = {
    "L1": (422, "マイページログイン"),
    "C1": (422, "パスワード変更"),
    "R1": (200, "納付利用者パスワード初期化 依頼受付"),
    "U1 company": (200, "利用者情報変更 依頼の確認"),
    "U1 person": (200, "利用者情報変更 依頼の確認"),
    "U2": (422, "利用者情報変更 依頼の確認"),
    "B4": (422, "一括利用者パスワード初期化 希望パスワードの入力"),
    "R4": (422, "納付利用者パスワード初期化 希望パスワードの入力"),
    "conflict": (200, "利用者情報変更 依頼の確認"),
    "I2": (200, "利用者ID発行 依頼受付"),
    "I4 company": (200, "利用者ID発行 希望パスワードの入力"),
    "I4 person": (200, "利用者ID発行 希望パスワードの入力"),
    "I5": (422, "利用者ID発行 希望パスワードの入力"),
    "D1": (200, "国庫金ダイレクト納付口座新規作成 依頼の確認"),
    "D withdraw": (200, "国庫金ダイレクト納付口座照会"),
}


def fault(patch: pytest.MonkeyPatch) -> None:
    """Let every write meet a fault of the program."""
    patch.setattr(Database, "write", raising(RuntimeError("boom")))


def away(patch: pytest.MonkeyPatch) -> None:
    """Let no write be served."""
    patch.setattr(Database, "write", raising(DatabaseUnavailable("boom")))


def gone(patch: pytest.MonkeyPatch) -> None:
    """Let the database answer nothing at all, not even whose session it is."""
    nothing_is_read(patch, raising_at_once(DatabaseUnavailable("boom")))


def crowded(patch: pytest.MonkeyPatch) -> None:
    """Let more passwords wait than can be hashed."""
    patch.setattr(Passwords, "_in_thread", raising(Busy()))


async def refused(browser: httpx.AsyncClient, filled: Filled, broken: Break) -> Page:
    """Send a form natively while something is broken."""
    with pytest.MonkeyPatch.context() as patch:
        broken(patch)
        return Page(await browser.post(filled.action, data=filled.fields))


def offered(page: Page) -> Filled:
    """Give the form under もう一度送信する."""
    action = page.action(AGAIN)
    (form,) = [each for each in elements(page.root, "form") if each.get("action") == action]
    return Filled(
        action, {each.get("name", ""): each.get("value", "") for each in elements(form, "input")}
    )


def without_passwords(filled: Filled) -> dict[str, str]:
    """Give what may be offered again."""
    secret = ("password", "credential")
    return {
        name: typed
        for name, typed in filled.fields.items()
        if not any(each in name for each in secret)
    }


@pytest.mark.parametrize("form", FORMS)
async def test_after_a_fault_the_page_offers_to_send_again_and_that_works(
    product: Product, visitor: httpx.AsyncClient, form: str
) -> None:
    """500: nothing written, everything typed but passwords kept; mended, the flow goes on."""
    filled = await FORMS[form](product, visitor)
    await product.settle()
    before = dump(product)
    page = await refused(visitor, filled, fault)
    assert page.status == 500
    assert dump(product) == before
    assert not any(typed in page.response.text for typed in secrets(filled))
    again = offered(page)
    assert again == Filled(filled.action, without_passwords(filled))
    after = (await natively(visitor, again.action, again.fields)).page
    assert (after.status, after.h1) == LEADS[form]


def secrets(filled: Filled) -> list[str]:
    """List the passwords of a form."""
    return [typed for name, typed in filled.fields.items() if "password" in name]


@pytest.mark.parametrize(
    ("form", "broken"),
    [
        ("L1", away),
        ("L1", gone),
        ("R1", away),
        ("U1 company", away),
        ("U1 company", gone),
        ("conflict", away),
        ("conflict", gone),
    ],
)
async def test_while_the_database_is_away_the_form_is_offered_again(
    product: Product, visitor: httpx.AsyncClient, form: str, broken: Break
) -> None:
    """503 with Retry-After; whatever was typed is on the page, and sending it again works."""
    filled = await FORMS[form](product, visitor)
    page = await refused(visitor, filled, broken)
    assert page.status == 503
    assert page.response.headers["Retry-After"] == "10"
    again = offered(page)
    assert again == Filled(filled.action, without_passwords(filled))
    after = (await natively(visitor, again.action, again.fields)).page
    assert (after.status, after.h1) == LEADS[form]


@pytest.mark.parametrize("form", ["L1", "C1", "B4", "R4", "I5"])
async def test_while_too_many_passwords_wait_the_form_is_offered_again(
    product: Product, visitor: httpx.AsyncClient, form: str
) -> None:
    """503 with Retry-After 3: the ID is kept, the passwords are typed once more."""
    filled = await FORMS[form](product, visitor)
    page = await refused(visitor, filled, crowded)
    assert (page.status, page.response.headers["Retry-After"]) == (503, "3")
    assert not any(typed in page.response.text for typed in secrets(filled))
    assert offered(page).fields == without_passwords(filled)
    assert (await visitor.post(filled.action, data=filled.fields)).status_code == 303


@pytest.mark.parametrize("form", FORMS)
async def test_for_htmx_the_form_stands_and_can_be_sent_again(
    product: Product, visitor: httpx.AsyncClient, form: str
) -> None:
    """A fragment with the words; the address stays, and the same press works once it is mended."""
    filled = await FORMS[form](product, visitor)
    for broken, status in ((fault, 500), (away, 503)):
        with pytest.MonkeyPatch.context() as patch:
            broken(patch)
            page = Page(await visitor.post(filled.action, data=filled.fields, headers=HTMX))
        assert page.status == status
        assert not {"hx-push-url", "hx-redirect"} & set(page.response.headers)
    after = await visitor.post(filled.action, data=filled.fields, headers=HTMX)
    assert after.status_code in {200, 204}


async def test_a_bulk_request_that_met_a_fault_can_be_sent_again(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """B1 keeps its once-key, so that two presses stay one request."""
    form = await visit(alice, ASK_BULK)
    page = await refused(alice, Filled(ASK_BULK, form.fields(ASK_BULK)), fault)
    again = offered(page)
    for _ in range(2):
        after = (await natively(alice, again.action, again.fields)).page
        assert after.h1 == "一括利用者パスワード初期化 依頼受付"
    assert len(product.rows("SELECT 1 FROM reset_requests")) == 1


async def test_what_was_typed_is_escaped_when_it_is_offered_again(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Markup in names and values stays text (the linter reads the page; ASVS 1.2.1)."""
    filled = await company(product, visitor)
    evil = '"><script>alert(1)</script>&amp;'
    typed = {**filled.fields, "corporate_name": evil, 'x"onclick="y': evil}
    page = await refused(visitor, Filled(filled.action, typed), fault)
    assert offered(page).fields == typed
    assert "<script>alert" not in page.response.text
