"""A run of a form: its address, whose it is, and what a second tab may not do with it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.http import errors
from web.http.access import account
from web.http.body import read_form
from web.security import tokens
from web.steps.drafts import DraftStore

Step = Callable[[Request, str], Awaitable[Response]]


async def serve_flow(
    request: Request, drafts: DraftStore, *, show: Step, take: Step, address: Callable[[str], str]
) -> Response:
    """Show the run of the address or take what was typed into it; lead to a new run without one."""
    flow_id = request.query_params.get("flow", "")
    own = drafts.owns_flow(account(request), flow_id)
    if request.method == "POST" and tokens.is_id(flow_id) and not own:
        await read_form(request)  # so that the page can offer to send it once more
        return errors.page(request, 403, words=errors.OTHER_ACCOUNT)
    new_run = drafts.new_flow_id(account(request))
    if request.method == "POST":
        return await take(request, flow_id if own else new_run)
    if own:
        return await show(request, flow_id)
    return RedirectResponse(address(new_run), status_code=303)
