"""Argon2 and OpaqueString: what counts as the same password, what it costs, when it is too much."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator

import argon2
import pytest

from tests.support.product import CHEAP
from web.fields.field import Refused
from web.security import guessing
from web.security.fair_queue import Busy
from web.security.passwords import PARAMETERS, SHORT_TURN, TURN, Passwords, prepare

pytestmark = pytest.mark.anyio

SAME = {
    "ga as one and as two code points": ("みどりのか\u3099っこう", "みどりの\u304cっこう"),
    "é as one and as two code points": ("cafe\u0301-au-lait-12", "caf\u00e9-au-lait-12"),
    "full-width and plain space": ("haru　no　umi　6289", "haru no umi 6289"),
    "no-break and plain space": ("haru\u00a0no\u00a0umi\u00a06289", "haru no umi 6289"),
    "emoji": ("neko🐈to🐟wotaberu", "neko🐈to🐟wotaberu"),
    "128 characters": ("軽" * 128, "軽" * 128),
    "spaces outside and inside": ("  a b  c ", "  a b  c "),
}
DIFFERENT = {
    "capitals": ("Midori-no-kaze", "midori-no-kaze"),
    "full-width letters": ("ｍｉｄｏｒｉ", "midori"),
    "half-width kana": ("ﾐﾄﾞﾘ", "ミドリ"),
    "ligatures": ("ﬁne-weather-today", "fine-weather-today"),
    "an outer space": ("midori-no-kaze ", "midori-no-kaze"),
    "a doubled inner space": ("midori  no kaze", "midori no kaze"),
    "the 73rd byte": ("a" * 72 + "b", "a" * 72 + "c"),
    "the 128th character": ("軽" * 127 + "a", "軽" * 127 + "b"),
    "what follows": ("midori-no-kaze", "midori-no-kaze-6288"),
    "nothing": ("midori-no-kaze", ""),
}
UNUSABLE = {"tab": "a\tb", "line break": "a\r\nb", "NUL": "a\0b", "zero-width": "a\u200bb"}


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    """Give cheap hashing."""
    passwords = Passwords(CHEAP)
    yield passwords
    passwords.close()


@pytest.mark.parametrize("name", SAME)
async def test_the_same_password_typed_differently_fits(passwords: Passwords, name: str) -> None:
    """RFC 8265: another keyboard may spell it in other code points, in both directions."""
    one, other = SAME[name]
    assert await passwords.verify(await passwords.hash(one), other)
    assert await passwords.verify(await passwords.hash(other), one)


@pytest.mark.parametrize("name", DIFFERENT)
async def test_another_password_does_not_fit(passwords: Passwords, name: str) -> None:
    """Nothing is cut off, folded or trimmed."""
    one, other = DIFFERENT[name]
    assert not await passwords.verify(await passwords.hash(one), other)


@pytest.mark.parametrize("typed", UNUSABLE.values(), ids=UNUSABLE)
async def test_a_hidden_character_is_refused_when_set_and_fits_nothing(
    passwords: Passwords, typed: str
) -> None:
    """Setting says why in Japanese; log-in does the same work as ever and says no."""
    with pytest.raises(Refused, match="目に見えない文字はパスワードに使えません"):
        prepare(typed)
    assert not await passwords.verify(await passwords.hash("ab"), typed)


def test_a_visible_character_that_cannot_be_used_is_named() -> None:
    """The reader sees which one to replace."""
    with pytest.raises(Refused, match="「ᄀ」はパスワードに使えません"):
        prepare("midori-no-ᄀ")


async def test_a_hash_has_a_salt_of_its_own(passwords: Passwords) -> None:
    """Two people with one password have different hashes, and neither holds it."""
    first, second = [await passwords.hash("midori-no-kaze") for _ in range(2)]
    assert first != second
    assert "midori" not in first


async def test_the_product_hashes_with_the_decided_parameters() -> None:
    """Architecture decision 7: Argon2id, m=19456, t=2, p=1; the tests' parameters are not that."""
    assert (PARAMETERS.memory_cost, PARAMETERS.time_cost, PARAMETERS.parallelism) == (19456, 2, 1)
    assert PARAMETERS.type is argon2.Type.ID
    assert PARAMETERS.salt_len >= 16
    assert PARAMETERS.hash_len >= 32
    assert CHEAP != PARAMETERS
    production = Passwords()
    try:
        hashed = await production.hash("midori-no-kaze")
        assert await production.verify(hashed, "midori-no-kaze")
    finally:
        production.close()
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_of_other_parameters_is_outdated(passwords: Passwords) -> None:
    """It still verifies, and log-in knows that it should be made again."""
    other = argon2.PasswordHasher(time_cost=3, memory_cost=64, parallelism=1)
    hashed = other.hash("midori-no-kaze")
    assert passwords.outdated(hashed)
    assert await passwords.verify(hashed, "midori-no-kaze")
    assert not passwords.outdated(await passwords.hash("midori-no-kaze"))


@pytest.mark.parametrize("hashed", ["", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$$", "$2b$12$x"])
async def test_a_broken_hash_fits_nothing(passwords: Passwords, hashed: str) -> None:
    """A damaged row locks its owner out; it lets nobody in, and nothing falls over."""
    assert not await passwords.verify(hashed, "midori-no-kaze")
    assert not await passwords.verify(hashed, "")


async def test_log_ins_do_not_wait_for_passwords_that_are_judged(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging needs no log-in: whoever fills its queue must not keep everybody out."""
    hashed, judge_on = await passwords.hash("midori-no-kaze"), threading.Event()

    def slow(*_: object) -> str:
        judge_on.wait(30)
        return ""

    monkeypatch.setattr(guessing, "weakness", slow)
    room = passwords._judging._most
    judged = [asyncio.create_task(passwords.weakness("x", [])) for _ in range(room + 3)]
    await asyncio.sleep(0)
    try:
        assert await asyncio.wait_for(passwords.verify(hashed, "midori-no-kaze"), 20)
    finally:
        judge_on.set()
    answers = await asyncio.gather(*judged, return_exceptions=True)
    assert [type(each) for each in answers if each != ""] == [Busy] * 3


async def test_threads_take_short_turns_while_a_password_is_judged_and_usual_ones_before_and_after(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first thing that the thread does is done in a short turn, and the last of two."""
    turns: list[float] = []
    monkeypatch.setattr(guessing, "weakness", lambda *_: turns.append(sys.getswitchinterval()))
    turns.append(sys.getswitchinterval())
    await asyncio.gather(passwords.weakness("x", []), passwords.weakness("y", []))
    turns.append(sys.getswitchinterval())
    assert turns == [pytest.approx(each) for each in (TURN, SHORT_TURN, SHORT_TURN, TURN)]


async def test_one_of_several_is_found(passwords: Passwords) -> None:
    """The last passwords are compared as they would be at log-in."""
    used = [await passwords.hash(each) for each in ("haru no umi", "natsu no yama")]
    assert await passwords.matches_any(used, "natsu　no　yama")
    assert not await passwords.matches_any(used, "aki no sora")
    assert not await passwords.matches_any([], "haru no umi")


async def test_a_full_queue_turns_away_and_recovers(passwords: Passwords) -> None:
    """One more than fits is Busy at once; when the work is done there is room again."""
    hashed = await passwords.hash("midori-no-kaze")
    asked = [
        passwords.verify(hashed, "midori-no-kaze") for _ in range(passwords._hashing._most + 3)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in answers if each is not True] == [Busy] * 3
    assert answers[-3:] != [True] * 3
    assert await passwords.verify(hashed, "midori-no-kaze")


async def test_a_cancelled_caller_gives_its_place_back(passwords: Passwords) -> None:
    """Browsers that go away do not fill the queue for ever."""
    hashed = await passwords.hash("midori-no-kaze")
    for _ in range(passwords._hashing._most + 3):
        caller = asyncio.create_task(passwords.verify(hashed, "midori-no-kaze"))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
    assert await passwords.verify(hashed, "midori-no-kaze")
