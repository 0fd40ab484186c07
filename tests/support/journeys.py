"""The ways through the product that several tests walk before they come to their point."""

import httpx

from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import Press, Pressed, natively, visit
from tests.support.product import Product
from web.demo.personas import Persona

EDIT = "/useridmg/profile/edit"
CHANGE = "/useridmg/password/change"
ASK_PAYMENT = "/useridmg/pwdInitPay/request"
ASK_BULK = "/useridmg/pwdInitBulk/request"
GUIDES = {
    ASK_PAYMENT: "納付利用者パスワード初期化ご案内",
    ASK_BULK: "一括利用者パスワード初期化ご案内",
}
GOOD, BETTER = "fuyu-no-kitakaze-88", "suzume-to-take-no-ko"


async def propose(browser: httpx.AsyncClient, press: Press = natively, /, **typed: str) -> Pressed:
    """Go through U1 with some fields typed anew."""
    page = await visit(browser, EDIT)
    return await press(browser, page.action("次へ"), {**page.fields(EDIT), **typed})


async def commit(
    browser: httpx.AsyncClient,
    confirm: Page,
    press: Press = natively,
    *,
    password: str = ALICE.payment_password,
) -> Pressed:
    """Press 確定 on U2, with the password where it is asked for."""
    action = confirm.action("確定")
    asked = {"current_password"} & set(confirm.fields(action))
    return await press(browser, action, dict.fromkeys(asked, password))


async def change_profile(browser: httpx.AsyncClient, /, **typed: str) -> Page:
    """Go through U1 and U2 to U3 as Alice."""
    return (await commit(browser, (await propose(browser, **typed)).page)).page


async def ask_payment(
    browser: httpx.AsyncClient, person: Persona, press: Press = natively, /, **typed: str
) -> Pressed:
    """Go through R1 with a person's ID and address, or with others."""
    page = await visit(browser, ASK_PAYMENT)
    right = {
        "user_id": person.account.payment_user_id,
        "admin_email": person.account.profile.admin_email,
    }
    return await press(browser, ASK_PAYMENT, {**page.fields(ASK_PAYMENT), **right, **typed})


async def ask_bulk(browser: httpx.AsyncClient, press: Press = natively) -> Pressed:
    """Go through B1; the browser must be logged in."""
    page = await visit(browser, ASK_BULK)
    return await press(browser, ASK_BULK, page.fields(ASK_BULK))


async def payment_link(product: Product, browser: httpx.AsyncClient, person: Persona) -> str:
    """Ask for a payment reset and give the URL that comes by mail."""
    await ask_payment(browser, person)
    return await _mailed(product, ASK_PAYMENT)


async def bulk_link(product: Product, browser: httpx.AsyncClient) -> str:
    """Ask for a bulk reset and give the URL that comes by mail."""
    await ask_bulk(browser)
    return await _mailed(product, ASK_BULK)


async def _mailed(product: Product, asked: str) -> str:
    await product.settle()
    mails = [mail for mail in product.post.mails if mail.subject.endswith(GUIDES[asked])]
    return mails[-1].link


def twice(password: str) -> dict[str, str]:
    """Fill in ご希望のパスワード and its repetition."""
    return {"new_password": password, "new_password_again": password}


async def choose(
    browser: httpx.AsyncClient, form: Page, password: str, press: Press = natively
) -> Pressed:
    """Press パスワード初期化 on B4 or R4."""
    action = form.action("パスワード初期化")
    return await press(browser, action, {**form.fields(action), **twice(password)})
