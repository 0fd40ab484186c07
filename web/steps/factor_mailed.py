"""A mailed code beside the password, before the first second factor of whoever must have one.

Else a password alone would register a factor for its thief, and shut the owner out.
"""

import hmac

from web.mail import messages
from web.security import second_throttle, throttle, tokens
from web.security.vault import Vault
from web.services import Work
from web.steps import factors, second_factor, second_form, second_step
from web.steps.second_factor import Owner, Refusal
from web.steps.second_step import Over
from web.store import accounts, second_steps
from web.store.second_steps import SecondStep

MAILED_PER_HOUR = 5
_NAME = "factor_code"


def _purpose(what: str, session_id: str) -> str:
    return f"mailed, {what} of {session_id}"


def _code(vault: Vault, token: str) -> str:
    """Make the code of a step: no row holds it, and it dies with the step."""
    number = int.from_bytes(vault.sign("mailed code", token.encode())[:8])
    return f"{number % 10**second_form.MAILED_DIGITS:0{second_form.MAILED_DIGITS}d}"


async def begin(tx: Work, owner: Owner, what: str, session_id: str) -> str:
    """Mail a code after the password was right; give the value that its page carries. Raises TooMany, Shut."""
    account = await accounts.find_open(tx, owner.id)
    await throttle.act(tx, tx.vault, owner.id, _NAME, most=MAILED_PER_HOUR)
    token = second_step.begin(tx, _purpose(what, session_id), owner)
    message = messages.factor_code(
        tx.settings, account.admin_email, owner.user_id, _code(tx.vault, token), at=tx.now
    )
    once_key = f"factor_code:{tokens.new_id()}"
    expires_at = tx.now + second_step.LIFE
    await tx.mail(message, once_key, account_id=owner.id, expires_at=expires_at)
    await tx.audit("factors.asked", owner.id)
    return token


async def begun(tx: Work, token: str, what: str, session_id: str) -> SecondStep:
    """Find the step whose code was mailed. Raises Over."""
    step = await second_steps.find(tx, tokens.digest(token), _purpose(what, session_id))
    if step is None or not step.live(tx.now):
        raise Over
    return step


async def prove(
    tx: Work, owner: Owner, token: str, typed: str, what: str, session_id: str
) -> str | Refusal:
    """Use the step up by the code that was mailed, and let the session go on. Raises Over, TooMany."""
    step = await begun(tx, token, what, session_id)
    await second_throttle.check(tx, tx.vault, owner.id)
    if not hmac.compare_digest(_code(tx.vault, token).encode(), typed.encode()):
        await second_factor.count(tx, owner)
        return Refusal(second_form.WRONG_MAILED)
    if not await second_steps.use(tx, step.id):
        raise Over
    await second_throttle.passed(tx, tx.vault, owner.id)
    return await factors.begin(tx, owner, what, session_id)
