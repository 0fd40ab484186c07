"""A database in which every kind of row lies, as people leave them behind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from starlette.routing import Route

from tests.conftest import log_in
from tests.http.test_email import mailed, move
from tests.support import codes, issuing
from tests.support.forms import conflict
from tests.support.journeys import GOOD, bulk_link, change_profile, payment_link, propose, twice
from tests.support.office import enter, hand_in, hire, id_of, look, picked
from tests.support.passkeys import log_in as log_in_by_passkey
from tests.support.passkeys import register
from tests.support.people import ALICE, BOB, CHARLIE
from tests.support.press import visit
from tests.support.product import Product
from web import clock
from web.demo import samples
from web.demo.personas import ADMIN
from web.office.factor_reset import flow as factor_reset
from web.routes import ROUTES
from web.store import announcements, reports

CHANGE = "/useridmg/password/change"
ROUTES_BY_NAME = {each.name: each for each in ROUTES if isinstance(each, Route)}


@dataclass(frozen=True, slots=True)
class Stage:
    """A database in which every kind of row lies, the browsers that made them, every address."""

    product: Product
    browsers: dict[str, httpx.AsyncClient]
    addresses: list[str]


async def rows_of_alice(product: Product, alice: httpx.AsyncClient) -> list[str]:
    """Leave drafts, receipts, a conflict and mailed links behind; give their addresses."""
    choice = (await conflict(product, alice)).action
    draft = (await propose(alice, corporate_name="名前")).page
    refused = (await propose(alice, corporate_name="")).page
    done = await change_profile(alice, representative="星野　海")
    links = [await bulk_link(product, alice), await payment_link(product, alice, ALICE)]
    forms = [await visit(alice, link) for link in links]
    asked = product.rows("SELECT once_key, kind FROM reset_requests")
    keys = {row["kind"]: row["once_key"] for row in asked}
    return [
        choice,
        draft.address,
        draft.link("戻る"),
        refused.address,
        done.address,
        *links,
        *(form.address for form in forms),
        f"/useridmg/pwdInitPay/requested?receipt={keys['payment']}",
        f"/useridmg/pwdInitBulk/requested?receipt={keys['bulk']}",
    ]


async def rows_of_strangers(product: Product, visitor: httpx.AsyncClient) -> list[str]:
    """Leave a used link, a changed password and a failed log-in behind; give their addresses."""
    form = await visit(visitor, await payment_link(product, visitor, BOB))
    used = await visitor.post(form.action("パスワード初期化"), data=twice(GOOD))
    await visitor.post("/useridmg/login", data={"user_id": "KNCA6288", "password": "wrong"})
    data = {"user_id": "KNCA6289", "current_password": GOOD, **twice("suzume-to-take-no-ko")}
    fields = (await visit(visitor, CHANGE)).fields(CHANGE)
    changed = await visitor.post(CHANGE, data={**fields, **data})
    return [form.address, used.headers["Location"], changed.headers["Location"]]


async def rows_of_a_newcomer(product: Product, visitor: httpx.AsyncClient) -> list[str]:
    """Leave a 利用者ID発行 in every state behind; give their addresses."""
    asked = (await issuing.ask(visitor)).page
    done = (await issuing.issue(visitor, await issuing.prepared(product, visitor))).page
    confirm = await issuing.prepared(product, visitor, email="second@example.jp")
    link = await issuing.mailed(product, visitor, "third@example.jp")
    steps = [confirm.address.replace("confirm", step) for step in ("profile", "passwords")]
    return [asked.address, done.address, confirm.address, *steps, link]


async def rows_of_a_new_address(product: Product, browser: httpx.AsyncClient) -> list[str]:
    """Leave an unconfirmed 利用者管理用メールアドレス behind; give the addresses that confirm it."""
    await log_in(browser, CHARLIE)
    await move(browser, "new@example.jp", CHARLIE)
    link = await mailed(product)
    return [link, (await visit(browser, link)).address]


async def rows_of_the_office(product: Product, browser: httpx.AsyncClient) -> list[str]:
    """Leave forms in every stage, payments, a proposal and a retired ID behind; give their addresses."""
    await hire(product, ADMIN)
    await enter(browser, ADMIN)
    done = await hand_in(product, BOB)
    for act, version in (("receive", 1), ("send", 2), ("approve", 3)):
        await browser.post(f"/office/forms/move?form={done.id}.{version}&act={act}")
    waiting = await hand_in(product, ALICE)
    alice, charlie = await id_of(product, ALICE), await id_of(product, CHARLIE)
    retire = {"typed_id": CHARLIE.account.payment_user_id, "reason": "電話で確認"}
    await browser.post(f"/office/accounts/{charlie}/retire", data=retire)
    new = {"act": "propose", "admin_email": "atarashii@example.jp", "reason": "電話で確認"}
    await browser.post(f"/office/accounts/{alice}/address", data=new)
    await product.services.database.write(samples.add_payments, "KNCA6288")
    await product.services.write(reports.add, "0" * 32, alice, "20190924-00000001", "login.done")
    for each in (alice, charlie):
        await look(browser, f"/office/accounts/{each}")
    return [
        f"/office/forms/{done.id}",
        picked(waiting, "receive"),
        picked(waiting, "send"),
        *(f"/office/accounts/{each}" for each in (alice, charlie)),
        f"/office/accounts/{alice}/address",
        f"/office/reports/{'0' * 32}",
        "/office/audit?user_id=KNCA6288",
        f"/office/forms?number={waiting.number}",
        "/useridmg/summary-file?period=this-month",
    ]


async def rows_of_a_second_factor(product: Product, alice: httpx.AsyncClient) -> list[str]:
    """Leave steps that were proved, an app, a passkey and 予備コード behind; give the addresses of their pages."""
    proved = {"current_password": ALICE.payment_password}
    step = await alice.post("/useridmg/factors/prove?for=app", data=proved)
    key = await alice.post("/useridmg/factors/prove?for=passkey", data=proved)
    device = await register(alice, ALICE.payment_password)
    async with product.browser() as other:
        await log_in_by_passkey(other, device)
    (passkey,) = product.rows("SELECT id FROM passkeys")
    owner = await id_of(product, ALICE)
    await codes.give_app(product, owner)
    await codes.give_paper(product, owner)
    (app,) = product.rows("SELECT id FROM code_apps")
    given = {"code": codes.code(clock.now())}
    more = await alice.post("/useridmg/factors/prove?for=codes", data=given)
    await product.services.write(factor_reset.propose, owner, "madoguchi", "電話で確認")
    return [
        f"/office/accounts/{owner}/factors",
        step.headers["Location"],
        key.headers["Location"],
        f"/useridmg/factors/edit?passkey={passkey['id']}",
        more.headers["Location"],
        f"{more.headers['Location']}&file=1",
        f"/useridmg/factors/edit?app={app['id']}",
    ]


@asynccontextmanager
async def staged(product: Product, visitor: httpx.AsyncClient) -> AsyncIterator[Stage]:
    """Fill the database and open every address that people have seen."""
    async with (
        product.browser() as alice,
        product.browser() as other,
        product.browser() as office,
    ):
        addresses = [*await rows_of_alice(product, alice)]
        addresses += await rows_of_strangers(product, visitor)
        addresses += await rows_of_a_newcomer(product, visitor)
        addresses += await rows_of_a_new_address(product, other)
        addresses += await rows_of_the_office(product, office)
        addresses += await rows_of_a_second_factor(product, alice)
        plain = [str(route.path) for route in ROUTES_BY_NAME.values()]
        spelled = [path.replace("{kind:kind}", kind) for path in plain for kind in ("Pay", "Bulk")]
        addresses += [*dict.fromkeys(spelled), "/static/nothing.css", "/nothing-here"]
        await log_in(other, BOB_AFTERWARDS)
        await product.services.database.write(
            announcements.put, announcements.Kind.NOTICE, "お知らせです。", None
        )
        await alice.get("/nothing-here")
        services = product.services
        await services.error_numbers.flush(services.database)
        await product.settle()
        yield Stage(
            product, {"Alice": alice, "nobody": visitor, "Bob": other, "office": office}, addresses
        )


BOB_AFTERWARDS = type(BOB)(
    BOB.account, "suzume-to-take-no-ko", BOB.bulk_password, BOB.password_age, BOB.about
)
