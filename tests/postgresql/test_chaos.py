"""make chaos ENGINE=postgresql, in small: what two nodes and a pair of servers have acknowledged stays."""

import pytest

from tests.chaos import cluster

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_two_nodes_and_a_pair_of_servers_lose_and_double_nothing() -> None:
    """The same on PostgreSQL, the primary killed once; the whole run is `make chaos ENGINE=postgresql`."""
    told = await cluster.run(15, failovers=1, seed=7)
    assert "1 × primary killed, standby promoted" in told
