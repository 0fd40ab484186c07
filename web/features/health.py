"""What machines ask: does the process live, can it serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import clock
from web.database import DatabaseUnavailable
from web.http.services import services
from web.store import outbox

LONGEST_OVERDUE = 15 * clock.MINUTE


async def live(_: Request) -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Say whether the database answers and mails are not stuck."""
    try:
        async with services(request).database.read() as reads:
            overdue = await outbox.overdue(reads, now=clock.now())
    except DatabaseUnavailable:
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    if overdue > LONGEST_OVERDUE:
        return JSONResponse({"status": "mails are waiting"}, status_code=503)
    return JSONResponse({"status": "ok"})
