"""How often a code of a second factor may be tried.

The failures are counted by whose factor it is, and no right password forgets them: else each would
allow new guesses.
"""

from web import clock
from web.database import Tx
from web.security.throttle import (
    FORGOTTEN_AFTER,
    FREE_TRIES,
    ID_AND_NETWORK,
    LONGEST_DELAY,
    Attempt,
    Cause,
    TooMany,
)
from web.security.vault import Vault
from web.store import failures
from web.store.failures import OfStranger

SECOND = "second"  # the counter, by whose factor it is
PENDING = "pending"  # the counter of log-ins that strangers have begun, by whose account it is
MOST_PENDING = 20  # half of the steps that are kept of an owner
TRIES = 100  # in a row: then the office alone opens it
TOLD = 5  # of them in a row: somebody else may know the password


async def pending(tx: Tx, attempt: Attempt, owner_id: str) -> None:
    """Count a right password until the second factor has come too, but not of a known device. Raises TooMany.

    By its network, and of all networks together. Otherwise whoever knows the password alone begins so
    many log-ins that the owner's own is pushed out.
    """
    since = tx.now - FORGOTTEN_AFTER
    begun = OfStranger(
        PENDING, _pending(attempt.vault, owner_id), owner_id, attempt.device, window_start=since
    )
    if await failures.counted_of_stranger(tx, begun) > MOST_PENDING:
        raise TooMany(FORGOTTEN_AFTER)
    near = attempt.subject(ID_AND_NETWORK)
    failures.count_of_stranger(
        tx, OfStranger(ID_AND_NETWORK, near, owner_id, attempt.device, forgotten_since=since)
    )


async def check(tx: Tx, vault: Vault, owner_id: str) -> None:
    """Let a try of a second factor pass. Raises TooMany; no right password forgets: each would allow new guesses."""
    found = await failures.find(tx, SECOND, _second(vault, owner_id))
    if found.number >= TRIES:
        raise TooMany(clock.HOUR, Cause.CODES, locked=True)
    if found.number >= FREE_TRIES:
        until = found.last_at + min(2 ** min(found.number - FREE_TRIES, 10), LONGEST_DELAY)
        if tx.now < until:
            raise TooMany(until - tx.now, Cause.CODES)


async def failed(tx: Tx, vault: Vault, owner_id: str) -> int:
    """Count a wrong code; give how many there were in a row."""
    return (await failures.count(tx, SECOND, _second(vault, owner_id))).number


async def passed(tx: Tx, vault: Vault, owner_id: str) -> None:
    """Forget the wrong codes after a right one, and the log-ins that were begun."""
    counters = [(SECOND, _second(vault, owner_id)), (PENDING, _pending(vault, owner_id))]
    await failures.clear_all(tx, counters)


async def unlock(tx: Tx, vault: Vault, owner_id: str) -> bool:
    """Forget the wrong codes and the log-ins that were begun, by the office; tell whether there were any."""
    begun = await failures.clear(tx, PENDING, _pending(vault, owner_id))
    return begun + await failures.clear(tx, SECOND, _second(vault, owner_id)) > 0


async def locked(tx: Tx, vault: Vault, owner_id: str) -> bool:
    """Tell whether wrong codes have shut a second factor."""
    return (await failures.find(tx, SECOND, _second(vault, owner_id))).number >= TRIES


def _pending(vault: Vault, owner_id: str) -> bytes:
    return vault.count("throttle", f"pending\n{owner_id}".encode())


def _second(vault: Vault, owner_id: str) -> bytes:
    return vault.count("throttle", f"second\n{owner_id}".encode())
