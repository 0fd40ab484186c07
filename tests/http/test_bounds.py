"""Whatever a person or a stranger can cause to be written has a bound: docs/security.md, Bounds."""

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.http.test_summary_file import SCREEN, UNPAID, pays
from tests.support import debits, issuing
from tests.support.journeys import CHANGE, propose, twice
from tests.support.office import enter, hire
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product
from web import background
from web.clock import HOUR
from web.demo.personas import CLERK
from web.security import audit_proof
from web.services import Work
from web.steps.drafts import BYTES_PER_OWNER, PER_OWNER, DraftStore
from web.store import devices

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SAVE = "/useridmg/activity/data"


def drafts(product: Product) -> int:
    """Count the drafts that are kept."""
    return len(product.rows("SELECT 1 FROM drafts"))


async def test_a_log_in_keeps_twenty_drafts(product: Product, alice: httpx.AsyncClient) -> None:
    """Checked ones too, in however many tabs; the newest can still be confirmed."""
    for number in range(PER_OWNER + 5):
        page = (await propose(alice, representative=f"星野　{number}")).page
    assert drafts(product) == PER_OWNER
    assert (await visit(alice, page.address)).h1 == page.h1


async def test_a_mailed_url_of_a_new_id_keeps_twenty_drafts(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """A stranger gets such a URL for the asking."""
    link = await issuing.mailed(product, visitor)
    for _ in range(PER_OWNER + 5):
        await issuing.fill_in(visitor, link)
    assert drafts(product) == PER_OWNER


async def test_drafts_of_an_owner_are_bounded_in_bytes(product: Product) -> None:
    """Twenty of the longest body would be more."""

    class Owner:
        id = "somebody"

    async def keep(tx: Work) -> None:
        for number in range(12):
            await DraftStore("profile").keep(tx, Owner(), f"{number:032}", {"a": "x" * 60_000})

    await product.services.write(keep)
    found = product.rows("SELECT flow_id, LENGTH(sealed) AS bytes FROM drafts ORDER BY rowid")
    newest = found[-1]
    assert newest["flow_id"] == f"{11:032}"
    assert 0 < sum(row["bytes"] for row in found[:-1]) <= BYTES_PER_OWNER


async def test_tries_of_ids_that_nobody_has_are_one_row_an_hour(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """By every door; those of an ID that somebody has are each written down; the trail still verifies."""
    await hire(product, CLERK)
    before = len(product.rows("SELECT 1 FROM audit"))
    for number in range(8):
        typed = {"user_id": f"KNCA90{number:02}", "password": "wrong"}
        await visitor.post("/useridmg/login", data=typed)
    typed = {"user_id": "KNCA9099", "current_password": "wrong", "once": "0" * 32}
    await visitor.post(CHANGE, data={**typed, **twice("suzume-to-take-no-ko")})
    await visitor.post("/office/login", data={"staff_name": "daremo", "password": "wrong"})
    assert len(product.rows("SELECT 1 FROM audit")) == before
    await visitor.post("/useridmg/login", data={"user_id": "KNCA6288", "password": "wrong"})
    await enter(visitor, CLERK, "wrong")
    assert len(product.rows("SELECT 1 FROM audit")) == before + 2
    for _ in range(2):
        await background.upkeep(product.services)
    found = product.rows("SELECT account_id, detail FROM audit WHERE event = 'login.unknown'")
    assert found == [{"account_id": None, "detail": '{"number": 10}'}]
    async with product.services.read() as work:
        await audit_proof.verify(work, work.vault)  # raises Broken


async def test_a_form_of_direct_debit_is_made_twenty_times_an_hour(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Made and taken back, again and again."""

    async def take_back() -> None:
        page = await visit(alice, f"{debits.BASE}/national")
        page = await visit(alice, page.link("取下げ"))
        action = page.action("取り下げる")
        await alice.post(action, data=page.fields(action))

    for _ in range(20):
        await debits.make(alice)
        await take_back()
    assert len(debits.forms(product)) == 20
    assert (await debits.make(alice)).status == 429
    assert len(debits.forms(product)) == 20
    frozen.advance(HOUR)
    await log_in(alice, ALICE)
    await debits.make(alice)
    assert len(debits.forms(product)) == 21


async def test_fifty_devices_of_an_account_are_remembered(product: Product) -> None:
    """The newest; the one that logs in is always among them."""
    for _ in range(devices.PER_OWNER + 3):
        async with product.browser() as browser:
            await log_in(browser, ALICE)
    known = product.rows("SELECT device_hash FROM devices ORDER BY created_at, rowid")
    assert len(known) == devices.PER_OWNER
    async with product.browser() as browser:
        await log_in(browser, ALICE)
    assert (
        product.rows("SELECT device_hash FROM devices ORDER BY rowid DESC LIMIT 1")[0] not in known
    )
    assert len(product.rows("SELECT 1 FROM devices")) == devices.PER_OWNER


async def test_files_are_taken_twenty_times_an_hour(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Each is a row of the trail: まとめ納付管理ファイル, and one's own data."""
    await pays(product, ALICE, UNPAID)
    period = {"period": "days", "since": "2026-11-01", "until": "2026-11-30"}
    own = {"current_password": ALICE.payment_password}
    for address, typed in ((SCREEN, period), (SAVE, own)):
        before = len(product.rows("SELECT 1 FROM audit"))
        answers = [(await alice.post(address, data=typed)).status_code for _ in range(21)]
        assert answers == [200] * 20 + [429]
        assert len(product.rows("SELECT 1 FROM audit")) == before + 20
