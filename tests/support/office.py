"""The office as a test sees it: 担当者 who are hired and logged in, 届出書 that lie there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.support.page import Page
from tests.support.press import natively
from tests.support.product import Product
from web.demo.personas import Officer, Persona
from web.direct_debit import acts
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details
from web.office import staff
from web.security import tokens
from web.store import accounts
from web.store.direct_debit_forms import Action, Kind, Mandate
from web.store.first_passwords import FirstPassword

LOGIN = "/office/login"
BANK = Details("0005", "三菱ＵＦＪ", "001", "本店", "ordinary", "1234567", "ｹｲｼﾞ", "軽自")


async def hire(product: Product, officer: Officer, first: FirstPassword = FirstPassword.NO) -> None:
    """Make a 担当者."""
    services = product.services
    hashed = await services.passwords.hash(officer.password)
    await services.write(staff.add, officer.name, officer.role, hashed, first)


async def enter(browser: httpx.AsyncClient, officer: Officer, password: str = "") -> httpx.Response:
    """Press ログイン at the office."""
    given = {"staff_name": officer.name, "password": password or officer.password}
    return await browser.post(LOGIN, data=given)


@asynccontextmanager
async def at_work(product: Product, officer: Officer) -> AsyncIterator[httpx.AsyncClient]:
    """Hire a 担当者 and open a browser in which they are logged in."""
    await hire(product, officer)
    async with product.browser() as browser:
        assert (await enter(browser, officer)).headers["Location"] == "/office/"
        yield browser


async def look(browser: httpx.AsyncClient, address: str) -> Page:
    """Open a page of an account as a 担当者 does: the look is posted, then the page is shown."""
    return (await natively(browser, address, {"act": "look"})).page


async def id_of(product: Product, person: Persona) -> str:
    """Give the id of a person's account."""
    async with product.services.database.read() as reads:
        account = await accounts.find_by_payment_id(reads, person.account.payment_user_id)
    assert account
    return account.id


async def hand_in(
    product: Product, person: Persona, kind: Kind = Kind.NATIONAL, action: Action = Action.NEW
) -> Mandate:
    """Make a 届出書, as its owner does on My Page."""
    account_id = await id_of(product, person)
    made = await product.services.write(acts.make, account_id, [Wish(kind, action, BANK)], tokens.new_id())  # fmt: skip
    return made[0]


def picked(form: Mandate, act: str) -> str:
    """Give the address of the 確認 for a form as it is shown now."""
    return f"/office/forms/move?form={form.id}.{form.version}&act={act}"


async def bounce(product: Product) -> str:
    """Let the mail server refuse every mail that waits; give the id of the newest."""
    product.post.answer = lambda _: "550 no such user"
    await product.settle()
    product.post.answer = lambda _: "250 OK"
    sql = "SELECT id FROM outbox WHERE dead_at IS NOT NULL ORDER BY created_at DESC LIMIT 1"
    return str(product.rows(sql)[0]["id"])
