"""Table failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from web.database import Tx

FIND = "SELECT number, first_at, last_at FROM failures WHERE scope = :scope AND subject = :subject"
COUNT = """
    INSERT INTO failures AS kept (scope, subject, number, first_at, last_at)
    VALUES (:scope, :subject, 1, :now, :now)
    ON CONFLICT (scope, subject) DO UPDATE
       SET number = CASE WHEN kept.first_at > :window_start AND kept.last_at > :forgotten_since
                         THEN kept.number + 1 ELSE 1 END,
           first_at = CASE WHEN kept.first_at > :window_start AND kept.last_at > :forgotten_since
                           THEN kept.first_at ELSE :now END,
           last_at = :now
    RETURNING number, first_at, last_at
"""
# Nothing where the device has logged in as that owner before.
COUNT_OF_STRANGER = """
    INSERT INTO failures AS kept (scope, subject, number, first_at, last_at)
    SELECT :scope, :subject, 1, :now, :now
     WHERE NOT EXISTS (SELECT 1 FROM devices WHERE owner_id = :owner_id AND device_hash = :device)
    ON CONFLICT (scope, subject) DO UPDATE
       SET number = CASE WHEN kept.first_at > :window_start AND kept.last_at > :forgotten_since
                         THEN kept.number + 1 ELSE 1 END,
           first_at = CASE WHEN kept.first_at > :window_start AND kept.last_at > :forgotten_since
                           THEN kept.first_at ELSE :now END,
           last_at = :now
    RETURNING number
"""
CLEAR = "DELETE FROM failures WHERE scope = :scope AND subject = :subject"
TIDY = """
    DELETE FROM failures
     WHERE (scope <> :longest_scope AND scope <> :other_scope AND last_at < :before)
        OR last_at < :long_before
"""

ALWAYS = -1  # the start of a window without a limit: before all times


@dataclass(frozen=True, slots=True)
class Failures:
    """How often something failed, and when."""

    number: int
    first_at: int
    last_at: int


NONE = Failures(0, 0, 0)


class Counted(NamedTuple):
    """A counter that is to be counted up, and when it starts anew."""

    scope: str
    subject: bytes
    window_start: int
    forgotten_since: int


async def find(tx: Tx, scope: str, subject: bytes) -> Failures:
    """Read a counter."""
    row = await tx.one(FIND, scope=scope, subject=subject)
    return Failures(**row) if row else NONE


async def count(
    tx: Tx, scope: str, subject: bytes, *, window_start: int = ALWAYS, forgotten_since: int = ALWAYS
) -> Failures:
    """Count a failure; the counter starts anew outside its window or after being forgotten."""
    row = await tx.one(
        COUNT,
        scope=scope,
        subject=subject,
        window_start=window_start,
        forgotten_since=forgotten_since,
    )
    return Failures(**row) if row else NONE


class OfStranger(NamedTuple):
    """What is counted, unless a device does it that the owner has logged in with before."""

    scope: str
    subject: bytes
    owner_id: str
    device: bytes
    window_start: int = ALWAYS
    forgotten_since: int = ALWAYS


def count_of_stranger(tx: Tx, what: OfStranger) -> None:
    """Count it."""
    tx.defer(COUNT_OF_STRANGER, **what._asdict())


async def counted_of_stranger(tx: Tx, what: OfStranger) -> int:
    """Count it, and give how often it was; 0 of a known device."""
    row = await tx.one(COUNT_OF_STRANGER, **what._asdict())
    return int(row["number"]) if row else 0


async def count_all(tx: Tx, counted: Sequence[Counted]) -> None:
    """Count a failure in several counters."""
    for each in counted:
        tx.defer(COUNT, **each._asdict())


async def clear_all(tx: Tx, counted: Sequence[tuple[str, bytes]]) -> None:
    """Forget several counters."""
    for scope, subject in counted:
        tx.defer(CLEAR, scope=scope, subject=subject)


async def clear(tx: Tx, scope: str, subject: bytes) -> int:
    """Forget a counter; tell whether there was one."""
    return await tx.run(CLEAR, scope=scope, subject=subject)


async def tidy(
    tx: Tx, *, longest_scope: str, other_scope: str, before: int, long_before: int
) -> int:
    """Remove old counters; those of two scopes are kept much longer than the others."""
    values = {"before": before, "long_before": long_before}
    return await tx.run(TIDY, longest_scope=longest_scope, other_scope=other_scope, **values)
