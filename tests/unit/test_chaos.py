"""make chaos, in small: a server killed three times under load keeps every promise."""

import pytest

from tests.chaos import cluster
from tests.chaos.run import run

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_three_kills_lose_and_double_nothing() -> None:
    """The run compares as it goes and raises; the whole run is `make chaos`."""
    assert "3 kills" in await run(3, seed=7)


async def test_two_nodes_and_a_pair_of_servers_lose_and_double_nothing() -> None:
    """The same on PostgreSQL, the primary killed once; the whole run is `make chaos ENGINE=postgresql`."""
    told = await cluster.run(15, failovers=1, seed=7)
    assert "1 × primary killed, standby promoted" in told
