"""A mailed link sets one password, once; the same press again finds what was done."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.conftest import FrozenClock
from tests.support.journeys import BETTER, CHANGE, GOOD, bulk_link, choose, payment_link, twice
from tests.support.page import Page
from tests.support.people import ALICE
from tests.support.press import HTMX, Press, visit
from tests.support.product import Product
from web.clock import MINUTE
from web.security.passwords import Passwords

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

KINDS = {"payment": "納付利用者", "bulk": "一括利用者"}


async def opened(product: Product, browser: httpx.AsyncClient, kind: str) -> Page:
    """Ask, and open the mailed URL of a kind; for bulk the browser is logged in as Alice."""
    if kind == "payment":
        return await visit(browser, await payment_link(product, browser, ALICE))
    return await visit(browser, await bulk_link(product, browser))


async def done_once(product: Product, kind: str, *passwords: str) -> list[str]:
    """Check that one reset was made and mailed; give which of the passwords is set."""
    await product.settle()
    product.post.only(f"{KINDS[kind]}パスワード初期化完了のご連絡")
    assert len(product.rows("SELECT 1 FROM audit WHERE event = 'reset.used'")) == 1
    assert len(product.rows("SELECT 1 FROM former_passwords")) == 1
    return [each for each in passwords if await product.holds(ALICE, kind, each)]


@pytest.mark.parametrize("kind", KINDS)
async def test_pressing_again_is_the_same_reset(
    product: Product, alice: httpx.AsyncClient, press: Press, kind: str
) -> None:
    """Five presses end on the same 登録完了: one reset, one mail."""
    form = await opened(product, alice, kind)
    pages = [(await choose(alice, form, GOOD, press)).page for _ in range(5)]
    assert len({page.address for page in pages}) == 1
    assert {page.h1 for page in pages} == {f"{KINDS[kind]}パスワード初期化 登録完了"}
    assert await done_once(product, kind, GOOD) == [GOOD]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_repeat_is_good_for_ten_minutes(
    product: Product, alice: httpx.AsyncClient, press: Press, frozen: FrozenClock, kind: str
) -> None:
    """9:59 later it is the same press coming again; from 10:00 on it is a 410."""
    form = await opened(product, alice, kind)
    await choose(alice, form, GOOD, press)
    frozen.advance(10 * MINUTE - 1)
    assert (await choose(alice, form, GOOD, press)).page.h1.endswith("登録完了")
    frozen.advance(1)
    assert (await choose(alice, form, GOOD, press)).page.status == 410
    assert await done_once(product, kind, GOOD) == [GOOD]


@pytest.mark.parametrize("kind", KINDS)
async def test_anything_else_on_a_used_link_is_a_410(
    product: Product, alice: httpx.AsyncClient, press: Press, kind: str
) -> None:
    """Another password, a bad one, none, the form, the mailed address: all at once after the use."""
    form = await opened(product, alice, kind)
    link = product.post.mails[-1].link
    await choose(alice, form, GOOD, press)
    for typed in (twice(BETTER), twice("short"), twice(""), {}, twice("a" * 2000), twice("\t")):
        assert (await press(alice, form.address, typed)).page.status == 410
    for address in (form.address, link):
        assert (await visit(alice, address)).h1 == "このURLは使用できません"
    assert await done_once(product, kind, GOOD, BETTER) == [GOOD]


async def test_a_repeat_after_a_password_change_is_a_410(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """What the link set is no longer the password: 登録完了 would be a lie."""
    form = await opened(product, visitor, "payment")
    await choose(visitor, form, GOOD, press)
    page = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": GOOD, **twice(BETTER)}
    await press(visitor, CHANGE, {**page.fields(CHANGE), **typed})
    assert (await choose(visitor, form, GOOD, press)).page.status == 410


async def test_a_used_link_is_no_place_to_guess_a_newer_password(
    product: Product, visitor: httpx.AsyncClient, press: Press, frozen: FrozenClock
) -> None:
    """Whoever still holds the mailed URL learns nothing of what was chosen after it."""
    form = await opened(product, visitor, "payment")
    await choose(visitor, form, GOOD, press)
    frozen.advance(MINUTE)
    page = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": GOOD, **twice(BETTER)}
    await press(visitor, CHANGE, {**page.fields(CHANGE), **typed})
    assert await product.holds(ALICE, "payment", BETTER)
    for guess in (BETTER, GOOD):
        assert (await choose(visitor, form, guess, press)).page.status == 410


@pytest.mark.parametrize("kind", KINDS)
async def test_a_used_link_verifies_nothing_without_its_form(
    product: Product,
    alice: httpx.AsyncClient,
    press: Press,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    """Whoever holds the mailed URL, but not the form that used it, has nothing to guess against."""
    used = await opened(product, alice, kind)
    await choose(alice, used, GOOD, press)
    monkeypatch.setattr(Passwords, "verify", None)  # a call would be a 500
    for once in ({}, {"once": ""}, {"once": "0" * 32}):
        assert (await press(alice, used.address, {**twice(GOOD), **once})).page.status == 410


@pytest.mark.parametrize("kind", KINDS)
async def test_guesses_in_a_form_that_was_used_are_counted(
    product: Product, alice: httpx.AsyncClient, press: Press, kind: str
) -> None:
    """Five wrong ones, each written down, then 429 under the ID of the link."""
    form = await opened(product, alice, kind)
    await choose(alice, form, GOOD, press)
    alice.cookies.delete("device")
    for number in range(5):
        wish = f"kuroi-neko-no-yume-{number}"
        assert (await choose(alice, form, wish, press)).page.status == 410
    assert (await choose(alice, form, GOOD, press)).page.status == 429
    refused = product.rows("SELECT detail FROM audit WHERE event = 'password.refused'")
    assert [row["detail"] for row in refused] == ['{"form": "password_reset"}'] * 5


async def test_the_second_press_need_not_wait_after_wrong_passwords_at_log_in(
    product: Product, visitor: httpx.AsyncClient, press: Press
) -> None:
    """Who forgot the password has often tried some: the reset ends the delay for this network."""
    for number in range(5):
        typed = {"user_id": "KNCA6288", "password": f"wrong-{number}"}
        await visitor.post("/useridmg/login", data=typed)
    form = await opened(product, visitor, "payment")
    for _ in range(2):
        assert (await choose(visitor, form, GOOD, press)).page.h1.endswith("登録完了")


@pytest.mark.parametrize("kind", KINDS)
async def test_fifty_different_passwords_at_once_set_one(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """One press wins; the others are 410, or 503 where too many wait; the winner's is the password."""
    form = await opened(product, alice, kind)
    wishes = [f"hoshi-no-umi-to-kaze-{number:02d}" for number in range(50)]
    answers = await asyncio.gather(*(alice.post(form.address, data=twice(wish)) for wish in wishes))
    told = Counter(answer.status_code for answer in answers)
    assert told[303] == 1
    assert set(told) <= {303, 410, 503}
    winner = next(
        wish for wish, answer in zip(wishes, answers, strict=True) if answer.status_code == 303
    )
    assert await done_once(product, kind, *wishes) == [winner]


@pytest.mark.parametrize("kind", KINDS)
async def test_twenty_same_presses_at_once_are_one(
    product: Product, alice: httpx.AsyncClient, kind: str
) -> None:
    """Native and htmx mixed: every press ends on the same 登録完了."""
    form = await opened(product, alice, kind)
    fields = {**form.fields(form.address), **twice(GOOD)}
    answers = await asyncio.gather(
        *(
            alice.post(form.address, data=fields, headers=HTMX if number % 2 else {})
            for number in range(20)
        )
    )
    assert {answer.status_code for answer in answers[::2]} == {303}
    assert {answer.status_code for answer in answers[1::2]} == {
        204
    }  # a log-in of hers ends with it
    leads = {each.headers.get("Location") or each.headers.get("HX-Redirect") for each in answers}
    assert leads == {form.address.replace("/password?", "/complete?")}
    assert await done_once(product, kind, GOOD) == [GOOD]


async def test_reset_and_change_at_once_end_in_one_password(
    product: Product, visitor: httpx.AsyncClient
) -> None:
    """Whichever comes first, each answer is true: who is told 完了 last can log in with it."""
    form = await opened(product, visitor, "payment")
    page = await visit(visitor, CHANGE)
    typed = {"user_id": "KNCA6288", "current_password": ALICE.payment_password, **twice(BETTER)}
    changing = {**page.fields(CHANGE), **typed}
    reset, change = await asyncio.gather(
        visitor.post(form.address, data=twice(GOOD)), visitor.post(CHANGE, data=changing)
    )
    changed = "/password/changed" in change.headers.get("Location", "")
    assert (reset.status_code == 303) != changed
    login = {"user_id": "KNCA6288", "password": BETTER if changed else GOOD}
    answer = await visitor.post("/useridmg/login", data=login)
    assert answer.headers["Location"] == "/useridmg/mypage"
