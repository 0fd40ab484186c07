"""ご本人の確認 of a 担当者, asked anew for each act that a stolen session must not do."""

from starlette.requests import Request

from web.fields.form import Form, FormSpec, Given
from web.http.access import staff, staff_session
from web.http.client import services_of
from web.steps import offers, step_up
from web.steps.offers import Offered
from web.steps.second_factor import Owner
from web.steps.step_up import Asker


def owner_of(request: Request) -> Owner:
    """Give whose second factor is asked for."""
    return Owner(staff(request).id, staff(request).name, None)


def asker(request: Request) -> Asker:
    """Give who is to prove it; a passkey's answer is good for the acts on one account."""
    page = f"office {request.path_params['id']}"
    return Asker(owner_of(request), staff_session(request).id, page)


async def offered(request: Request) -> Offered:
    """Find what an act offers to whoever has a second factor."""
    return await step_up.offered(request, asker(request), second=bool(staff(request).second))


async def judged(request: Request, spec: FormSpec, given: Given) -> Form:
    """Judge what was typed; what is missing of a second factor is said where it is shown."""
    return await offers.judged(services_of(request), staff(request).id, spec, given)
