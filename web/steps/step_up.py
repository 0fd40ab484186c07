"""ご本人の確認: asked anew for each act of somebody who is logged in (ASVS 7.5.1).

A stolen session changes no address and no bank account. Who has a second factor gives a code of the
app; who has none, the password, where one was asked before.
"""

from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

from web.services import Services, Work
from web.steps import second_factor, second_form
from web.steps.current_password import WrongPassword
from web.steps.second_factor import Given, Owner, Proof, Refusal
from web.store.sessions import Session

P = ParamSpec("P")
T = TypeVar("T")


class WrongCode(WrongPassword):
    """The code proves nothing; the message says why, and belongs at the field."""


async def anew(_: Work) -> None:
    """Take every press for one of its own."""


def owner_of(current: Session) -> Owner:
    """Give whose second factor is asked for."""
    return Owner(current.account.id, current.account.payment_user_id, current.account.id)


async def by_code(
    services: Services,
    owner: Owner,
    typed: str,
    done: Callable[[Work], Awaitable[T | None]],
    act: Callable[Concatenate[Work, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Use a code up and do the act, in one transaction. Raises WrongCode, TooMany, and what the act raises.

    `done`: what an earlier press has done, if one has; it has used the code up. What the act raises
    gives the code back: nothing was done with it.
    """
    answer = second_form.CODE.check(typed)
    if answer.error:
        raise WrongCode(answer.error)

    async def go_on(tx: Work, _: Proof) -> T:
        return await act(tx, *args, **kwargs)

    async def once(tx: Work) -> T | Refusal:
        before = await done(tx)
        if before is not None:
            return before
        return await second_factor.prove(tx, owner, Given(code=answer.value), go_on)

    outcome = await services.write(once)
    if isinstance(outcome, Refusal):
        raise WrongCode(outcome.words)
    return outcome
