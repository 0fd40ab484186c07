"""Trying passwords gets slow, by answers and never by sleeps (ASVS 6.3.1, NIST SP 800-63B 5.2.2)."""

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.alike import face
from tests.support.guessing import LOGIN, browser_at, counted, fail, guess, let_in
from tests.support.journeys import ASK_PAYMENT, BETTER, CHANGE, twice
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import HTMX
from tests.support.product import CHEAP, Product
from web.app import create_app
from web.clock import MINUTE
from web.security.passwords import Passwords

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DELAYS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300)


def change(user_id: str, current: str = "not-the-password") -> dict[str, str]:
    """Fill in C1."""
    return {"user_id": user_id, "current_password": current, **twice(BETTER), "once": "0" * 32}


async def test_five_tries_are_free_then_the_delay_doubles_up_to_five_minutes(
    visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Too early is a 429 that says how long; to the second in time is a try again."""
    for _ in range(5):
        assert (await guess(visitor)).status_code == 422
    for delay in DELAYS:
        early = await guess(visitor)
        assert (early.status_code, early.headers["Retry-After"]) == (429, str(delay))
        frozen.advance(delay - 1)
        assert (await guess(visitor)).headers["Retry-After"] == "1"
        frozen.advance(1)
        assert (await guess(visitor)).status_code == 422


async def test_the_right_password_waits_like_a_wrong_one(
    visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """Otherwise the delay would tell which guess was right; afterwards it is let in."""
    for _ in range(5):
        await guess(visitor)
    assert not await let_in(visitor)
    frozen.advance(1)
    assert await let_in(visitor)


@pytest.mark.parametrize(("minutes", "counts"), [(15 * MINUTE - 1, True), (15 * MINUTE, False)])
async def test_failures_are_forgotten_15_minutes_after_the_last(
    visitor: httpx.AsyncClient, frozen: FrozenClock, minutes: int, counts: bool
) -> None:
    """At 14:59 the next failure adds to the others, at 15:00 it is the first."""
    for _ in range(5):
        await guess(visitor)
    frozen.advance(minutes)
    assert (await guess(visitor)).status_code == 422
    assert (await guess(visitor)).status_code == (429 if counts else 422)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
async def test_the_429_page_says_how_long_and_names_the_way_out(
    visitor: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    """Whole or as a fragment: heading, seconds, パスワード初期化."""
    for _ in range(6):
        await guess(visitor)
    right = {"user_id": "KNCA6288", "password": ALICE.payment_password}
    page = Page(await visitor.post(LOGIN, data=right, headers=headers))
    assert (page.status, page.h1) == (429, "操作の回数が多すぎます")
    assert "1秒ほど待ってから" in page.text
    assert page.link("パスワード初期化") == ASK_PAYMENT
    assert ALICE.payment_password not in page.response.text


async def test_a_429_is_not_counted_and_hashes_nothing(
    product: Product,
    visitor: httpx.AsyncClient,
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ten more presses leave the counters, the audit and the argon2 threads alone."""
    for _ in range(5):
        await guess(visitor)
    matches, asked, before = Passwords._matches, [], counted(product)

    def noted(self: Passwords, hashed: str, typed: str) -> bool:
        asked.append(typed)
        return matches(self, hashed, typed)

    monkeypatch.setattr(Passwords, "_matches", noted)
    for _ in range(5):
        assert (await guess(visitor)).status_code == 429
        assert (await visitor.post(CHANGE, data=change("KNCA6288"))).status_code == 429
    assert asked == []
    assert counted(product) == before
    assert len(product.rows("SELECT 1 FROM audit WHERE event LIKE '%.failed'")) == 5
    frozen.advance(1)
    await guess(visitor)
    assert asked == ["not-the-password"]


async def test_an_unknown_id_is_slowed_down_exactly_alike(product: Product) -> None:
    """Status, headers and body of every try on L1 and C1, but for the ID and the request id."""
    faces: dict[str, list[tuple[int, list[tuple[str, str]], str]]] = {}
    for user_id in ("KNCA6288", "KNCA9999"):
        faces[user_id] = []
        for number in range(8):
            async with product.browser(**HTMX if number % 2 else {}) as browser:
                typed = {"user_id": user_id, "password": "not-the-password"}
                posted = [await browser.post(LOGIN, data=typed)]
                if number > 5:
                    posted.append(await browser.post(CHANGE, data=change(user_id)))
            faces[user_id] += [face(each, user_id) for each in posted]
    assert faces["KNCA6288"] == faces["KNCA9999"]
    assert [status for status, _, _ in faces["KNCA6288"]][-4:] == [429] * 4


async def test_log_in_and_password_change_share_the_counters(visitor: httpx.AsyncClient) -> None:
    """Whichever door is tried: five wrong ones shut both (ASVS 6.3.4)."""
    for number in range(5):
        if number % 2:
            await guess(visitor)
        else:
            answer = await visitor.post(CHANGE, data=change("KNCA6288"), headers=HTMX)
            assert answer.status_code == 422
    assert (await guess(visitor)).status_code == 429
    answer = await visitor.post(CHANGE, data=change("KNCA6288", ALICE.payment_password))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


async def test_the_id_is_counted_however_it_is_spelled(visitor: httpx.AsyncClient) -> None:
    """Another width or case is no new ID with five free tries."""
    for spelling in ("KNCA6288", "knca6288", " KNCA6288 ", "ＫＮＣＡ６２８８", "Knca6288"):
        assert (await guess(visitor, spelling)).status_code == 422
    assert (await guess(visitor, "kNCA6288")).status_code == 429


async def test_a_network_has_300_failures_in_ten_minutes(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The 301st try for any ID is a 429 until the ten minutes are over; elsewhere nobody waits."""
    await fail(product, 299)
    frozen.advance(2 * MINUTE)
    assert (await guess(visitor, "KNCA9999")).status_code == 422
    refused = await guess(visitor, "KNCA8888")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(8 * MINUTE))
    async with browser_at(product, "192.0.2.7") as elsewhere:
        assert await let_in(elsewhere)
    frozen.advance(8 * MINUTE - 1)
    assert not await let_in(visitor)
    frozen.advance(1)
    assert await let_in(visitor)


async def test_a_network_has_300_failures_in_the_next_ten_minutes_too(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock
) -> None:
    """The second flood is held off as the first was, and one late failure is only the first of its own."""
    await fail(product, 300)
    frozen.advance(10 * MINUTE)
    assert (await guess(visitor, "KNCA9999")).status_code == 422
    assert await let_in(visitor)
    await fail(product, 299)
    refused = await guess(visitor, "KNCA8888")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(10 * MINUTE))


async def test_a_network_that_is_slowed_down_still_lets_known_devices_in(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """A valid device cookie is exempt, under the ID it has logged in with."""
    await fail(product, 300)
    assert await let_in(alice)
    assert (await guess(alice, "KNCA6289")).status_code == 429


async def test_an_ipv6_network_is_its_64_bits(product: Product, frozen: FrozenClock) -> None:
    """Another address of the same /64 goes on counting; another /64 starts anew."""
    for number in range(5):
        async with browser_at(product, f"2001:db8:0:1::{number + 1}") as browser:
            assert (await guess(browser)).status_code == 422
    async with browser_at(product, "2001:db8:0:1:ffff::1") as same:
        assert (await guess(same)).status_code == 429
    async with browser_at(product, "2001:db8:0:2::1") as other:
        assert (await guess(other)).status_code == 422


async def test_a_forged_forwarded_address_changes_nothing(product: Product) -> None:
    """Without trusted proxies X-Forwarded-For and its like are words of the sender."""
    for number in range(6):
        forged = f"203.0.113.{number}"
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged, "Forwarded": f"for={forged}"}
        async with product.browser(**headers) as browser:
            status = (await guess(browser)).status_code
        assert status == (422 if number < 5 else 429)


async def test_a_restart_forgets_nothing(
    product: Product, visitor: httpx.AsyncClient, post: PostOffice
) -> None:
    """The counters lie in the database: a new process goes on where the old one was."""
    for _ in range(5):
        await guess(visitor)
    app = create_app(product.settings, parameters=CHEAP)
    again = Product(app, product.settings, post)
    async with app.router.lifespan_context(app), again.browser() as browser:
        assert (await guess(browser)).status_code == 429
