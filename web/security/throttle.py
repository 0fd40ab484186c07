"""How often a password may be tried, and from where, so that no stranger can lock an owner out.

The counters lie in the database: they survive restarts, log-in and パスワード変更 share them, and
unknown IDs have the same ones. A delay is always an answer (429), never a sleep.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from web import clock, networks
from web.database import Tx
from web.security.tokens import digest, new_session_token
from web.security.vault import Vault
from web.store import devices, failures
from web.store.failures import Failures

# (ID, network): from the 5th failure 1, 2, 4 … seconds
FREE_TRIES = 5
LONGEST_DELAY = 300
FORGOTTEN_AFTER = 15 * clock.MINUTE
# network
NETWORK_TRIES = 300
NETWORK_WINDOW = 10 * clock.MINUTE
# ID, for devices without a cookie: then only a reset opens it (NIST 800-63B: at most 100)
ID_TRIES = 100
ID_FORGOTTEN_AFTER = 365 * clock.DAY
# a known device has tries of its own; having used them up, it is treated like any other
DEVICE_TRIES = 20
DEVICE_LIFE = 400 * clock.DAY
# requests of a network: for a reset, for a 利用者ID発行
ASKING_WINDOW = clock.HOUR
# what an account does that writes rows or mails
ACTS_WINDOW = clock.HOUR

ID_AND_NETWORK, NETWORK, ID, DEVICE, ASKING = "id+network", "network", "id", "device+id", "asking"
ACTS = "acts"
SCOPES = (ID_AND_NETWORK, NETWORK, ID, DEVICE)  # of a password
Ahead = Mapping[str, int]  # by scope: how many tries are still under way; each of them may fail
NONE_AHEAD: Ahead = MappingProxyType({})


class TooMany(Exception):
    """Too many tries; `locked` when waiting does not help but パスワード初期化 does."""

    def __init__(self, seconds: int, *, locked: bool = False) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.locked = locked


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who tries a password: for which ID, from where, with which device cookie."""

    vault: Vault
    user_id: str
    address: str
    device_token: str

    @property
    def device(self) -> bytes:
        """Give the digest of the device cookie."""
        return digest(self.device_token)

    def subject(self, scope: str) -> bytes:
        """Name the counter of a scope; keyed, because people type passwords into the ID field."""
        network = network_of(self.address)
        parts = {
            ID_AND_NETWORK: f"{self.user_id}\n{network}",
            NETWORK: network,
            ASKING: network,
            ID: self.user_id,
            DEVICE: f"{self.user_id}\n{self.device_token}",
        }
        return self.vault.count("throttle", parts[scope].encode())


def network_of(address: str) -> str:
    """Give what is counted as one network: an IPv4 address, an IPv6 /64."""
    return networks.counted(address)


async def knows(tx: Tx, attempt: Attempt, owner_id: str) -> bool:
    """Tell whether the device has logged in under this ID before; the functions below are told."""
    return await devices.known(tx, attempt.device, owner_id, since=tx.now - DEVICE_LIFE)


async def remember_device(tx: Tx, attempt: Attempt, owner_id: str) -> str:
    """Note that the device has logged in; give the value of its cookie.

    A value that was not made here is replaced: somebody could have put one of his own into the browser,
    to have a known device of his own later.
    """
    token = attempt.device_token
    if not await devices.issued(tx, attempt.device, since=tx.now - DEVICE_LIFE):
        token = new_session_token()
    await devices.add(tx, digest(token), owner_id)
    return token


async def check(tx: Tx, attempt: Attempt, ahead: Ahead = NONE_AHEAD, *, known: bool) -> None:
    """Let a try pass, or refuse it before any password is hashed. Raises TooMany."""
    if await _trusted(tx, attempt, ahead, known=known):
        return
    of_network = await _found(tx, NETWORK, attempt, ahead)
    over = of_network.first_at + NETWORK_WINDOW
    if of_network.number >= NETWORK_TRIES and tx.now < over:
        raise TooMany(over - tx.now)
    of_id = await _found(tx, ID, attempt, ahead)
    if of_id.number >= ID_TRIES:
        raise TooMany(clock.HOUR, locked=True)
    of_both = await _found(tx, ID_AND_NETWORK, attempt, ahead)
    delay = 0
    if of_both.number >= FREE_TRIES:
        delay = min(2 ** min(of_both.number - FREE_TRIES, 10), LONGEST_DELAY)
    if tx.now < of_both.last_at + delay:
        raise TooMany(of_both.last_at + delay - tx.now)


async def _found(tx: Tx, scope: str, attempt: Attempt, ahead: Ahead) -> Failures:
    """Read a counter as if the tries that are still under way had failed."""
    found = await failures.find(tx, scope, attempt.subject(scope))
    more = ahead.get(scope, 0)
    return Failures(found.number + more, found.first_at or tx.now, tx.now) if more else found


async def _trusted(tx: Tx, attempt: Attempt, ahead: Ahead = NONE_AHEAD, *, known: bool) -> bool:
    """Tell whether a device that has logged in under this ID before has tries left."""
    return known and (await _found(tx, DEVICE, attempt, ahead)).number < DEVICE_TRIES


async def failed(tx: Tx, attempt: Attempt, *, known: bool) -> None:
    """Count a wrong password, or an unknown ID."""
    if await _trusted(tx, attempt, known=known):
        await failures.count(tx, DEVICE, attempt.subject(DEVICE))
        return
    await failures.count(
        tx,
        ID_AND_NETWORK,
        attempt.subject(ID_AND_NETWORK),
        forgotten_since=tx.now - FORGOTTEN_AFTER,
    )
    await failures.count(
        tx, NETWORK, attempt.subject(NETWORK), window_start=tx.now - NETWORK_WINDOW
    )
    await failures.count(tx, ID, attempt.subject(ID))


async def succeeded(tx: Tx, attempt: Attempt, *, known: bool) -> None:
    """Clear the counters that a success resets: those of this device, or of this network and ID."""
    trusted = await _trusted(tx, attempt, known=known)
    await failures.clear(tx, DEVICE, attempt.subject(DEVICE))
    if trusted:
        return
    await failures.clear(tx, ID_AND_NETWORK, attempt.subject(ID_AND_NETWORK))
    await failures.clear(tx, ID, attempt.subject(ID))


async def locked(tx: Tx, vault: Vault, user_id: str) -> bool:
    """Tell whether an ID is shut for devices without a cookie."""
    return (await failures.find(tx, ID, _id_alone(vault, user_id))).number >= ID_TRIES


async def unlock(tx: Tx, vault: Vault, user_id: str) -> bool:
    """Open an ID again for devices without a cookie: after a reset, or by the support desk.

    Tells whether there was anything to forget.
    """
    return await failures.clear(tx, ID, _id_alone(vault, user_id)) > 0


def _id_alone(vault: Vault, user_id: str) -> bytes:
    return Attempt(vault, user_id, "", "").subject(ID)


async def ask(tx: Tx, vault: Vault, address: str, *, most: int) -> None:
    """Count a request that leads to a mail, by its network. Raises TooMany; nobody learns which IDs exist."""
    subject = Attempt(vault, "", address, "").subject(ASKING)
    await _take(tx, ASKING, subject, most=most, window=ASKING_WINDOW)


async def act(tx: Tx, vault: Vault, owner_id: str, what: str, *, most: int) -> None:
    """Count something that an account does and that writes rows or mails. Raises TooMany.

    Without it one log-in fills the disk, or somebody's mailbox, as fast as it can press.
    """
    subject = vault.sign("throttle", f"{owner_id}\n{what}".encode())
    await _take(tx, ACTS, subject, most=most, window=ACTS_WINDOW)


async def _take(tx: Tx, scope: str, subject: bytes, *, most: int, window: int) -> None:
    taken = await failures.find(tx, scope, subject)
    over = taken.first_at + window
    if taken.number >= most and tx.now < over:
        raise TooMany(over - tx.now)
    await failures.count(tx, scope, subject, window_start=tx.now - window)


async def used_up(
    count: Callable[..., Awaitable[int]], at: int, *, hourly: int, daily: int
) -> bool:
    """Tell whether the limit of the last hour or day is reached; `count` counts since a moment."""
    for span, most in ((clock.HOUR, hourly), (clock.DAY, daily)):
        if await count(since=at - span) >= most:
            return True
    return False
