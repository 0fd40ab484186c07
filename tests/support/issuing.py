"""The way through 利用者ID発行 that several tests walk before they come to their point."""

import httpx

from tests.support.page import Page
from tests.support.press import Press, Pressed, natively, visit
from tests.support.product import Product

TERMS = "/useridmg/issue/terms"
PROFILE, PASSWORDS = "/useridmg/issue/profile", "/useridmg/issue/passwords"
GUIDE, ISSUED = "利用者ID発行ご案内", "利用者ID発行完了のご連絡"
EMAIL = "shinki@example.jp"
COMPANY = {
    "kind": "corporate",
    "corporate_kana": "あたらしい じどうしゃ",
    "corporate_name": "新しい自動車 ABC",
    "representative": "新井 一",
}
PERSON = {"kind": "individual", "individual_kana": "ｱﾗｲ ﾊｼﾞﾒ", "individual_name": "新井 一"}
# The same as they are registered, for tests that compare what comes back.
WIDE_COMPANY = {
    **COMPANY,
    "corporate_kana": "アタラシイ　ジドウシャ",
    "corporate_name": "新しい自動車　ＡＢＣ",
    "representative": "新井　一",
}
WIDE_PERSON = {**PERSON, "individual_kana": "アライ　ハジメ", "individual_name": "新井　一"}
PAYMENT_PASSWORD, BULK_PASSWORD = "asagao-to-himawari-3", "tsukimi-no-dango-12"
CHOSEN = {
    "payment_password": PAYMENT_PASSWORD,
    "payment_password_again": PAYMENT_PASSWORD,
    "bulk_password": BULK_PASSWORD,
    "bulk_password_again": BULK_PASSWORD,
}


async def agree(browser: httpx.AsyncClient, press: Press = natively) -> Page:
    """Go through I1."""
    page = await visit(browser, TERMS)
    return (await press(browser, page.action("次へ"), {"agreed": "yes"})).page


async def ask(
    browser: httpx.AsyncClient, email: str = EMAIL, press: Press = natively, again: str = ""
) -> Pressed:
    """Go through I1 and I2."""
    page = await agree(browser, press)
    typed = {"email": email, "email_again": again or email}
    return await press(browser, page.action("発行依頼"), typed)


async def mailed(product: Product, browser: httpx.AsyncClient, email: str = EMAIL) -> str:
    """Ask, and give the URL that comes by mail."""
    await ask(browser, email)
    await product.settle()
    found = [mail for mail in product.post.mails if mail.subject.endswith(GUIDE)]
    return found[-1].link


async def fill_in(
    browser: httpx.AsyncClient, link: str, press: Press = natively, /, **typed: str
) -> Pressed:
    """Go through I4 from the mailed URL, as a company or with other answers."""
    page = await visit(browser, link)
    answers = {**page.fields(PROFILE), **COMPANY, **typed}
    return await press(browser, page.action("次へ"), answers)


async def choose(
    browser: httpx.AsyncClient, page: Page, press: Press = natively, /, **typed: str
) -> Pressed:
    """Go through I5."""
    return await press(browser, page.action("次へ"), {**CHOSEN, **typed})


async def prepared(
    product: Product, browser: httpx.AsyncClient, press: Press = natively, email: str = EMAIL
) -> Page:
    """Go as far as I6."""
    link = await mailed(product, browser, email)
    passwords = (await fill_in(browser, link, press)).page
    return (await choose(browser, passwords, press)).page


async def issue(browser: httpx.AsyncClient, confirm: Page, press: Press = natively) -> Pressed:
    """Press 確定 on I6."""
    return await press(browser, confirm.action("確定"), {})
