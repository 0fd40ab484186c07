"""What machines ask: does the process live, can it serve, how is it doing."""

import hmac
from pathlib import Path

from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from web import clock
from web import metrics as numbers
from web.database import DatabaseUnavailable
from web.http.services import Services, services
from web.store import outbox, sessions


async def live(_: Request) -> Response:
    """Say that the process lives."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Say whether the database answers and mails are not stuck."""
    parts = services(request)
    try:
        async with parts.database.read() as reads:
            overdue = await outbox.overdue(reads, now=clock.now())
    except DatabaseUnavailable:
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    if overdue > parts.settings.mail_overdue_minutes * clock.MINUTE:
        return JSONResponse({"status": "mails are waiting"}, status_code=503)
    return JSONResponse({"status": "ok"})


async def metrics(request: Request) -> Response:
    """Give the numbers to whoever has the token; without a token only on loopback."""
    parts = services(request)
    wanted = parts.settings.metrics_token
    if not wanted and parts.settings.secure:
        raise HTTPException(404)
    given = request.headers.get("Authorization", "")
    if wanted and not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return PlainTextResponse(
            "a bearer token is needed\n", 401, {"WWW-Authenticate": 'Bearer realm="metrics"'}
        )
    await _look(parts, clock.now())
    return Response(generate_latest(numbers.REGISTRY), media_type=CONTENT_TYPE_LATEST)


async def _look(parts: Services, now: int) -> None:
    """Set what is known only by looking; a database that is away leaves the last numbers."""
    since = now - parts.settings.session_idle_minutes * clock.MINUTE
    try:
        async with parts.database.read() as reads:
            waiting, age = await outbox.waiting(reads, now=now)
            numbers.OUTBOX_WAITING.set(waiting)
            numbers.OUTBOX_AGE.set(age)
            numbers.OUTBOX_OVERDUE.set(await outbox.overdue(reads, now=now))
            numbers.OUTBOX_DEAD.set(await outbox.dead(reads))
            numbers.SESSIONS.set(await sessions.alive(reads, since=since))
    except DatabaseUnavailable:
        return
    numbers.WAL_BYTES.set(_size(parts.database.path.with_name(f"{parts.database.path.name}-wal")))


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
