"""What machines ask: does the process live, can it serve, how is it doing."""

import hmac

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from web import clock
from web import metrics as numbers
from web.database import DatabaseUnavailable
from web.database.database import FARTHEST
from web.http.client import services_of
from web.services import Services
from web.store import outbox, second_factors, sessions


async def live(_: Request) -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Say whether the database answers, all keys are here, and mails are not stuck."""
    services = services_of(request)
    try:
        overdue = await services.read_one(outbox.overdue)
        ahead = await services.database.skew()
        missing = await services.read_one(services.trail.missing_key)
    except DatabaseUnavailable:
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    if abs(ahead) > FARTHEST:
        return JSONResponse({"status": "clock differs from the database's"}, status_code=503)
    if missing:
        return JSONResponse({"status": "a secret key is missing"}, status_code=503)
    if overdue > services.settings.mail_overdue_minutes * clock.MINUTE:
        return JSONResponse({"status": "mails are waiting"}, status_code=503)
    return JSONResponse({"status": "ok"})


async def metrics(request: Request) -> Response:
    """Give the numbers to whoever has the token; without a token only on loopback."""
    services = services_of(request)
    wanted = services.settings.metrics_token
    if not wanted and services.settings.secure:
        raise HTTPException(404)
    given = request.headers.get("Authorization", "")
    if wanted and not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return PlainTextResponse(
            "a bearer token is needed\n", 401, {"WWW-Authenticate": 'Bearer realm="metrics"'}
        )
    await _look(services, clock.now())
    return Response(generate_latest(numbers.REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def _look(services: Services, now: int) -> None:
    """Set what is known only by looking; a database that is away leaves the last numbers."""
    since = now - services.settings.session_idle_minutes * clock.MINUTE
    oldest_start = now - services.settings.session_hours * clock.HOUR
    try:
        async with services.read() as reads:
            waiting, age = await outbox.waiting(reads)
            numbers.OUTBOX_WAITING.set(waiting)
            numbers.OUTBOX_AGE.set(age)
            numbers.OUTBOX_OVERDUE.set(await outbox.overdue(reads))
            numbers.OUTBOX_DEAD.set(await outbox.dead(reads))
            numbers.SECOND_FACTORS.set(await second_factors.owners(reads))
            numbers.SESSIONS.set(
                await sessions.alive(reads, since=since, oldest_start=oldest_start)
            )
        numbers.NODES.set(len(await services.database.nodes()) or 1)
        numbers.CLOCK_AHEAD.set(await services.database.skew())
    except DatabaseUnavailable:
        return
    numbers.WAL_BYTES.set(services.database.log_bytes())
