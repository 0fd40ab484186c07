"""ご本人の確認 of a 担当者, asked anew for each act that a stolen session must not do."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar

from starlette.requests import Request

from web.fields.form import Form, FormSpec, Given
from web.http.access import staff, staff_session
from web.http.client import services_of
from web.services import Work
from web.steps import offers, second_form, step_up
from web.steps.offers import Offered
from web.steps.second_factor import Owner
from web.steps.step_up import Asker
from web.store import staff_sessions
from web.store.accounts import Shut

P = ParamSpec("P")
T = TypeVar("T")


def owner_of(request: Request) -> Owner:
    """Give whose second factor is asked for."""
    return Owner(staff(request).id, staff(request).name, None)


def asker(request: Request) -> Asker:
    """Give who is to prove it; a passkey's answer is good for the acts on one account."""
    page = f"office {request.path_params.get('id', '')}"
    return Asker(owner_of(request), staff_session(request).id, page)


async def offered(request: Request) -> Offered:
    """Find what an act offers to whoever has a second factor."""
    return await step_up.offered(request, asker(request), second=bool(staff(request).second))


def second(request: Request) -> bool:
    """Tell whether the 担当者 has a second factor."""
    return bool(staff(request).second)


def asked(spec: FormSpec, *, second: bool) -> FormSpec:
    """Give what is asked before an act: with the second factor of a 担当者 who has one."""
    return FormSpec((*spec.fields, *second_form.BY_CODE.fields)) if second else spec


async def act(
    request: Request,
    given: Mapping[str, str],
    work: Callable[Concatenate[Work, P], Awaitable[object]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Do an act, with what proves the 担当者 who has a second factor.

    Raises WrongCode, TooMany, Shut and what the act raises.
    """
    if second(request):
        who, still = asker(request), _if_still(request, work)
        services = services_of(request)
        await step_up.by_factor(services, who, given, step_up.anew, still, *args, **kwargs)
    else:
        await write(request, work, *args, **kwargs)


async def write(
    request: Request,
    work: Callable[Concatenate[Work, P], Awaitable[T]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Do an act that asks no second factor. Raises Shut and what the act raises."""
    return await services_of(request).write(_if_still(request, work), *args, **kwargs)


def _if_still(
    request: Request, work: Callable[Concatenate[Work, P], Awaitable[T]]
) -> Callable[Concatenate[Work, P], Awaitable[T]]:
    """Look again who acts, in the transaction that acts.

    Somebody may have been shut out, or the log-in ended, while it waited for its turn or a hash.
    """
    log_in, role = staff_session(request), staff(request).role

    async def by_whom_still_may(tx: Work, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if await staff_sessions.role(tx, log_in.id) != role:
            raise Shut(log_in.id)
        return await work(tx, *args, **kwargs)

    return by_whom_still_may


async def judged(request: Request, spec: FormSpec, given: Given) -> Form:
    """Judge what was typed; what is missing of a second factor is said where it is shown."""
    return await offers.judged(services_of(request), staff(request).id, spec, given)
