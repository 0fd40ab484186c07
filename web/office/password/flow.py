"""Changing the password of a 担当者 who is logged in, with the current one."""

from web.database import Tx
from web.office import staff
from web.security import throttle
from web.security.passwords import prepare
from web.security.throttle import Attempt
from web.security.vault import Vault
from web.services import Services, Work
from web.steps import current_password
from web.steps.current_password import Stored, WrongPassword
from web.store import staff as staff_rows
from web.store import staff_sessions
from web.store.staff import Staff
from web.store.staff_sessions import StaffSession

NAME = "office_password"
SAME = "現在のパスワードと同じです。別のパスワードにしてください。"
CHANGED = (
    "この画面を開いたあとに、パスワードが変更されています。いまのパスワードを入力してください。"
)
_PURPOSE = "office password"
_MARK = 32  # bytes


class NotAccepted(Exception):
    """The new password may not be set; the message says why."""


def mark(vault: Vault, person: Staff) -> str:
    """Name the password under which a form is shown: after a change the form is an old one."""
    return vault.sign(_PURPOSE, _under(person)).hex()


def _under(person: Staff) -> bytes:
    return f"{person.id}\n{person.password_hash}".encode()


def _fits(vault: Vault, person: Staff, given: str) -> bool:
    try:
        mac = bytes.fromhex(given)
    except ValueError:
        return False
    return len(mac) == _MARK and vault.signed(_PURPOSE, _under(person), mac)


async def change(
    services: Services,
    session: StaffSession,
    attempt: Attempt,
    form_mark: str,
    current: str,
    new: str,
) -> None:
    """Change the password; pressed again, find it changed.

    Raises TooMany, WrongPassword, NotAccepted.
    """
    person = session.staff
    if not _fits(services.vault, person, form_mark):
        await _find_done(services, attempt, person, new)
        return

    async def shown(_: Tx) -> str:  # that of the form; if another press is quicker, _set finds out
        return person.password_hash

    await _prove(services, attempt, person, current, shown)
    if prepare(new) == prepare(current):
        raise NotAccepted(SAME)
    why_not = await staff.weakness(services.passwords, person.name, new)
    if why_not:
        raise NotAccepted(why_not)
    new_hash = await services.passwords.hash(new)
    if not await services.write(_set, session, attempt, new_hash):
        await _find_done(services, attempt, person, new)


async def _find_done(services: Services, attempt: Attempt, person: Staff, new: str) -> None:
    """Find that another press has set this password; one guess like any other."""

    async def stored(reads: Tx) -> str | None:
        found = await staff_rows.find_by_name(reads, person.name)
        return found.password_hash if found else None

    try:
        await _prove(services, attempt, person, new, stored)
    except WrongPassword as wrong:
        raise WrongPassword(CHANGED) from wrong


async def _prove(
    services: Services, attempt: Attempt, person: Staff, typed: str, stored: Stored
) -> None:
    noted = {"who": person.name, "form": NAME}
    await current_password.compare(services, attempt, typed, stored, noted)


async def _set(tx: Work, session: StaffSession, attempt: Attempt, new_hash: str) -> bool:
    person = session.staff
    if not await staff_rows.replace_password(tx, person.id, person.password_hash, new_hash):
        return False  # somebody was quicker
    await throttle.succeeded(tx, attempt)
    ended = await staff_sessions.end_others(tx, person.id, kept=session.id)
    await tx.audit("office.password.changed", who=person.name, sessions=ended)
    return True
