"""Changing the password of a 担当者 who is logged in, with the current one."""

from dataclasses import replace
from typing import Any

from web.database import Tx
from web.office.staff import PASSWORDS, weakness
from web.security import throttle
from web.security.passwords import prepare
from web.security.throttle import Attempt
from web.services import Services, Work
from web.steps import second_step
from web.steps.check_password import Stored, check_password, check_repeat
from web.steps.second_factor import Owner, Proof
from web.steps.second_step import Over
from web.store import devices, staff_sessions
from web.store import staff as staff_rows
from web.store.first_passwords import FirstPassword
from web.store.staff import Staff
from web.store.staff_sessions import StaffSession

NAME = "office_password"
SAME = "現在のパスワードと同じです。別のパスワードにしてください。"


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


class _Done(Exception):
    """This form has changed the password before."""

    def __init__(self, set_at: int) -> None:
        super().__init__(set_at)
        self.set_at = set_at


async def change(
    services: Services, session: StaffSession, attempt: Attempt, current: str, new: str, once: str
) -> None:
    """Change the password; pressed again, find it changed.

    Raises TooMany, WrongPassword, NotAccepted, Spent, SecondNeeded.
    """

    async def find(tx: Tx, user_id: str) -> Staff | None:
        found = await PASSWORDS.find(tx, user_id)
        if found and found.password_once == once:
            raise _Done(found.password_changed_at)
        return found

    stored = replace(PASSWORDS, find=find)
    try:
        await services.read_one(find, attempt.user_id)
        checked = await check_password(services, stored, attempt, current, _note_failure)
        new_hash = await _hash(services, session.staff, current, new)
        if checked.second:
            owner = Owner(checked.id, checked.name, None)
            # sealed: nothing changes before
            kept = {"new_hash": new_hash, "once": once, "session": session.id}
            raise await second_step.needed(services, stored, attempt, checked, NAME, owner, **kept)
        await services.write(_set, session, stored, attempt, checked, new_hash, once)
    except _Done as done:
        await check_repeat(services, PASSWORDS, attempt, new, _note_failure, set_at=done.set_at)


async def _hash(services: Services, person: Staff, current: str, new: str) -> str:
    """Judge the new password and hash it. Raises NotAccepted."""
    if prepare(new) == prepare(current):
        raise NotAccepted(SAME)
    why_not = await weakness(services.passwords, person.name, new)
    if why_not:
        raise NotAccepted(why_not)
    return await services.passwords.hash(new)


async def _note_failure(tx: Work, found: Staff | None, _: bool) -> None:  # noqa: FBT001
    who = {"who": found.name} if found else {}
    await tx.audit("password.refused", form=NAME, **who)


async def finish(
    tx: Work, _: Proof, content: dict[str, Any], session: StaffSession, attempt: Attempt
) -> None:
    """Change the password, once the second factor is right too. Raises Over."""
    if session.id != content["session"]:
        raise Over
    found = await second_step.still_right(tx, PASSWORDS, attempt, content)
    await _set(tx, session, PASSWORDS, attempt, found, content["new_hash"], content["once"])


async def was_set_by(tx: Tx, session: StaffSession, once: str) -> bool:
    """Tell whether a form has set the password that is in force."""
    found = await staff_rows.find(tx, session.staff.id)
    return found is not None and found.password_once == once


async def _set(
    tx: Work,
    session: StaffSession,
    stored: Stored[Staff],
    attempt: Attempt,
    checked: Staff,
    new_hash: str,
    once: str,
) -> None:
    await stored.check_unchanged(tx, attempt, checked)
    await staff_rows.set_password(tx, checked.id, new_hash, FirstPassword.NO, once=once)
    standing = await throttle.standing(tx, attempt, checked.id)
    await throttle.succeeded(tx, attempt, standing)
    ended = await staff_sessions.end_others(tx, checked.id, kept=session.id)
    await devices.forget_others(tx, checked.id, kept=attempt.device)
    await tx.audit("office.password.changed", who=checked.name, sessions=ended)
