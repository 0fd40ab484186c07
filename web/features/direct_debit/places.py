"""Names and addresses of the screens of a procedure, and reading it off an address."""

from starlette.requests import Request

from web.features.direct_debit.flow import Procedure
from web.http.render import url
from web.store.direct_debit_forms import Kind

EDIT, CONFIRM, COMPLETE = "direct_debit/edit", "direct_debit/confirm", "direct_debit/complete"
CONFLICT, SHOW = "direct_debit/conflict", "direct_debit/show"
WITHDRAW, PAPER = "direct_debit/withdraw", "direct_debit/paper"


def kind_of(request: Request) -> Kind:
    """Read the kind off the address."""
    kind: Kind = request.path_params["kind"]
    return kind


def procedure_of(request: Request) -> Procedure:
    """Read the procedure off the address."""
    return Procedure(kind_of(request), request.path_params["action"])


def address(request: Request, name: str, **values: str) -> str:
    """Give the address of a step of the same procedure."""
    here = procedure_of(request)
    return url(request, name, kind=here.kind, action=here.action, **values)
