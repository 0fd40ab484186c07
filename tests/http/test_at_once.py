"""Many requests at the same moment: one wins, nobody is let through uncounted, the owner gets in."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import ExitStack

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support import forms, issuing
from tests.support.guessing import browser_at, counted, fail, guess, let_in
from tests.support.journeys import CHANGE, GOOD, payment_link, twice
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.database import Tx
from web.security import judged as judgings
from web.security import throttle
from web.security.judged import JUDGINGS
from web.security.passwords import Passwords
from web.security.tries import JUDGED_AT_ONCE_BY_NETWORK, Tries
from web.store.standings import Standing

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

COMPLETED = "納付利用者パスワード初期化完了のご連絡"
CHECK = "/useridmg/password/check"


async def statuses(answers: Iterable[Awaitable[httpx.Response]]) -> Counter[int]:
    """Send requests together and count what they are answered."""
    return Counter(answer.status_code for answer in await asyncio.gather(*answers))


def guesses(browser: httpx.AsyncClient, number: int) -> list[Awaitable[httpx.Response]]:
    """Guess one password after the other, without waiting for a verdict."""
    return [guess(browser, password=f"wrong-password-{each}") for each in range(number)]


def judged(told: Counter[int], *, most: int) -> int:
    """Give how many guesses were judged; one that ends meanwhile may be counted twice, never not."""
    assert set(told) <= {422, 429}
    assert 1 <= told[422] <= most
    return told[422]


@pytest.fixture
async def form(product: Product, visitor: httpx.AsyncClient) -> Page:
    """Open Alice's mailed URL."""
    return await visit(visitor, await payment_link(product, visitor, ALICE))


async def test_a_guess_that_ends_while_another_begins_is_counted_once(
    visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is under way, or it has failed: the fifth wrong password is judged, as it is one after the other."""
    for number in range(3):
        await guess(visitor, password=f"wrong-password-{number}")
    begun, goes_on, looked = asyncio.Event(), asyncio.Event(), asyncio.Event()
    verify, standing = Passwords.verify, throttle.standing

    async def held(self: Passwords, hashed: str, typed: str) -> bool:
        if typed == "the fourth":
            begun.set()
            await goes_on.wait()
        return await verify(self, hashed, typed)

    async def late(tx: Tx, attempt: throttle.Attempt, owner_id: str) -> Standing:
        if begun.is_set() and not looked.is_set():
            looked.set()
            goes_on.set()
            await fourth
        return await standing(tx, attempt, owner_id)

    monkeypatch.setattr(Passwords, "verify", held)
    monkeypatch.setattr(throttle, "standing", late)
    fourth = asyncio.create_task(guess(visitor, password="the fourth"))
    await begun.wait()
    fifth = await guess(visitor, password="the fifth")
    assert ((await fourth).status_code, fifth.status_code) == (422, 422)


async def test_fifty_passwords_for_one_url_set_one(
    product: Product, visitor: httpx.AsyncClient, form: Page
) -> None:
    """One 303, one mail; the others find the link used, or the queue full."""
    action = form.action("パスワード初期化")
    wishes = [f"kuroi-neko-no-yume-{number}-ban" for number in range(50)]
    told = await statuses(visitor.post(action, data=twice(each)) for each in wishes)
    assert told[303] == 1
    assert told[410] + told[503] == 49
    assert [await product.holds(ALICE, "payment", each) for each in wishes].count(True) == 1
    await product.settle()
    assert product.post.only(COMPLETED).to == ALICE.account.profile.admin_email


async def test_fifty_presses_with_one_password_are_one(
    product: Product, visitor: httpx.AsyncClient, form: Page
) -> None:
    """Everybody lands on 登録完了; it was done once."""
    action = form.action("パスワード初期化")
    fields = {**form.fields(action), **twice(GOOD)}
    told = await statuses(visitor.post(action, data=fields) for _ in range(50))
    assert told == {303: 50}
    assert await product.holds(ALICE, "payment", GOOD)
    await product.settle()
    assert product.post.only(COMPLETED).to == ALICE.account.profile.admin_email


async def test_a_burst_of_guesses_is_counted_before_it_is_judged(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Five of fifty are tried at most; sent one after the other it would be no more."""
    tried = judged(await statuses(guesses(visitor, 50)), most=5)
    assert counted(product) == {"id": tried, "id+network": tried, "network": tried}


async def test_a_person_who_presses_twenty_times_is_let_in(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """The same password at the same moment is one guess, also from a device that is not known."""
    presses = [guess(visitor, password=ALICE.payment_password) for _ in range(20)]
    assert await statuses(presses) == {204: 20}


async def test_a_burst_through_both_doors_is_one_burst(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Log-in and パスワード変更 at the same moment share what is counted."""
    wrong = {"user_id": "KNCA6288", "current_password": "not-the-password", **twice(GOOD)}
    doors = guesses(visitor, 10)
    doors.append(visitor.post(CHANGE, data=wrong, headers=HTMX))
    judged(await statuses(doors), most=5)


async def test_a_burst_of_a_network_stays_within_its_three_hundred(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Another ID each time: the network's last ten tries are ten, however they come."""
    await fail(product, 290)
    told = await statuses(guess(visitor, f"KNCA8{number:03d}") for number in range(40))
    judged(told, most=10)


async def test_a_burst_from_everywhere_stays_within_the_ids_hundred(product: Product) -> None:
    """Another network each time: the ID's last ten tries are ten."""
    for number in range(90):
        await fail(product, 1, user_id="KNCA6288", address=f"198.51.100.{number}")
    browsers = [browser_at(product, f"203.0.113.{number}") for number in range(40)]
    told = await statuses(
        guess(each, password=f"wrong-{number}") for number, each in enumerate(browsers)
    )
    judged(told, most=10)


async def test_a_stolen_device_cookie_buys_twenty_tries_at_once(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """Then five as any other device, then none."""
    judged(await statuses(guesses(alice, 50)), most=25)
    assert counted(product)["device+id"] <= 20


@pytest.fixture
def kept_back(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the refusals that are kept back, without the wait; of each, how many others may be."""
    kept: list[int] = []

    async def linger(_: Tries, *, most: int) -> None:
        kept.append(most)

    monkeypatch.setattr(Tries, "linger", linger)
    return kept


async def test_what_was_refused_for_want_of_room_was_no_try(
    product: Product,
    visitor: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    kept_back: list[int],
) -> None:
    """A full queue is a 503, kept back like every refusal that costs little to ask for; it leaves no failure behind."""
    monkeypatch.setattr(product.services.passwords._hashing, "_most", 0)
    for _ in range(10):
        assert (await guess(visitor)).status_code == 503
    assert len(kept_back) == 10
    monkeypatch.undo()
    assert counted(product) == {}
    assert await let_in(visitor)


@pytest.fixture
async def attack(product: Product, frozen: FrozenClock) -> AsyncIterator[list[int]]:
    """Guess at Alice's password from ever new addresses for as long as the test lasts."""
    told: list[int] = []

    async def guess_on() -> None:
        for number in range(100_000):
            async with browser_at(product, f"2001:db8:0:{number % 500:x}::1") as stranger:
                told.append((await guess(stranger, password=f"wrong-{number}")).status_code)

    tasks = [asyncio.create_task(guess_on()) for _ in range(4)]
    yield told
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_owners_device_gets_in_under_attack(
    product: Product, alice: httpx.AsyncClient, attack: list[int]
) -> None:
    """Twenty log-ins at once, again and again, before and after the ID is shut for strangers."""
    while attack.count(429) < 10:
        told = await statuses(guess(alice, password=ALICE.payment_password) for _ in range(20))
        assert told == {204: 20}
    # shut after a hundred; three of the four strangers may still wait for an answer
    assert attack.count(422) >= 100 - 3
    assert attack.count(204) == 0


async def test_an_ended_attack_leaves_nothing_under_way(
    product: Product, alice: httpx.AsyncClient
) -> None:
    """What was counted in memory is gone with its request."""
    await statuses(guesses(alice, 30))
    assert not product.services.tries._under_way


async def test_a_live_check_that_finds_no_place_is_kept_back(
    product: Product, visitor: httpx.AsyncClient, kept_back: list[int]
) -> None:
    with ExitStack() as others:
        for _ in range(JUDGED_AT_ONCE_BY_NETWORK):
            others.enter_context(product.services.tries.judging("127.0.0.1"))
        refused = await visitor.post(CHECK, data={"new_password": GOOD}, headers=HTMX)
    assert refused.status_code == 503
    assert kept_back == [product.settings.requests_at_once // 4]


async def test_live_checks_of_new_passwords_are_three_hundred_in_ten_minutes(
    product: Product, visitor: httpx.AsyncClient, frozen: FrozenClock, kept_back: list[int]
) -> None:
    """Each costs CPU and needs no log-in: the network is told to wait, others go on."""
    token = judgings.being_typed.set(True)
    for _ in range(JUDGINGS):
        product.services.passwords.judged.count("127.0.0.1")
    judgings.being_typed.reset(token)
    refused = await visitor.post(CHECK, data={"new_password": GOOD}, headers=HTMX)
    assert refused.status_code == 429
    assert len(kept_back) == 1
    frozen.advance(int(refused.headers["Retry-After"]))
    assert (await visitor.post(CHECK, data={"new_password": GOOD}, headers=HTMX)).is_success
    frozen.advance(10 * MINUTE - 1)
    async with browser_at(product, "192.0.2.8") as elsewhere:
        assert (await elsewhere.post(CHECK, data={"new_password": GOOD}, headers=HTMX)).is_success


async def test_every_live_check_of_a_new_password_is_counted(
    product: Product,
    visitor: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    kept_back: list[int],
) -> None:
    """By パスワード変更, by the URL of a reset, by that of a new ID: one network has one number for all.

    Whoever has used it up is refused slowly: who asks again at once, over and over, keeps nobody waiting.
    """
    monkeypatch.setattr(judgings, "JUDGINGS", 3)
    reset = await visit(visitor, await payment_link(product, visitor, ALICE))
    new_id = (await issuing.fill_in(visitor, await issuing.mailed(product, visitor))).page
    link = reset.address.partition("?")[2], new_id.address.partition("?")[2]
    doors = (
        (CHECK, "new_password"),
        (f"/useridmg/pwdInitPay/password/check?{link[0]}", "new_password"),
        (f"/useridmg/issue/passwords/check?{link[1]}", "payment_password"),
        (f"/useridmg/issue/passwords/check?{link[1]}", "bulk_password"),
    )
    told = [(await visitor.post(path, data={name: GOOD})).status_code for path, name in doors]
    assert told == [200, 200, 200, 429]
    for path, name in doors:
        for typed in (GOOD, "short", 72 * "é"):  # none is read any more
            assert (await visitor.post(path, data={name: typed})).status_code == 429


@pytest.mark.parametrize("door", ["C1", "R4", "B4", "I5"])
async def test_every_new_password_that_is_pressed_is_counted(
    product: Product, visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """By network: a guessable one, over and over, is stopped; what is typed is counted apart."""
    form = await forms.FORMS[door](product, visitor)
    easy = {
        name: "password123456789" for name in form.fields if "new_" in name or "_password" in name
    }
    typed = {**form.fields, **easy, "current_password": ALICE.payment_password}
    monkeypatch.setattr(judgings, "JUDGINGS", 4)
    told = [(await visitor.post(form.action, data=typed)).status_code for _ in range(5)]
    assert told[-1] == 429
    assert 429 not in told[:2]
    assert (await visitor.post(CHECK, data={"new_password": GOOD})).status_code == 200
    assert (await visitor.post(form.action, data=typed)).status_code == 429


async def test_whoever_types_on_keeps_nobody_behind_the_same_address_from_a_new_password(
    product: Product,
    visitor: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    kept_back: list[int],
) -> None:
    """A stranger needs no log-in for a live check: an office behind one address still sets its passwords."""
    form = await forms.FORMS["R4"](product, visitor)
    monkeypatch.setattr(judgings, "JUDGINGS", 3)
    async with product.browser() as stranger:
        for status in (200, 200, 200, 429):
            answer = await stranger.post(CHECK, data={"new_password": GOOD})
            assert answer.status_code == status
    answer = await visitor.post(form.action, data=form.fields)
    assert "complete" in answer.headers["Location"]


async def test_passwords_that_wait_take_half_of_the_places_at_most(product: Product) -> None:
    """Else the places were gone before a line is the longest of a full queue."""
    places = product.settings.requests_at_once
    passwords = product.services.passwords
    assert passwords._hashing._most <= places // 2
    assert passwords._judging._most <= places // 2
    few, none = Passwords(most=32), Passwords(most=0)  # of a server with one place
    assert (few._hashing._most, few._judging._most) == (32, 32)
    assert none._hashing._most == none._judging._most == os.cpu_count()
    for each in (few, none):
        each.close()
