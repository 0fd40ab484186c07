"""The flow that the address of a form names."""

from starlette.requests import Request

from web.http.access import account
from web.http.client import services_of
from web.steps.drafts import DraftStore


def flow_of(request: Request, drafts: DraftStore) -> str:
    """Give the flow of the address; for a GET '' if it names none of one's own. Raises OtherAccount."""
    vault, owner = services_of(request).vault, account(request)
    given = request.query_params.get("flow", "")
    if request.method == "POST":
        return drafts.flow_to_take(vault, owner, given)
    return given if drafts.owns_flow(vault, owner, given) else ""
