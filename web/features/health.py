"""What machines ask: does the process live, can it serve."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import clock
from web.database import DatabaseUnavailable
from web.http.services import services
from web.store import outbox

OLDEST_MAIL = 15 * clock.MINUTE


async def live(_: Request) -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Say whether the database answers and mails are not stuck."""
    try:
        async with services(request).database.read() as reads:
            oldest = await outbox.oldest_waiting(reads)
    except DatabaseUnavailable:
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    if oldest is not None and clock.now() - oldest > OLDEST_MAIL:
        return JSONResponse({"status": "mails are waiting"}, status_code=503)
    return JSONResponse({"status": "ok"})
