"""Every form of the product, opened and filled in right, for the tests that fill it in wrong."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from tests.conftest import log_in
from tests.support import debits, issuing
from tests.support.journeys import (
    ASK_PAYMENT,
    CHANGE,
    EDIT,
    GOOD,
    bulk_link,
    commit,
    payment_link,
    propose,
    twice,
)
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product

LOGIN = "/useridmg/login"
ADMIN = {"admin_email": "new@example.jp", "admin_email_again": "new@example.jp"}
NOTICE = {"notice_email": "umi@example.jp", "notice_email_again": "umi@example.jp"}
Opener = Callable[[Product, httpx.AsyncClient], Awaitable["Filled"]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form on the screen: where it posts to, and good answers to all its questions."""

    action: str
    fields: dict[str, str]


async def login(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open L1."""
    fields = (await visit(browser, LOGIN)).fields(LOGIN)
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    return Filled(LOGIN, {**fields, **right})


async def change(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open C1."""
    fields = (await visit(browser, CHANGE)).fields(CHANGE)
    right = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
    return Filled(CHANGE, {**fields, **right})


async def ask(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open R1."""
    fields = (await visit(browser, ASK_PAYMENT)).fields(ASK_PAYMENT)
    right = {"user_id": "KNCA6288", "admin_email": ALICE.account.profile.admin_email}
    return Filled(ASK_PAYMENT, {**fields, **right})


async def company(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open U1 as the company that Alice is."""
    await log_in(browser, ALICE)
    page = await visit(browser, EDIT)
    return Filled(page.action("次へ"), {**page.fields(EDIT), **NOTICE})


async def person(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open U1 and choose 個人の方."""
    form = await company(product, browser)
    names = {"individual_kana": "ケイジ　タロウ", "individual_name": "軽自　太郎"}
    return Filled(form.action, {**form.fields, "kind": "individual", **names})


async def confirm(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open U2 with a new admin address, which asks for the password."""
    await log_in(browser, ALICE)
    page = (await propose(browser, **ADMIN)).page
    return Filled(page.action("確定"), {"current_password": ALICE.payment_password})


async def bulk(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open B4."""
    await log_in(browser, ALICE)
    return _choose(await visit(browser, await bulk_link(product, browser)))


async def payment(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open R4."""
    return _choose(await visit(browser, await payment_link(product, browser, ALICE)))


def _choose(page: Page) -> Filled:
    action = page.action("パスワード初期化")
    return Filled(action, {**page.fields(action), **twice(GOOD)})


async def conflict(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open the choice between two edits of two fields."""
    await log_in(browser, ALICE)
    first = (await propose(browser, representative="一番　一")).page
    second = (await propose(browser, representative="二番　二", corporate_name="二番商会")).page
    await commit(browser, first)
    page = (await commit(browser, second)).page
    chosen = {"representative": "typed", "name": "typed"}
    return Filled(page.action("次へ"), {**page.fields("/useridmg/profile/conflict"), **chosen})


async def issue_address(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open I2."""
    page = await issuing.agree(browser)
    right = {"email": issuing.EMAIL, "email_again": issuing.EMAIL}
    return Filled(page.action("発行依頼"), right)


async def issue_company(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open I4 as a company."""
    page = await visit(browser, await issuing.mailed(product, browser))
    return Filled(
        page.action("次へ"), {**page.fields(issuing.PROFILE), **issuing.WIDE_COMPANY, **NOTICE}
    )


async def issue_person(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open I4 as a person."""
    form = await issue_company(product, browser)
    return Filled(form.action, {**form.fields, **issuing.WIDE_PERSON})


async def issue_passwords(product: Product, browser: httpx.AsyncClient) -> Filled:
    """Open I5."""
    link = await issuing.mailed(product, browser)
    page = (await issuing.fill_in(browser, link)).page
    return Filled(page.action("次へ"), {**page.fields(issuing.PASSWORDS), **issuing.CHOSEN})


async def debit(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open D1 with a good account."""
    await log_in(browser, ALICE)
    page = await visit(browser, debits.edit())
    return Filled(page.action("次へ"), {**debits.good(page), **debits.ACCOUNT})


async def withdraw(_: Product, browser: httpx.AsyncClient) -> Filled:
    """Open the question whether a 届出書 shall be taken back."""
    await log_in(browser, ALICE)
    await debits.make(browser)
    page = await visit(browser, f"{debits.BASE}/national")
    page = await visit(browser, page.link("取下げ"))
    action = page.action("取り下げる")
    return Filled(action, page.fields(action))


FORMS: dict[str, Opener] = {
    "I2": issue_address,
    "I4 company": issue_company,
    "I4 person": issue_person,
    "I5": issue_passwords,
    "L1": login,
    "C1": change,
    "R1": ask,
    "U1 company": company,
    "U1 person": person,
    "U2": confirm,
    "B4": bulk,
    "R4": payment,
    "conflict": conflict,
    "D1": debit,
    "D withdraw": withdraw,
}
