"""ログイン中の端末: the list, ending one log-in, ending all others."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.features.sessions import flow
from web.http.access import session
from web.http.body import read_form
from web.http.client import device_of, services_of
from web.http.htmx import redirect
from web.http.render import render, url

SCREEN = "sessions/show"
OTHERS = "others"


async def show(request: Request) -> Response:
    """List where the account is logged in, or end a log-in that was chosen there."""
    if request.method == "POST":
        return await _end(request)
    devices = await flow.live(services_of(request), session(request))
    return render(request, SCREEN, devices=devices)


async def _end(request: Request) -> Response:
    services, current = services_of(request), session(request)
    chosen = (await read_form(request, "end"))["end"]
    if chosen == OTHERS:
        await services.write(flow.end_others, current, device_of(request))
        return redirect(request, url(request, SCREEN, notice="others-ended"))
    try:
        await services.write(flow.end, current, chosen, device_of(request))
    except flow.NotYours:
        raise HTTPException(404) from None
    return redirect(request, url(request, SCREEN, notice="device-ended"))
