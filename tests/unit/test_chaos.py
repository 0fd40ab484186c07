"""make chaos, in small: a server killed three times under load keeps every promise."""

import pytest

from tests.chaos.run import run

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_three_kills_lose_and_double_nothing() -> None:
    """The run compares as it goes and raises; the whole run is `make chaos`."""
    assert "3 kills" in await run(3, seed=7)
