"""Devices: only an id made here counts, and what shuts a thief out forgets his device."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.conftest import log_in
from tests.http.test_disown import disown, opened
from tests.support.guessing import counted, fail, guess
from tests.support.html import elements
from tests.support.journeys import GOOD, choose, payment_link, twice
from tests.support.office import at_work, enter, hire
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.product import Product
from web.demo.personas import ADMIN, CLERK, READER
from web.office import staff
from web.office.support import accounts as support
from web.office.support.accounts import Act
from web.store import devices

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Shut = Callable[[Product, httpx.AsyncClient], Awaitable[None]]
SESSIONS, CHANGE, OFFICE = "/useridmg/sessions", "/useridmg/password/change", "/office/"


async def by_disowning(_: Product, browser: httpx.AsyncClient) -> None:
    """Press 心当たりがない."""
    await disown(browser, await opened(browser))


async def by_ending_others(_: Product, browser: httpx.AsyncClient) -> None:
    """End all others."""
    await browser.post(SESSIONS, data={"end": "others"})


async def by_ending_his(_: Product, browser: httpx.AsyncClient) -> None:
    """End the one other log-in."""
    fields = elements((await visit(browser, SESSIONS)).root, "input")
    his = next(
        value for each in fields if each.get("name") == "end" and (value := each.get("value"))
    )
    await browser.post(SESSIONS, data={"end": his})


async def by_a_change(_: Product, browser: httpx.AsyncClient) -> None:
    """Change the password."""
    form = await visit(browser, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(GOOD)}
    answer = await browser.post(CHANGE, data={**form.fields(CHANGE), **typed})
    assert "changed" in answer.headers["Location"]


async def by_a_reset(product: Product, browser: httpx.AsyncClient) -> None:
    """Open the mailed URL and choose a password."""
    form = await visit(browser, await payment_link(product, browser, ALICE))
    await choose(browser, form, GOOD)


SHUT_OUT = {
    "disown": by_disowning,
    "others": by_ending_others,
    "his": by_ending_his,
    "change": by_a_change,
    "reset": by_a_reset,
}


@pytest.mark.parametrize("shut", SHUT_OUT.values(), ids=SHUT_OUT)
async def test_what_shuts_a_thief_out_forgets_his_device_and_keeps_the_present_one(
    product: Product, alice: httpx.AsyncClient, shut: Shut
) -> None:
    """His next tries count like a stranger's; the owner's device has its own as before."""
    async with product.browser() as thief:
        await log_in(thief, ALICE)
        await shut(product, alice)
        assert len(product.rows("SELECT 1 FROM devices")) == 1
        before = counted(product).get("id", 0)
        await guess(thief)
        assert counted(product)["id"] == before + 1
    await guess(alice)
    assert counted(product)["device+id"] == 1


async def test_the_office_forgets_every_device_when_it_ends_log_ins_or_shuts_an_account(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """停止, and the command that ends all log-ins."""
    for act in (support.end_sessions, support.disable):
        assert product.rows("SELECT 1 FROM devices")
        await product.services.write(act, Act("cli"), "KNCA6288")
        assert not product.rows("SELECT 1 FROM devices")
        if act is support.end_sessions:
            await log_in(alice, ALICE)


async def test_a_device_that_was_forgotten_is_new_again_and_its_log_in_is_mailed(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """The cookie that the thief kept is no known device any more, and gets another value."""
    async with product.browser() as thief:
        await log_in(thief, ALICE)
        kept = thief.cookies["device"]
        await product.meddle("DELETE FROM outbox")
        await alice.post(SESSIONS, data={"end": "others"})
        await log_in(thief, ALICE)
        sql = "SELECT 1 FROM outbox WHERE once_key LIKE 'new_device:%'"
        assert len(product.rows(sql)) == 1
        assert thief.cookies["device"] != kept


@pytest.mark.parametrize("made_up", ["x", "0" * 43, "planted-by-somebody-else"])
async def test_a_device_id_that_was_not_made_here_is_replaced(
    product: Product, visitor: httpx.AsyncClient, made_up: str
) -> None:
    """Whoever plants a value into somebody's browser has no known device by it later."""
    visitor.cookies.set("device", made_up)
    answer = await guess(visitor, password=ALICE.payment_password)
    given = next(each for each in answer.headers.get_list("Set-Cookie") if "device=" in each)
    value = given.partition("=")[2].partition(";")[0]
    assert value != made_up
    assert len(value) >= 43
    async with product.browser() as thief:
        thief.cookies.set("device", made_up)
        await guess(thief)
        assert counted(product)["id"] == 1


async def test_an_account_has_at_most_as_many_devices_as_are_kept(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers that forget their cookies do not fill the table; the newest stay."""
    monkeypatch.setattr(devices, "PER_OWNER", 3)
    for _ in range(5):
        async with product.browser() as browser:
            await log_in(browser, ALICE)
    assert len(product.rows("SELECT 1 FROM devices")) == 3
    async with product.browser() as last:
        await log_in(last, ALICE)
        await guess(last)
        assert counted(product) == {"device+id": 1}


async def lock(product: Product) -> None:
    """Let strangers try a hundred passwords of a 担当者."""
    name = staff.throttled_as(CLERK.name)
    for number in range(100):
        await fail(product, 1, user_id=name, address=f"192.0.2.{number}")


async def test_strangers_do_not_lock_a_member_of_staff_out_of_their_own_device(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The device that has logged in has tries of its own; another one is locked."""
    async with at_work(product, CLERK) as own:
        await own.post("/office/leave")
        await lock(product)
        assert (await enter(visitor, CLERK)).status_code == 429
        assert (await enter(own, CLERK)).headers["Location"] == OFFICE
        assert (await enter(visitor, CLERK)).status_code == 429  # its success opens no lock


async def test_a_member_of_staff_who_is_shut_out_is_known_on_no_device(product: Product) -> None:
    """Let in again, their old browser is a new one."""
    async with at_work(product, CLERK):
        assert product.rows("SELECT 1 FROM devices")
        await product.services.write(staff.disable, CLERK.name)
        assert not product.rows("SELECT 1 FROM devices")


async def test_a_new_password_of_a_member_of_staff_forgets_their_devices(product: Product) -> None:
    """As for 利用者."""
    async with at_work(product, CLERK):
        assert product.rows("SELECT 1 FROM devices")
        hashed = await product.services.passwords.hash(GOOD)
        await product.services.write(staff.set_password, CLERK.name, hashed)
        assert not product.rows("SELECT 1 FROM devices")


async def test_an_admin_unlocks_a_member_of_staff_on_screen(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The list says who is locked; the trail says who opened it; others neither see nor press it."""
    await hire(product, CLERK)
    await lock(product)
    async with at_work(product, ADMIN) as admin, at_work(product, READER) as reader:
        desk = await visit(admin, OFFICE)
        page = await visit(admin, desk.link("担当者の一覧とログイン停止の解除"))
        assert "パスワードの入力誤りによりログイン停止中" in page.text
        address = page.action(f"解除：{CLERK.name}")
        assert (await reader.get(page.address)).status_code == 403
        assert (await reader.post(address, data={"name": CLERK.name})).status_code == 403
        assert (await enter(visitor, CLERK)).status_code == 429
        answer = await admin.post(address, data={"name": CLERK.name})
        assert answer.headers["Location"].endswith("notice=office-unlocked")
        assert (await admin.post(address, data={"name": "nobody"})).status_code == 404
        assert "ログイン停止中" not in (await visit(admin, page.address)).text
    assert (await enter(visitor, CLERK)).headers["Location"] == OFFICE
    (row,) = product.rows("SELECT detail FROM audit WHERE event = 'office.user.unlocked'")
    told = json.loads(row["detail"])
    assert (told["name"], told["who"]) == (CLERK.name, ADMIN.name)
