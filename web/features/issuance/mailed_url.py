"""The mailed URL of 利用者ID発行: its key in a cookie, and who may take the steps behind it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.issuance import flow
from web.http.client import put_cookie, read_cookie, services_of
from web.http.htmx import redirect
from web.http.mailed_key import mailed_key
from web.http.render import render, url
from web.security import tokens
from web.steps.drafts import NothingToConfirm
from web.store.issuances import Issuance

EDIT, COMPLETE = "issuance/edit", "issuance/complete"
SPENT, REOPEN = "issuance/spent", "issuance/reopen"
Step = Callable[[Request, Issuance], Awaitable[Response]]


def _cookie(issuance_id: str) -> str:
    return f"issue-{issuance_id}"


def spent(request: Request, *, mangled: bool = False) -> Response:
    """Say why the URL issues nothing."""
    hours = services_of(request).settings.issue_link_hours
    return render(request, SPENT, status=410, mangled=mangled, hours=hours)


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing.

    Mail scanners open links, some run scripts, some come twenty times.
    """
    services, key, now = services_of(request), mailed_key(request), clock.now()
    issuance = await flow.find(services, key)
    if issuance is None or not issuance.live(now):
        return spent(request, mangled=not key)
    response = RedirectResponse(url(request, EDIT, link=issuance.id), status_code=303)
    seconds = issuance.expires_at - now
    put_cookie(request, response, _cookie(issuance.id), key, seconds=seconds)
    return response


async def held_by(request: Request) -> Issuance | None:
    """Find the issuance that the address names and the browser holds the key of."""
    services, issuance_id = services_of(request), request.query_params.get("link", "")
    if not tokens.is_id(issuance_id):
        return None
    key = read_cookie(request, _cookie(issuance_id))
    issuance = await flow.find(services, key)
    return issuance if issuance and issuance.id == issuance_id else None


def step(take: Step) -> Callable[[Request], Awaitable[Response]]:
    """Let nobody but the holder of a live URL take a step; what is done leads to 発行完了."""

    async def enter(request: Request) -> Response:
        issuance = await held_by(request)
        if issuance is None:
            return render(request, REOPEN, status=403)
        if issuance.used_at is not None:
            return redirect(request, url(request, COMPLETE, link=issuance.id))
        if not issuance.live(clock.now()):
            return spent(request)
        try:
            return await take(request, issuance)
        except flow.Spent:  # by a press that came at the same moment
            return redirect(request, url(request, COMPLETE, link=issuance.id))
        except NothingToConfirm as gone:
            return redirect(request, url(request, EDIT, link=issuance.id, notice=gone.notice))

    return enter
