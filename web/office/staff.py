"""担当者 as the operator makes and shuts them, by command alone; how their passwords are judged."""

import re

from web.database import Tx
from web.fields.field import Refused
from web.security import second_throttle, throttle, tokens
from web.security.passwords import Passwords, prepare
from web.services import Services, Work
from web.steps import second_factor
from web.steps.check_password import Stored
from web.store import devices, second_steps, staff, staff_sessions
from web.store.first_passwords import FirstPassword
from web.store.staff import Role, Staff

LEAST = 15  # NIST SP 800-63B-4 3.1.1.2: where a password is the only factor
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,29}")


_PREFIX = "office:"  # of the counters of 担当者, apart from those of every 納付利用者ID


async def _find_throttled(tx: Tx, user_id: str) -> Staff | None:
    return await staff.find_by_name(tx, user_id.removeprefix(_PREFIX))


PASSWORDS: Stored[Staff] = Stored(Services.STAFF, _find_throttled, staff.rehash)


def throttled_as(name: str) -> str:
    """Name the counters of a 担当者."""
    return f"{_PREFIX}{name}"


class NoSuchStaff(Exception):
    """Nobody has this name."""


def check_name(name: str) -> None:
    """Refuse a name that log-in would not find again. Raises Refused."""
    if _NAME.fullmatch(name) is None:
        raise Refused("NAME: 2 to 30 of a-z, 0-9, '.', '_' and '-', beginning with a letter")


async def hashed(passwords: Passwords, name: str, typed: str, *, most: int) -> str:
    """Judge a password and hash it. Raises Refused."""
    length = len(prepare(typed)) if typed else 0
    if not LEAST <= length <= most:
        raise Refused(f"password: {LEAST} to {most} characters are needed, not {length}")
    easy = await weakness(passwords, name, typed)
    if easy:
        raise Refused(f"password: {easy}")
    return await passwords.hash(typed)


async def weakness(passwords: Passwords, name: str, typed: str) -> str:
    """Say why a password of a 担当者 may not be set, beyond its length; '' when it may."""
    return await passwords.weakness(typed, [name])


async def add(
    tx: Work, name: str, role: Role, password_hash: str, first: FirstPassword = FirstPassword.NO
) -> None:
    """Add a 担当者. Raises Violated when the name is taken."""
    await staff.add(tx, tokens.new_id(), name, role, password_hash, first)
    await tx.audit("office.user.added", name=name, role=role.value)


async def set_password(
    tx: Work, name: str, password_hash: str, first: FirstPassword = FirstPassword.GIVEN
) -> None:
    """Set a password; old log-ins end, and a lock opens. Raises NoSuchStaff."""
    found = await _find(tx, name)
    await staff.set_password(tx, found.id, password_hash, first)
    await staff_sessions.end_all(tx, found.id)
    await devices.forget_others(tx, found.id)
    await throttle.unlock(tx, tx.vault, throttled_as(name))
    await tx.audit("office.user.password", name=name)


async def disable(tx: Work, name: str) -> None:
    """Shut a 担当者 out at once. Raises NoSuchStaff."""
    found = await _find(tx, name)
    await staff.set_disabled(tx, found.id, tx.now)
    await staff_sessions.end_all(tx, found.id)
    await devices.forget_others(tx, found.id)
    await tx.audit("office.user.disabled", name=name)


async def enable(tx: Work, name: str) -> None:
    """Let a 担当者 in again. Raises NoSuchStaff."""
    found = await _find(tx, name)
    await staff.set_disabled(tx, found.id, None)
    await tx.audit("office.user.enabled", name=name)


async def clear_factors(tx: Work, name: str, reason: str) -> bool:
    """Take every factor of a 担当者 away who has lost the telephone; log-ins end. Raises NoSuchStaff.

    Tells whether there were any.
    """
    found = await _find(tx, name)
    cleared = await second_factor.clear(tx, found.id)
    await staff_sessions.end_all(tx, found.id)
    second_steps.end_of_owner(tx, found.id)
    await devices.forget_others(tx, found.id)
    await tx.audit("office.user.factors", name=name, reason=reason, number=cleared)
    return cleared > 0


async def unlock(tx: Work, name: str, *, who: str = "") -> bool:
    """Forget the failures that locked a 担当者; tell whether there were any. Raises NoSuchStaff.

    `who`: the admin who does it on screen.
    """
    found = await _find(tx, name)
    passwords = await throttle.unlock(tx, tx.vault, throttled_as(found.name))
    codes = await second_throttle.unlock(tx, tx.vault, found.id)
    if not (passwords or codes):
        return False
    by = {"who": who} if who else {}
    await tx.audit("office.user.unlocked", name=name, **by)
    return True


async def _find(tx: Tx, name: str) -> Staff:
    found = await staff.find_by_name(tx, name)
    if found is None:
        raise NoSuchStaff(name)
    return found
