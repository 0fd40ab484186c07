"""Writes down what a 担当者 tried and may not do: by the role, or as the one who proposed it (ASVS 16.3.2)."""

from starlette.requests import Request

from web import clock, log
from web.database import DatabaseUnavailable
from web.http.access import staff
from web.http.client import services_of
from web.services import Work
from web.store import audit

AGAIN = 10 * clock.MINUTE


async def note(request: Request, act: str) -> None:
    """Note a refused act: in the log, and in the audit trail when it was more than a look."""
    log.event("request.refused", status=403, reason=f"may not: {act}")
    if request.method != "POST":  # a GET writes nothing
        return
    try:
        await services_of(request).write(_record, staff(request).name, act)
    except DatabaseUnavailable as error:  # it stays refused
        log.failure("database.unavailable", error)


async def _record(tx: Work, who: str, act: str) -> None:
    """Record the same act once in ten minutes, so that nobody fills the trail."""
    if {"act": act, "who": who} not in await audit.refused_acts(tx, since=tx.now - AGAIN):
        await tx.audit("office.refused", who=who, act=act)
