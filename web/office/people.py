"""担当者: who there is, and unlocking one whom wrong passwords have shut out."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.http.access import staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.render import render, url
from web.office.staff import NoSuchStaff, throttled_as, unlock
from web.security import throttle
from web.store import staff as staff_rows

SCREEN = "office/people"


async def show(request: Request) -> Response:
    """List every 担当者 and whether a lock keeps them out."""
    services = services_of(request)
    async with services.read() as reads:
        people = [
            (each, await throttle.locked(reads, services.vault, throttled_as(each.name)))
            for each in await staff_rows.everybody(reads)
        ]
    return render(request, SCREEN, people=people)


async def open_lock(request: Request) -> Response:
    """Let a 担当者 who was locked try again."""
    name = (await read_form(request, "name"))["name"]
    try:
        await services_of(request).write(unlock, name, who=staff(request).name)
    except NoSuchStaff:
        raise HTTPException(404) from None
    return redirect(request, url(request, SCREEN, notice="office-unlocked"))
