"""Where a step of a procedure is, and what stands there now."""

from starlette.requests import Request

from web.features.direct_debit import flow
from web.features.direct_debit.flow import Current, Procedure
from web.http.access import account
from web.http.client import services_of
from web.http.render import url

EDIT, CONFIRM, COMPLETE = "direct_debit/edit", "direct_debit/confirm", "direct_debit/complete"
CONFLICT = "direct_debit/conflict"


def procedure_of(request: Request) -> Procedure:
    """Read the procedure from the address."""
    return Procedure(request.path_params["kind"], request.path_params["action"])


def address(request: Request, name: str, **values: str) -> str:
    """Give the address of a step of the same procedure."""
    here = procedure_of(request)
    return url(request, name, kind=here.kind, action=here.action, **values)


async def current(request: Request) -> Current:
    """Read where the procedures of this kind stand."""
    async with services_of(request).read() as work:
        return await flow.current(work, account(request), procedure_of(request).kind)
