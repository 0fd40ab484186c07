"""A refused try, whatever was found on its way, is answered when a whole number of beats is over."""

import asyncio
import time

import httpx
import pytest
import uvloop
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Template

from tests.support.people import ALICE, BOB
from tests.support.product import Product
from web.security import pace

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NAMELESS = {"credential": "an answer that proves nothing"}
WRONG = "shiroi-inu-no-yume-77"


def tries(user_id: str) -> dict[str, dict[str, str]]:
    """Every door without a log-in at which somebody may be refused, and what is typed there."""
    changed = {"new_password": "kuroi-neko-88", "new_password_again": "kuroi-neko-88"}
    return {
        "/useridmg/login": {"user_id": user_id, "password": WRONG},
        "/useridmg/password/change": {"user_id": user_id, "current_password": WRONG, **changed},
        "/office/login": {"staff_name": user_id, "password": WRONG},
    }


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Count the answers that wait for a beat, without the wait."""
    waited: list[float] = []

    async def noted(began: float) -> None:
        waited.append(began)

    monkeypatch.setattr(pace, "wait_for_beat", noted)
    return waited


@given(st.floats(0, 1e6), st.floats(0, 100), st.integers(1, 3))
def test_what_took_so_long_ends_on_the_next_beat(began: float, took: float, early: int) -> None:
    """The clock and the sleep are played, and some sleeps end a little early: nobody waits."""
    now, ends_early = began + took, early

    async def sleep(seconds: float) -> None:
        nonlocal now, ends_early
        assert 0 < seconds <= pace.BEAT + 1e-6
        ends_early -= 1
        now += seconds * (0.9 if ends_early > 0 else 1) + 1e-9

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "perf_counter", lambda: now)
        patch.setattr(asyncio, "sleep", sleep)
        asyncio.run(pace.wait_for_beat(began))
    beats = (now - began) / pace.BEAT
    assert beats == pytest.approx(round(beats), abs=1e-2)
    assert took - 1e-6 <= now - began <= took + pace.BEAT + 1e-6


@pytest.mark.parametrize("tenths", range(10))
def test_the_server_answers_no_sooner_than_on_the_beat(tenths: int) -> None:
    """Its loop counts whole milliseconds, and would end a wait up to one too early."""

    async def refuse() -> float:
        began = pace.begin()
        while time.perf_counter() < began + tenths * 1e-4:
            pass  # what is found takes so long
        await pace.wait_for_beat(began)
        return time.perf_counter() - began

    assert uvloop.run(refuse()) >= pace.BEAT


@pytest.mark.parametrize("door", tries(""))
@pytest.mark.parametrize("user_id", ["KNCA0000", ALICE.account.payment_user_id])
async def test_every_refusal_of_a_password_waits_for_one(
    product: Product, beats: list[float], user_id: str, door: str
) -> None:
    """The first is wrong, the last is one too many."""
    async with product.browser() as browser:
        answers = [await browser.post(door, data=tries(user_id)[door]) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert len(beats) == len(answers)


@pytest.mark.parametrize("door", tries(""))
@pytest.mark.parametrize("user_id", ["KNCA0000", ALICE.account.payment_user_id])
async def test_who_finds_no_place_for_a_password_waits_for_one(
    product: Product, beats: list[float], user_id: str, door: str
) -> None:
    """The ID has been looked up by then."""
    product.services.passwords._hashing._most = 0
    async with product.browser() as browser:
        answer = await browser.post(door, data=tries(user_id)[door])
    assert answer.status_code == 503
    assert len(beats) == 1


@pytest.mark.parametrize("door", tries(""))
async def test_the_wait_is_the_last_thing_before_the_answer_leaves(
    product: Product, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    """To make the page takes a millisecond, and a little less after more work."""
    order: list[str] = []
    render, wait = Template.render, pace.wait_for_beat

    def rendered(page: Template, *args: object, **values: object) -> str:
        order.append("page")
        return render(page, *args, **values)

    async def waited(began: float) -> None:
        order.append("beat")
        await wait(began)

    monkeypatch.setattr(Template, "render", rendered)
    monkeypatch.setattr(pace, "wait_for_beat", waited)
    async with product.browser() as browser:
        typed = tries(ALICE.account.payment_user_id)[door]
        await browser.post(door, data=typed, headers={"HX-Request": "true"})
    assert order == ["page", "beat"]


@pytest.mark.parametrize("door", ["/useridmg/login", "/office/login"])
async def test_every_refusal_of_a_passkey_waits_for_one(
    visitor: httpx.AsyncClient, beats: list[float], door: str
) -> None:
    await visitor.post(door, data=NAMELESS)
    assert len(beats) == 1


async def test_who_is_let_in_waits_for_none(product: Product, beats: list[float]) -> None:
    typed = {"user_id": BOB.account.payment_user_id, "password": BOB.payment_password}
    async with product.browser() as browser:
        answer = await browser.post("/useridmg/login", data=typed)
    assert answer.headers["Location"] == "/useridmg/mypage"
    assert not beats
