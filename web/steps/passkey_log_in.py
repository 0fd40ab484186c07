"""What log-ins by a passkey alone have in common: it says who it is, and asks for finger, face or PIN itself."""

from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from web.security import audit, pace, second_throttle, throttle, unknown
from web.services import Services, Work
from web.steps import passkeys
from web.steps.passkeys import Tried, Why
from web.steps.second_factor import PASSKEY, Owner, Proof

P = ParamSpec("P")
T = TypeVar("T")


async def log_in(
    services: Services,
    typed: str,
    purpose: str,
    enter: Callable[Concatenate[Work, Tried, P], Awaitable[T | Why]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T | Why:
    """Judge an answer and let `enter` start a session with it; a refused one leaves on a beat."""
    began = pace.begin()
    tried = await passkeys.judge(services, typed, purpose, alone=True)
    outcome = await services.write(enter, tried, *args, **kwargs)
    if isinstance(outcome, Why):
        pace.hold(began)
    return outcome


async def use(tx: Work, tried: Tried, owner: Owner | None) -> Proof | Why:
    """Use an answer up; `owner`: whom it names, if there is such a person on this side.

    An answer that names nobody costs the same statements as one that names somebody and is wrong.
    """
    used = await passkeys.use(tx, tried) if owner else tried.why
    if isinstance(used, Why):
        if used is Why.REFUSED:
            await _note(tx, owner)
        return used
    await second_throttle.passed(tx, tx.vault, used.owner_id)
    return Proof(PASSKEY, used.name)


async def _note(tx: Work, owner: Owner | None) -> None:
    about = owner.id if owner else ""
    lately = await throttle.repeated(tx, tx.vault, f"passkey.refused\n{about}")
    if owner and audit.worth_a_row(lately):
        await owner.note_repeated(tx, "passkey.refused", lately)
    else:
        await unknown.count(tx, tx.vault)
