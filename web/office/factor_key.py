"""登録キー: asked beside the password before the first second factor of a 担当者 who must have one.

A 担当者 has no mailbox here, and a password alone would register a factor for its thief. The operator
makes the key by command and hands it over; the first factor ends it, with all that was begun. Who was
made a 担当者 less than three days ago needs none: the operator is still there.
"""

import secrets

from web import clock
from web.fields.field import Field, Refused
from web.office.staff import NoSuchStaff
from web.security import second_throttle, tokens
from web.services import Work
from web.steps import second_factor, second_form
from web.steps.second_factor import Owner
from web.store import second_steps, staff
from web.store.staff import Staff

LIFE = 3 * clock.DAY
_PURPOSE = "first factor of a 担当者"
_LETTERS, _GROUP = 20, 5  # a hundred bits
WRONG = (
    "登録キーが違うか、期限が過ぎています。ご確認のうえ、もう一度入力してください。"
    "分からないときは、システムの運用担当に発行を依頼してください。"
)


def _key(typed: str) -> str:
    text = second_form.letters_of(typed)
    if text and (len(text) != _LETTERS or set(text) - set(second_form.ALPHABET)):
        raise Refused(f"登録キーは、英数字{_LETTERS}文字です。受け取ったとおりに入力してください。")
    return text


KEY = Field(
    "factor_key",
    "登録キー",
    _key,
    hint="システムの運用担当から受け取ったもの。例：K7QM2-XDP9R-TB4HW-0Z5NC",
    badge=False,
    once=True,
)


class HasFactor(Exception):
    """Whoever has a second factor proves it by that, and by no key."""


def spares(person: Staff) -> bool:
    """Tell whether a password is enough: of somebody who has just been made a 担当者."""
    return clock.now() < person.created_at + LIFE


async def make(tx: Work, name: str) -> str:
    """Make a key; the one before ends. Raises NoSuchStaff, HasFactor."""
    found = await staff.find_by_name(tx, name)
    if found is None:
        raise NoSuchStaff(name)
    if found.second:
        raise HasFactor(name)
    letters = "".join(secrets.choice(second_form.ALPHABET) for _ in range(_LETTERS))
    second_steps.end_of_owner(tx, found.id)
    expires_at, digest = tx.now + LIFE, tokens.digest(letters)
    second_steps.add(tx, tokens.new_id(), digest, found.id, _PURPOSE, b"", expires_at=expires_at)
    await tx.audit("office.user.key", name=name)
    return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))


async def fits(tx: Work, owner: Owner, typed: str) -> bool:
    """Compare what was typed; a wrong one is counted like a wrong code. Raises TooMany."""
    await second_throttle.check(tx, tx.vault, owner.id)
    step = await second_steps.find(tx, tokens.digest(typed), _PURPOSE)
    if step is None or step.owner_id != owner.id or not step.live(tx.now):
        await second_factor.count(tx, owner)
        return False
    await second_throttle.passed(tx, tx.vault, owner.id)
    return True
