"""ご本人の確認 of a 担当者, anew for each act on an account: a stolen session of the office does nothing to anybody."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Concatenate, ParamSpec

from starlette.requests import Request

from web.fields.form import FormSpec
from web.http.access import staff
from web.http.client import services_of
from web.services import Work
from web.steps import second_form, step_up
from web.steps.second_factor import Owner

P = ParamSpec("P")
FIELD = second_form.CODE.name


def owner_of(request: Request) -> Owner:
    """Give whose second factor is asked for."""
    return Owner(staff(request).id, staff(request).name, None)


def second(request: Request) -> bool:
    """Tell whether the 担当者 has a second factor."""
    return bool(staff(request).second)


def asked(spec: FormSpec, *, second: bool) -> FormSpec:
    """Give what is asked before an act: with the code of a 担当者 who has a second factor."""
    return FormSpec((*spec.fields, second_form.CODE)) if second else spec


async def act(
    request: Request,
    given: Mapping[str, str],
    work: Callable[Concatenate[Work, P], Awaitable[object]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> None:
    """Do an act, with the code that was typed. Raises WrongCode, TooMany and what the act raises."""
    services = services_of(request)
    if staff(request).second:
        owner, typed = owner_of(request), given[FIELD]
        await step_up.by_code(services, owner, typed, step_up.anew, work, *args, **kwargs)
    else:
        await services.write(work, *args, **kwargs)
