"""解除を止める: the owner stops a 確認手段の解除 by the URL that was mailed; nobody needs to be logged in."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.http.body import read_form
from web.http.client import put_cookie, read_cookie, services_of
from web.http.htmx import redirect
from web.http.mailed_key import mailed_key
from web.http.render import render, url
from web.security import tokens
from web.steps import factor_resets as ends
from web.store import factor_resets
from web.store.factor_resets import Stoppable

STOP, STOPPED = "factors/stop", "factors/stopped"


def _cookie(reset_id: str) -> str:
    return f"factors-{reset_id}"


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing: mail scanners open links."""
    key = mailed_key(request)
    found = await _find(request, key)
    if found and found.ended == ends.STOPPED:
        return RedirectResponse(url(request, STOPPED, reset=found.id), status_code=303)
    if found is None or not _live(found):
        return _spent(request, mangled=not key)
    response = RedirectResponse(url(request, STOP, reset=found.id), status_code=303)
    put_cookie(request, response, _cookie(found.id), key, seconds=found.due_at - clock.now())
    return response


async def _find(request: Request, key: str) -> Stoppable | None:
    spelled = tokens.read_link_key(key)
    if spelled is None:
        return None
    return await services_of(request).read_one(factor_resets.find_by_key, tokens.digest(spelled))


def _live(found: Stoppable) -> bool:
    return not found.ended and clock.now() < found.due_at


async def stop(request: Request) -> Response:
    """Show the button 解除を止める, or take its press."""
    reset_id = request.query_params.get("reset", "")
    key = read_cookie(request, _cookie(reset_id)) if tokens.is_id(reset_id) else ""
    if not key:
        return render(request, "factors/stop_reopen", status=403)
    found = await _find(request, key)
    if found and found.ended == ends.STOPPED:
        return redirect(request, url(request, STOPPED, reset=found.id))
    if found is None or not _live(found):
        return _spent(request)
    if request.method != "POST":
        return render(request, STOP, found=found, action=url(request, STOP, reset=found.id))
    await read_form(request)
    if not await services_of(request).write(ends.stop, found):
        return _spent(request)
    return redirect(request, url(request, STOPPED, reset=found.id))


async def stopped(request: Request) -> Response:
    """Show that it is stopped; safe to reload."""
    reset_id = request.query_params.get("reset", "")
    if not await services_of(request).read_one(factor_resets.stopped, reset_id):
        address = url(request, STOP, reset=reset_id, notice="not-stopped")
        return RedirectResponse(address, status_code=303)
    return render(request, STOPPED)


def _spent(request: Request, *, mangled: bool = False) -> Response:
    return render(request, "factors/stop_spent", status=410, mangled=mangled)
