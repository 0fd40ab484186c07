"""How often a password may be tried, and from where, so that no stranger can lock an owner out.

The counters lie in the database: they survive restarts, log-in and パスワード変更 share them, and
unknown IDs have the same ones. A delay is always an answer (429), never a sleep.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from web import clock, networks
from web.database import Tx
from web.security.audit import EACH_WRITTEN
from web.security.tokens import digest, new_device_token, part_that_stays
from web.security.vault import Vault
from web.store import devices, failures, standings
from web.store.failures import Counted, Failures
from web.store.standings import Scope, Standing

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

ASKING = "asking"
ACTS = "acts"
REPEATED = "repeated"  # events of the audit trail
ID_AND_NETWORK, NETWORK, ID, DEVICE, WRONG = SCOPES = tuple(Scope)  # of a password
Ahead = Mapping[Scope, int]  # by scope: how many tries are still under way; each of them may fail
NONE_AHEAD: Ahead = MappingProxyType({})


class Cause(StrEnum):
    """What was too much."""

    PASSWORDS = "passwords"  # tries
    CODES = "codes"  # of a second factor
    REQUESTS = "requests"  # for a mail, by somebody who is not logged in
    ACTS = "acts"  # by an account


class TooMany(Exception):
    """Too many of something; `locked` when waiting does not help but パスワード初期化 does, or the office."""

    def __init__(
        self, seconds: int, cause: Cause = Cause.PASSWORDS, *, locked: bool = False
    ) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.cause = cause
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
            WRONG: self.user_id,
            DEVICE: f"{self.user_id}\n{part_that_stays(self.device_token)}",
        }
        return self.vault.count("throttle", parts[scope].encode())


def network_of(address: str) -> str:
    """Give what is counted as one network: an IPv4 address, an IPv6 /64."""
    return networks.counted(address)


async def standing(tx: Tx, attempt: Attempt, owner_id: str) -> Standing:
    """Read what is counted against an attempt, and whether its device has logged in before.

    `owner_id`: whose password it is; "" for an ID that nobody has.
    """
    subjects = {scope: attempt.subject(scope) for scope in SCOPES}
    since = tx.now - DEVICE_LIFE
    return await standings.find(tx, subjects, attempt.device, owner_id, since=since)


async def remember_device(tx: Tx, attempt: Attempt, owner_id: str, found: Standing) -> str:
    """Note that the device has logged in; give the value of its cookie.

    Under another ID the value is a new one, also for whoever logged in there before: somebody could have
    put one of his own into the browser, made here or not, to have a known device of his own later.
    """
    token = attempt.device_token
    if found.known_since is not None and found.known_since > tx.now - clock.DAY:
        return token
    if not found.known:
        token = new_device_token(token if found.issued else "")
        await devices.rename(tx, attempt.device, digest(token))
    await devices.add(tx, digest(token), owner_id)
    return token


def check(found: Standing, ahead: Ahead = NONE_AHEAD, *, now: int) -> None:
    """Let a try pass, or refuse it before any password is hashed. Raises TooMany.

    `ahead`: the tries that are still under way are taken as failed.
    """
    if _trusted(found, ahead):
        return
    of_network = _with(found, NETWORK, ahead, now)
    over = of_network.first_at + NETWORK_WINDOW
    if of_network.number >= NETWORK_TRIES and now < over:
        raise TooMany(over - now)
    of_id = _with(found, ID, ahead, now)
    if of_id.number >= ID_TRIES:
        raise TooMany(clock.HOUR, locked=True)
    of_both = _with(found, ID_AND_NETWORK, ahead, now)
    delay = 0
    if of_both.number >= FREE_TRIES:
        delay = min(2 ** min(of_both.number - FREE_TRIES, 10), LONGEST_DELAY)
    if now < of_both.last_at + delay:
        raise TooMany(of_both.last_at + delay - now)


def _with(found: Standing, scope: Scope, ahead: Ahead, now: int) -> Failures:
    counted, more = found.of(scope), ahead.get(scope, 0)
    return Failures(counted.number + more, counted.first_at or now, now) if more else counted


def _trusted(found: Standing, ahead: Ahead = NONE_AHEAD) -> bool:
    """Tell whether a device that has logged in under this ID before has tries left."""
    return found.known and found.of(DEVICE).number + ahead.get(DEVICE, 0) < DEVICE_TRIES


async def failed(tx: Tx, attempt: Attempt, found: Standing) -> None:
    """Count a wrong password, or an unknown ID."""
    since = {ID_AND_NETWORK: failures.ALWAYS, NETWORK: tx.now - NETWORK_WINDOW, ID: failures.ALWAYS}
    counted = {DEVICE: failures.ALWAYS} if _trusted(found) else since
    counted[WRONG] = tx.now - ACTS_WINDOW
    await failures.count_all(
        tx,
        [
            Counted(
                scope,
                attempt.subject(scope),
                window_start,
                tx.now - FORGOTTEN_AFTER if scope == ID_AND_NETWORK else failures.ALWAYS,
            )
            for scope, window_start in counted.items()
        ],
    )


def noted(found: Standing, *, now: int) -> bool:
    """Tell whether one more wrong password of an ID gets a row of the trail, or is only counted.

    The counters that lock an ID are cleared by each right password; this one is not.
    """
    lately = found.of(WRONG)
    return lately.number < EACH_WRITTEN or lately.first_at <= now - ACTS_WINDOW


async def succeeded(tx: Tx, attempt: Attempt, found: Standing) -> None:
    """Clear the counters that a success resets: those of this device, or of this network and ID."""
    scopes = (DEVICE,) if _trusted(found) else (DEVICE, ID_AND_NETWORK, ID)
    counted = [(scope, attempt.subject(scope)) for scope in scopes if found.of(scope).number]
    if counted:
        await failures.clear_all(tx, counted)


async def forget(tx: Tx, attempt: Attempt) -> None:
    """Clear what was counted against an ID here: its password is a new one."""
    scopes = (DEVICE, ID_AND_NETWORK, ID)
    await failures.clear_all(tx, [(scope, attempt.subject(scope)) for scope in scopes])


async def locked(tx: Tx, vault: Vault, user_id: str) -> bool:
    """Tell whether an ID is shut for devices without a cookie."""
    return (await failures.find(tx, ID, _id_alone(vault, user_id))).number >= ID_TRIES


async def unlock(tx: Tx, vault: Vault, user_id: str) -> bool:
    """Open an ID for devices without a cookie, after a reset or by the desk; tell if any try was counted."""
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
    subject = vault.count("throttle", f"{owner_id}\n{what}".encode())
    await _take(tx, ACTS, subject, most=most, window=ACTS_WINDOW)


async def repeated(tx: Tx, vault: Vault, what: str) -> int:
    """Count something within the hour; give how often it was."""
    subject = vault.count("throttle", what.encode())
    return (await failures.count(tx, REPEATED, subject, window_start=tx.now - ACTS_WINDOW)).number


async def _take(tx: Tx, scope: str, subject: bytes, *, most: int, window: int) -> None:
    taken = await failures.count(tx, scope, subject, window_start=tx.now - window)
    if taken.number > most:  # which rolls the count back
        cause = Cause.REQUESTS if scope == ASKING else Cause.ACTS
        raise TooMany(taken.first_at + window - tx.now, cause)


async def used_up(
    count: Callable[..., Awaitable[int]], at: int, *, hourly: int, daily: int
) -> bool:
    """Tell whether the limit of the last hour or day is reached; `count` counts since a moment."""
    for span, most in ((clock.HOUR, hourly), (clock.DAY, daily)):
        if await count(since=at - span) >= most:
            return True
    return False
