"""A refused try, whatever was found on its way, is answered when a whole number of beats is over."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.people import ALICE, BOB
from tests.support.product import Product
from web.security import pace

pytestmark = pytest.mark.anyio

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


@given(st.floats(0, 1e6), st.floats(0, 100))
def test_what_took_so_long_ends_on_the_next_beat(began: float, took: float) -> None:
    """The time of the loop and the sleep are played: nobody waits."""
    slept: list[float] = []

    async def play() -> None:
        loop = asyncio.get_running_loop()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loop, "time", lambda: began + took)
            patch.setattr(asyncio, "sleep", _noting(slept))
            await pace.wait_for_beat(began)

    asyncio.run(play())
    beats = (took + slept[0]) / pace.BEAT
    assert 0 <= slept[0] <= pace.BEAT
    assert beats == pytest.approx(round(beats), abs=1e-3)


def _noting(slept: list[float]) -> object:
    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    return sleep


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
