"""ご本人の確認: asked anew for each act of somebody who is logged in (ASVS 7.5.1).

A stolen session changes no address and no bank account. Who has a second factor answers with a passkey
or gives a code of the app; who has none, the password, where one was asked before.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from starlette.requests import Request

from web.fields.form import Form, FormSpec
from web.services import Services, Work
from web.steps import offers, second_factor, second_form
from web.steps.current_password import WrongPassword
from web.steps.offers import Offered
from web.steps.second_factor import Given, Owner, Proof, Refusal
from web.store.sessions import Session

P = ParamSpec("P")
T = TypeVar("T")
NOTHING = Offered()


class WrongCode(WrongPassword):
    """What was given proves nothing; the message says why, and belongs at the field of that name."""

    def __init__(self, words: str, at: str = second_form.CODE.name) -> None:
        super().__init__(words)
        self.at = at


@dataclass(frozen=True, slots=True)
class Asker:
    """Who is to prove it, in which session, and on which page: a passkey's answer is good for that alone."""

    owner: Owner
    session_id: str
    page: str

    @property
    def purpose(self) -> str:
        """Name what a passkey is asked for."""
        return f"{self.page} {self.session_id}"


async def anew(_: Work) -> None:
    """Take every press for one of its own."""


def owner_of(current: Session) -> Owner:
    """Give whose second factor is asked for."""
    return Owner(current.account.id, current.account.payment_user_id, current.account.id)


def asker(current: Session, page: str) -> Asker:
    """Give the 利用者 who is to prove it."""
    return Asker(owner_of(current), current.id, page)


async def offered(request: Request, asker: Asker, *, second: bool) -> Offered:
    """Find what an act offers to somebody who has a second factor."""
    return await offers.to_owner(request, asker.owner.id, asker.purpose) if second else NOTHING


def refused(form: Form, spec: FormSpec, wrong: WrongPassword) -> Form:
    """Say at the field why what was given proves nothing."""
    at = wrong.at if isinstance(wrong, WrongCode) else spec.names[0]
    return form.with_error(at, str(wrong))


async def by_factor(
    services: Services,
    asker: Asker,
    typed: Mapping[str, str],
    done: Callable[[Work], Awaitable[T | None]],
    act: Callable[Concatenate[Work, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Use what was given up and do the act, in one transaction. Raises WrongCode, TooMany, and what the act raises.

    `done`: what an earlier press has done, if one has; it has used it up. What the act raises gives it
    back: nothing was done with it.
    """
    given = await _read(services, asker, typed)

    async def act_once_proved(tx: Work, _: Proof) -> T:
        return await act(tx, *args, **kwargs)

    async def once(tx: Work) -> T | Refusal:
        before = await done(tx)
        if before is not None:
            return before
        return await second_factor.prove(tx, asker.owner, given, act_once_proved)

    outcome = await services.write(once)
    if isinstance(outcome, Refusal):
        raise WrongCode(outcome.words, outcome.at)
    return outcome


async def _read(services: Services, asker: Asker, typed: Mapping[str, str]) -> Given:
    form = await offers.judged(services, asker.owner.id, second_form.BY_CODE, typed)
    if not form.ok:
        wrong = form.errors[0]
        raise WrongCode(wrong.error, wrong.field.name)
    return await second_factor.read(services, asker.owner, form.values, asker.purpose)
