"""A device that has logged in keeps tries of its own, so that no stranger can lock an owner out."""

from http.cookies import SimpleCookie

import httpx
import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.alike import face
from tests.support.guessing import HOME, LOGIN, browser_at, counted, fail, guess, let_in
from tests.support.journeys import ASK_PAYMENT, GOOD, choose, payment_link
from tests.support.page import Page
from tests.support.people import ALICE, BOB
from tests.support.press import visit
from tests.support.product import Product
from web.clock import DAY
from web.security.throttle import Attempt
from web.security.tokens import digest

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LOCKED = "このIDではログインできません"
LIFE = 400 * DAY


async def lock(product: Product, user_id: str = "KNCA6288", times: int = 100) -> None:
    """Fail so often in a row from everywhere that the ID is shut for strangers."""
    for number in range(times):
        await fail(product, 1, user_id=user_id, address=f"198.51.100.{number}")


async def test_a_hundred_failures_in_a_row_lock_the_id_for_strangers(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The 100th is the last try; then no right password and no waiting helps, and the page says what does."""
    await lock(product, times=99)
    assert (await guess(visitor)).status_code == 422
    for _ in range(3):
        page = Page(await guess(visitor, password=ALICE.payment_password))
        assert (page.status, page.h1) == (429, LOCKED)
        assert int(page.response.headers["Retry-After"]) > 0
        assert page.link("パスワード初期化") == ASK_PAYMENT
        assert "もう一度送信する" not in page.text
        frozen.advance(10 * DAY)


async def test_an_unknown_id_is_locked_exactly_alike(product: Product) -> None:
    """The same page for an ID that nobody has."""
    faces = []
    for user_id in ("KNCA6288", "KNCA9999"):
        await lock(product, user_id)
        async with product.browser() as browser:
            faces.append(face(await guess(browser, user_id), user_id))
    assert faces[0] == faces[1]
    assert LOCKED in faces[0][2]


async def test_a_success_in_between_begins_the_hundred_anew(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """In a row means without a success."""
    await lock(product, times=99)
    assert await let_in(visitor)
    await lock(product, times=99)
    async with product.browser() as stranger:
        assert (await guess(stranger)).status_code == 422


async def test_a_reset_opens_a_locked_id(product: Product, visitor: httpx.AsyncClient) -> None:
    """R4 with the mailed link: the new password is let in from any device at once."""
    await lock(product)
    form = await visit(visitor, await payment_link(product, visitor, ALICE))
    assert (await choose(visitor, form, GOOD)).page.status == 200
    async with product.browser() as stranger:
        assert (await guess(stranger, password=GOOD)).status_code == 204


async def test_an_owners_device_gets_in_whatever_strangers_do(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A locked ID and a slowed-down network are not the known device's; its success opens neither."""
    await fail(product, 300, user_id="KNCA6288")
    await alice.post("/useridmg/leave")
    assert await let_in(alice)
    before = counted(product)
    async with product.browser() as stranger:
        assert (await guess(stranger)).status_code == 429
    assert counted(product) == before
    assert before["id"] == before["id+network"] == before["network"] == 300


async def test_a_known_device_has_twenty_tries_of_its_own(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Twenty without a delay; then it is like any other device: five more, then it waits."""
    for _ in range(20):
        assert (await guess(alice)).status_code == 422
    assert counted(product) == {"device+id": 20}
    for _ in range(5):
        assert (await guess(alice)).status_code == 422
    assert (await guess(alice)).status_code == 429
    assert counted(product) == {"device+id": 20, "id": 5, "id+network": 5, "network": 5}


async def test_a_success_of_the_device_gives_its_twenty_back(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """It clears the device's counter, and only that."""
    await fail(product, 3, user_id="KNCA6288")
    for _ in range(19):
        await guess(alice)
    assert await let_in(alice)
    assert counted(product) == {"id": 3, "id+network": 3, "network": 3}
    for _ in range(20):
        assert (await guess(alice)).status_code == 422


async def test_a_success_clears_only_its_own_id_and_network(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Other networks' counters for the ID, other IDs', and the network's own stay."""
    await fail(product, 4, user_id="KNCA6288")
    await fail(product, 4, user_id="KNCA6289")
    await fail(product, 4, user_id="KNCA6288", address="192.0.2.1")
    assert await let_in(visitor)
    found = {
        row["subject"]
        for row in product.rows("SELECT subject FROM failures WHERE scope <> 'wrong'")
    }
    expected = {
        ("KNCA6288", HOME, "id+network"): False,
        ("KNCA6288", HOME, "id"): False,
        ("KNCA6288", "192.0.2.1", "id+network"): True,
        ("KNCA6289", HOME, "id+network"): True,
        ("KNCA6289", HOME, "id"): True,
        ("", HOME, "network"): True,
        ("", "192.0.2.1", "network"): True,
    }
    vault = product.services.vault
    for (user_id, address, scope), stays in expected.items():
        subject = Attempt(vault, user_id, address, "").subject(scope)
        assert (subject in found) == stays, (user_id, address, scope)


async def test_the_device_cookie_lives_400_days_and_is_for_the_server_alone(
    visitor: httpx.AsyncClient,
) -> None:
    """HttpOnly, Lax, Path=/, 400 days, random (RFC 6265bis caps the life there)."""
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    answer = await visitor.post(LOGIN, data=right)
    given = SimpleCookie("; ".join(answer.headers.get_list("Set-Cookie")))
    kept = next(each for each in answer.headers.get_list("Set-Cookie") if "device=" in each)
    attributes = {part.strip().lower() for part in kept.split(";")[1:]}
    assert {f"max-age={LIFE}", "httponly", "samesite=lax", "path=/"} <= attributes
    assert len(given["device"].value) >= 43


async def test_the_device_cookie_survives_leaving_and_the_next_log_in(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """終了 takes nothing from it; one row per device and account, renewed by a log-in of another day."""
    token = alice.cookies["device"]
    await alice.post("/useridmg/leave")
    assert alice.cookies["device"] == token
    frozen.advance(DAY)
    await log_in(alice, ALICE)
    assert alice.cookies["device"] == token
    await log_in(alice, BOB)
    both = alice.cookies["device"]
    for person in (ALICE, BOB):
        await log_in(alice, person)
    assert alice.cookies["device"] == both
    rows = product.rows("SELECT device_hash, created_at FROM devices")
    assert len(rows) == 2
    assert {row["device_hash"] for row in rows} == {digest(both)}
    assert {row["created_at"] for row in rows} == {frozen.at}


async def test_a_device_of_somebody_else_does_not_become_ones_own(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Who used a shared machine before has its cookie: elsewhere it stays that of a stranger, and he has lost it."""
    async with product.browser() as shared, product.browser() as elsewhere:
        await log_in(shared, BOB)
        planted = shared.cookies["device"]
        await shared.post("/useridmg/leave")
        await log_in(shared, ALICE)
        assert shared.cookies["device"] != planted
        elsewhere.cookies["device"] = planted
        await guess(elsewhere)
        assert "device+id" not in counted(product)
        await guess(elsewhere, user_id="KNCA6289")
        assert "device+id" not in counted(product)
        await guess(shared)
        assert counted(product)["device+id"] == 1


async def test_another_log_in_at_a_device_gives_no_new_tries(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Whoever has stolen a device, and has an ID of his own, guesses no longer by logging in there."""
    await log_in(visitor, ALICE)
    for _ in range(20):
        await guess(visitor)
    before = visitor.cookies["device"]
    await log_in(visitor, BOB)
    assert visitor.cookies["device"] != before
    await guess(visitor)
    assert counted(product) == {"device+id": 20, "id": 1, "id+network": 1, "network": 1}


async def test_a_device_is_known_for_400_days(
    product: Product, alice: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """A second before they are over it is counted apart, then like a stranger."""
    frozen.advance(LIFE - 1)
    await guess(alice)
    assert counted(product) == {"device+id": 1}
    frozen.advance(1)
    await guess(alice)
    assert counted(product)["id"] == 1


async def test_a_failed_log_in_makes_no_device_known(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Neither the guessing nor an invented cookie earns tries of its own."""
    visitor.cookies.set("device", "invented")
    for _ in range(5):
        assert (await guess(visitor)).status_code == 422
    assert (await guess(visitor)).status_code == 429
    assert not product.rows("SELECT 1 FROM devices")


async def test_strangers_at_the_same_address_have_other_counters_than_elsewhere(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The (ID, network) counter of one network is not another's."""
    for _ in range(5):
        await guess(visitor)
    assert (await guess(visitor)).status_code == 429
    async with browser_at(product, "192.0.2.9") as elsewhere:
        assert (await guess(elsewhere)).status_code == 422
