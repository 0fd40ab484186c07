"""What must stay secret stays out of the log, of addresses and of the database file.

ASVS 14.2.1 (addresses), 16.2.5 (logs), 11.4 and 14.2 (what is stored).
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import httpx
import pytest

from tests.conftest import log_in
from tests.e2e.waiting import PATIENCE
from tests.support.engines import FILES, engine_of
from tests.support.files import file_of
from tests.support.journeys import (
    ASK_PAYMENT,
    BETTER,
    CHANGE,
    GOOD,
    bulk_link,
    choose,
    commit,
    payment_link,
    propose,
    twice,
)
from tests.support.log_lines import Told
from tests.support.people import ALICE, BOB
from tests.support.press import HTMX, Press, natively, visit
from tests.support.product import Product
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW_ADDRESS, NOTICE_ADDRESS = "atarashii@example.jp", "tsuuchi@example.jp"
MISTYPED = "kono-pasuwaado-ha-id-ran-ni"
OTHERS = "hito-no-pasuwaado-77"
LOGIN = "/useridmg/login"
LEADS = ("Location", "HX-Redirect", "HX-Push-Url", "HX-Location", "Content-Location", "Refresh")


class Journey:
    """One browser that walks every feature and remembers what was secret on the way."""

    def __init__(self, product: Product, browser: httpx.AsyncClient) -> None:
        self.product = product
        self.browser = browser
        self.keys: set[str] = set()
        self.tokens: set[str] = set()
        self.leads: list[str] = []
        browser.event_hooks["response"].append(self._look)

    async def _look(self, response: httpx.Response) -> None:
        self.leads += [response.headers[name] for name in LEADS if name in response.headers]
        for cookie in response.headers.get_list("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            if name in {"session", "device"} and value:
                self.tokens.add(value)

    @property
    def passwords(self) -> set[str]:
        """Give every password that was typed, right or wrong."""
        return {
            ALICE.payment_password,
            ALICE.bulk_password,
            GOOD,
            BETTER,
            MISTYPED,
            OTHERS,
            "kani-to-saru-no-kaki",
        }

    @property
    def addresses(self) -> set[str]:
        """Give every mail address that was shown or typed."""
        return {"k-oss@example.jp", NEW_ADDRESS, NOTICE_ADDRESS, "nobody@example.jp"}

    async def walk(self, press: Press) -> None:
        """Go through everything as Alice, with the slips that people make."""
        await self.slip(press)
        await log_in(self.browser, ALICE)
        await self.edit(press)
        link = await bulk_link(self.product, self.browser)
        await self.reset(press, link, GOOD)
        await self.browser.post("/useridmg/leave")
        await self.change(press)
        link = await payment_link_to(self.product, self.browser, NEW_ADDRESS)
        await self.reset(press, link, "kani-to-saru-no-kaki")
        await self.product.settle()

    async def slip(self, press: Press) -> None:
        """Type the password into the ID field, mistype it, ask for nobody, use a dead key."""
        for typed in (
            {"user_id": MISTYPED, "password": ALICE.payment_password},
            {"user_id": "KNCA6288", "password": OTHERS},
        ):
            await press(self.browser, LOGIN, typed)
        page = await visit(self.browser, ASK_PAYMENT)
        nobody = {"user_id": MISTYPED, "admin_email": "nobody@example.jp"}
        await press(self.browser, ASK_PAYMENT, {**page.fields(ASK_PAYMENT), **nobody})
        await self.browser.post(LOGIN, data=nobody, headers={"Sec-Fetch-Site": "cross-site"})
        for address in ("/useridmg/pwdInitPay/INIT", "/useridmg/pwdInitBulk/INIT", "/nowhere"):
            await self.browser.get(f"{address}?key={'AB' * 64}")
        self.keys.add("AB" * 64)

    async def edit(self, press: Press) -> None:
        """Change both addresses, and confirm the first."""
        admin = {"admin_email": NEW_ADDRESS, "admin_email_again": NEW_ADDRESS}
        notice = {"notice_email": NOTICE_ADDRESS, "notice_email_again": NOTICE_ADDRESS}
        confirm = (await propose(self.browser, press, **admin, **notice)).page
        await commit(self.browser, confirm, press, password=OTHERS)
        await commit(self.browser, confirm, press)
        await self.product.settle()
        link = next(mail.link for mail in self.product.post.mails if mail.to == NEW_ADDRESS)
        self.keys.add(link.partition("key=")[2])
        page = await visit(self.browser, link)
        await press(self.browser, page.action("確認する"), {})

    async def change(self, press: Press) -> None:
        """Change the payment password, after a refusal."""
        page = await visit(self.browser, CHANGE)
        typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password}
        for again in (GOOD, BETTER):
            wish = {"new_password": BETTER, "new_password_again": again}
            await press(self.browser, CHANGE, {**page.fields(CHANGE), **typed, **wish})

    async def reset(self, press: Press, link: str, password: str) -> None:
        """Open a mailed link and set a password, after a refusal and a live check."""
        self.keys.add(link.partition("key=")[2])
        form = await visit(self.browser, link)
        await self.browser.get(link.replace("Pay", "Bulk"))
        check = form.address.replace("/password?", "/password/check?")
        await self.browser.post(check, data={"new_password": password}, headers=HTMX)
        await press(self.browser, form.address, {**twice(password), "new_password": OTHERS})
        for _ in range(2):
            await choose(self.browser, form, password, press)
        await self.browser.get(link)


async def payment_link_to(product: Product, browser: httpx.AsyncClient, address: str) -> str:
    """Ask for a payment reset with an address that is not the one Alice began with."""
    page = await visit(browser, ASK_PAYMENT)
    typed = {"user_id": "KNCA6288", "admin_email": address}
    await natively(browser, ASK_PAYMENT, {**page.fields(ASK_PAYMENT), **typed})
    await product.settle()
    return product.post.only("納付利用者パスワード初期化ご案内").link


@pytest.fixture
async def journey(product: Product) -> AsyncIterator[Journey]:
    """Give a browser that remembers."""
    async with product.browser() as browser:
        yield Journey(product, browser)


def found(secrets: set[str], texts: list[str]) -> list[tuple[str, str]]:
    """Find secrets in texts, in any case."""
    return [(each, text) for text in texts for each in secrets if each.lower() in text.lower()]


async def test_the_log_holds_no_secret(journey: Journey, press: Press, told: Told) -> None:
    """No password, key, token, mail address or name in any line of a whole journey."""
    await journey.walk(press)
    assert len(told.of("request")) > 30
    assert told.of("mail.sent")
    assert len(journey.keys) == 4
    assert len(journey.tokens) >= 2
    names = {"軽自　太郎", "軽自行政書士事務所", "ケイジギョウセイショシジムショ"}
    secrets = journey.passwords | journey.keys | journey.tokens | journey.addresses | names
    assert found(secrets, [repr(line) for line in told]) == []


async def test_a_failure_is_logged_without_secrets(
    journey: Journey, press: Press, told: Told
) -> None:
    """A traceback names places in the program, not what was typed."""
    link = await payment_link(journey.product, journey.browser, ALICE)
    form = await visit(journey.browser, link)
    await log_in(journey.browser, BOB)
    typed = {"admin_email": NEW_ADDRESS, "admin_email_again": NEW_ADDRESS}
    confirm = (await propose(journey.browser, **typed)).page
    await journey.product.meddle("ALTER TABLE audit RENAME TO lost")
    pages = [
        (await choose(journey.browser, form, GOOD, press)).page,
        (await commit(journey.browser, confirm, press, password=BOB.payment_password)).page,
    ]
    assert {page.status for page in pages} <= {500, 503}
    assert len([line for line in told if "trace" in line]) >= 2
    secrets = {GOOD, BOB.payment_password, NEW_ADDRESS, "hanako@example.jp"} | journey.tokens
    assert found(secrets | {link.partition("key=")[2]}, [repr(line) for line in told]) == []
    assert found(secrets, [page.text for page in pages]) == []


async def test_no_address_holds_a_secret(journey: Journey, press: Press) -> None:
    """The mailed URL is the only one with a key: no Location or pushed URL repeats it."""
    await journey.walk(press)
    assert len(journey.leads) > 15
    secrets = journey.passwords | journey.keys | journey.tokens | journey.addresses
    assert found(secrets | {"key=", "example.jp", "%40"}, journey.leads) == []


def _busy(settings: Settings) -> bool:
    """Fold the log of the database into its file; tell whether somebody was in the way."""
    if engine_of(settings) is not FILES:
        return False
    with closing(sqlite3.connect(file_of(settings), timeout=0)) as connection:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return bool(busy)


async def test_the_database_holds_no_secret(journey: Journey, press: Press) -> None:
    """Raw bytes, freed pages of the file too: passwords and keys as hashes; addresses in their columns and index."""
    await journey.walk(press)
    settings = journey.product.settings
    async with asyncio.timeout(PATIENCE):
        while _busy(settings):  # noqa: ASYNC110 a reader of the product, which needs this loop to go on
            await asyncio.sleep(0.01)
    own = journey.product.rows("SELECT admin_email, notice_email FROM accounts")
    indexed = 2 if engine_of(settings) is FILES else 1  # the index lies in the file, too
    raw = engine_of(settings).raw(settings)
    for secret in journey.passwords | journey.keys | journey.tokens:
        assert secret.encode() not in raw
        assert secret.lower().encode() not in raw
    for key in journey.keys:
        assert bytes.fromhex(key) not in raw
    registered = " ".join(row["admin_email"] * indexed + row["notice_email"] for row in own)
    for address in journey.addresses:
        assert len(re.findall(re.escape(address.encode()), raw)) == registered.count(address), (
            address
        )
