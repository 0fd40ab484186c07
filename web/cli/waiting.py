"""Bounds the connections that wait for their client, to send the rest of a request or to read an answer.

They are bounded per network and in total, in number and bytes. An attacker can open thousands of them for
nothing. When there are too many, the oldest of the network that has most of them is ended.
"""

from collections import defaultdict
from typing import Protocol

MOST = 500  # below the 1,024 files that a process may open by default
MOST_OF_A_NETWORK = 100
MOST_BYTES = 16 * 1024 * 1024
# Before the head has arrived, a proxy's connection may be anybody's: it counts in total only and is ended last.
OF_OUR_PROXY = ""


class Connection(Protocol):
    """A connection that can be ended."""

    def give_up(self) -> None:
        """End the connection."""


class Waiting:
    """The waiting connections by network, the oldest first."""

    def __init__(self) -> None:
        self._network: dict[Connection, str] = {}
        self._sizes: defaultdict[str, dict[Connection, int]] = defaultdict(dict)
        self._bytes = 0

    def hold(self, who: Connection, network: str, size: int) -> None:
        """Note a waiting connection and its bytes; end others when there are too many."""
        if self._network.get(who) != network:
            self.let_go(who)
            self._network[who] = network
        sizes = self._sizes[network]
        self._bytes += size - sizes.get(who, 0)
        sizes[who] = size
        if network != OF_OUR_PROXY and len(sizes) > MOST_OF_A_NETWORK:
            self._end_oldest(network)
        while len(self._network) > MOST or self._bytes > MOST_BYTES:
            self._end_oldest(max(self._sizes, key=self._crowding))

    def let_go(self, who: Connection) -> None:
        """Forget a connection that no longer waits for its client."""
        network = self._network.pop(who, None)
        if network is None:
            return
        sizes = self._sizes[network]
        self._bytes -= sizes.pop(who)
        if not sizes:
            del self._sizes[network]

    def _crowding(self, network: str) -> tuple[bool, int]:
        return network != OF_OUR_PROXY, len(self._sizes[network])

    def _end_oldest(self, network: str) -> None:
        oldest = next(iter(self._sizes[network]))
        self.let_go(oldest)
        oldest.give_up()
