"""Tables failures and devices: how whoever tries a password stands, in one read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from web.database import Tx
from web.store.failures import NONE, Failures

FIND = """
    SELECT scope, number, first_at, last_at FROM failures
     WHERE (scope = 'id+network' AND subject = :of_both)
        OR (scope = 'network' AND subject = :of_network)
        OR (scope = 'id' AND subject = :of_id)
        OR (scope = 'device+id' AND subject = :of_device)
        OR (scope = 'wrong' AND subject = :of_wrong)
    UNION ALL
    SELECT CASE WHEN owner_id = :owner_id THEN 'known' ELSE 'issued' END, 0, created_at, 0
      FROM devices WHERE device_hash = :device_hash AND created_at > :since
"""


class Scope(StrEnum):
    """By what wrong passwords are counted."""

    ID_AND_NETWORK = "id+network"
    NETWORK = "network"
    ID = "id"
    DEVICE = "device+id"
    WRONG = "wrong"  # of an ID within an hour, whatever succeeds meanwhile


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted against somebody, by scope, and whether the device has logged in before."""

    counters: Mapping[str, Failures]

    def of(self, scope: str) -> Failures:
        """Give the counter of a scope."""
        return self.counters.get(scope, NONE)

    @property
    def known(self) -> bool:
        """Tell whether the device has logged in under this ID."""
        return self.known_since is not None

    @property
    def known_since(self) -> int | None:
        """Give when the device logged in last under this ID, if it did."""
        return self.counters["known"].first_at if "known" in self.counters else None

    @property
    def issued(self) -> bool:
        """Tell whether the device's id was made here: somebody has logged in with it."""
        return self.known or "issued" in self.counters


async def find(
    tx: Tx, subjects: Mapping[Scope, bytes], device_hash: bytes, owner_id: str, *, since: int
) -> Standing:
    """Read the counters of an attempt and its device; `since`: how long a device is known."""
    rows = await tx.all(
        FIND,
        of_both=subjects[Scope.ID_AND_NETWORK],
        of_network=subjects[Scope.NETWORK],
        of_id=subjects[Scope.ID],
        of_device=subjects[Scope.DEVICE],
        of_wrong=subjects[Scope.WRONG],
        device_hash=device_hash,
        owner_id=owner_id,
        since=since,
    )
    return Standing(
        {row["scope"]: Failures(row["number"], row["first_at"], row["last_at"]) for row in rows}
    )
