"""How often a code of a second factor may be tried: by whose it is, whatever passwords were right meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import FrozenClock
from tests.unit import parts
from web import background
from web.clock import DAY, HOUR
from web.security import second_throttle
from web.security.throttle import Cause, TooMany
from web.services import Services
from web.store import second_steps

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ALICE, BOB = "a" * 32, "b" * 32
# after so many wrong ones in a row, so many seconds
DELAYS = {4: 0, 5: 1, 6: 2, 7: 4, 12: 128, 13: 256, 14: 300, 15: 300, 99: 300}


@pytest.fixture
async def services(tmp_path: Path, frozen: FrozenClock) -> AsyncIterator[Services]:
    """Give the services on a fresh database."""
    assert frozen.at
    async with parts.services(tmp_path) as services:
        yield services


async def fail(services: Services, times: int, owner: str = ALICE) -> int:
    """Type so many wrong codes; give how many there were in a row."""
    numbers = [
        await services.write(second_throttle.failed, services.vault, owner) for _ in range(times)
    ]
    return numbers[-1]


async def delay(services: Services, owner: str = ALICE) -> int:
    """Give how long the next try has to wait."""
    try:
        await services.write(second_throttle.check, services.vault, owner)
    except TooMany as wait:
        good = not wait.locked and wait.cause is Cause.CODES and wait.seconds > 0
        return wait.seconds if good else -1
    return 0


@pytest.mark.parametrize(("wrong", "seconds"), DELAYS.items())
async def test_the_delay_doubles_from_the_fifth_on_up_to_five_minutes(
    services: Services, frozen: FrozenClock, wrong: int, seconds: int
) -> None:
    """To the second: one before it is too early."""
    assert await fail(services, wrong) == wrong
    assert await delay(services) == seconds
    assert await delay(services, BOB) == 0
    frozen.advance(max(seconds - 1, 0))
    assert await delay(services) == min(seconds, 1)
    frozen.advance(1)
    assert await delay(services) == 0


async def test_after_a_hundred_waiting_does_not_help(
    services: Services, frozen: FrozenClock
) -> None:
    """The office opens it, a right code or a passkey does; not the time."""
    await fail(services, 99)
    assert not await services.read_one(second_throttle.locked, services.vault, ALICE)
    await fail(services, 1)
    assert await services.read_one(second_throttle.locked, services.vault, ALICE)
    assert not await services.read_one(second_throttle.locked, services.vault, BOB)
    frozen.advance(300 * DAY)
    with pytest.raises(TooMany) as refused:
        await services.write(second_throttle.check, services.vault, ALICE)
    assert (refused.value.locked, refused.value.cause) == (True, Cause.CODES)
    assert refused.value.seconds == HOUR
    assert await services.write(second_throttle.unlock, services.vault, ALICE)
    assert not await services.write(second_throttle.unlock, services.vault, ALICE)
    assert await delay(services) == 0


async def test_a_right_code_forgets_the_wrong_ones_of_its_owner_alone(services: Services) -> None:
    """They begin at one again."""
    await fail(services, 7)
    await fail(services, 7, BOB)
    await services.write(second_throttle.passed, services.vault, ALICE)
    assert await delay(services) == 0
    assert await delay(services, BOB) == 4
    assert await fail(services, 1) == 1


async def test_wrong_codes_are_counted_for_a_year(services: Services, frozen: FrozenClock) -> None:
    """Else whoever tries four a day would have tries without end."""
    await fail(services, 4)
    frozen.advance(365 * DAY)
    await background.upkeep(services)
    assert await fail(services, 1) == 5
    frozen.advance(365 * DAY + 1)
    await background.upkeep(services)
    assert await fail(services, 1) == 1


def test_the_figures_are_those_of_the_documents() -> None:
    """docs/security.md: a hundred wrong codes in a row, the fifth is told; half of forty steps for strangers."""
    assert (second_throttle.TRIES, second_throttle.TOLD) == (100, 5)
    assert (second_throttle.MOST_PENDING, second_steps.PER_OWNER) == (20, 40)
