"""ログイン中の端末: the list, ending one log-in, ending all others."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.sessions import flow
from web.http.body import read_form
from web.http.entry import session
from web.http.htmx import leave
from web.http.render import render, url
from web.http.services import services

SCREEN = "sessions/show"
OTHERS = "others"


async def show(request: Request) -> Response:
    """List where the account is logged in, or end a log-in that was chosen there."""
    if request.method == "POST":
        return await _end(request)
    devices = await flow.live(services(request), session(request), now=clock.now())
    return render(request, SCREEN, devices=devices)


async def _end(request: Request) -> Response:
    parts, current, now = services(request), session(request), clock.now()
    chosen = (await read_form(request, "end"))["end"]
    if chosen == OTHERS:
        await parts.database.write(flow.end_others, parts, current, now=now)
        return leave(request, url(request, SCREEN, notice="others-ended"))
    try:
        await parts.database.write(flow.end, parts, current, chosen, now=now)
    except flow.NotYours:
        raise HTTPException(404) from None
    return leave(request, url(request, SCREEN, notice="device-ended"))
