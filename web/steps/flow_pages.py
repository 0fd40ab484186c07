"""What the address of a step names: the flow of a form, the receipt of something done."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from web.http.access import account
from web.http.client import services_of
from web.http.htmx import redirect
from web.steps import receipts
from web.steps.drafts import DraftStore
from web.store.receipts import Receipt


def flow_of(request: Request, drafts: DraftStore) -> str:
    """Give the flow of the address; for a GET '' if it names none of one's own. Raises OtherAccount."""
    vault, owner = services_of(request).vault, account(request)
    given = request.query_params.get("flow", "")
    if request.method == "POST":
        return drafts.flow_to_take(vault, owner, given)
    return given if drafts.owns_flow(vault, owner, given) else ""


async def show_receipt(
    request: Request,
    flow: str,
    show: Callable[[Request, Receipt], Awaitable[Response]],
    otherwise: str,
) -> Response:
    """Show what was done, by its receipt, safe to reload; without one lead to another address."""
    services, receipt_id = services_of(request), request.query_params.get("receipt", "")
    receipt = await services.read_one(receipts.find, receipt_id, account(request).id, flow)
    return redirect(request, otherwise) if receipt is None else await show(request, receipt)
