"""Who may enter the office: a session of its own kind, and a role."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web import clock
from web.http import cookies
from web.http.access import Endpoint, services_of, time_left
from web.security import tokens
from web.services import Services
from web.store import staff_sessions
from web.store.first_passwords import FirstPassword
from web.store.staff import Role, Staff
from web.store.staff_sessions import StaffSession

OFFICE_COOKIE = "office"  # looked up in staff_sessions alone, so that it opens no My Page
PATH = "/office/"
# What a 担当者 may reach whose first password has to be changed.
BEFORE_CHANGE = {"office/password", "office/time_left", "office/stay"}


class StaffLoginNeeded(Exception):
    """A page of the office was asked for without a live session of a 担当者."""

    def __init__(self, session: StaffSession | None) -> None:
        super().__init__()
        self.session = session


class FirstLogIn(Exception):
    """The 担当者 still has the password that the operator chose, and has to change it first."""


class RoleNeeded(Exception):
    """The 担当者 may look at this, but not do it."""

    def __init__(self, needed: Role) -> None:
        super().__init__(needed)
        self.needed = needed


def office_route(
    path: str, endpoint: Endpoint, methods: tuple[str, ...], name: str, role: Role,
    *, by_script: bool = False,
) -> Route:  # fmt: skip
    """Make a row of the route table for those who have a role.

    What scripts ask gets a bare 401 without a session; a GET of theirs is no sign of life.
    """

    async def enter(request: Request) -> Response:
        if request.method == "POST":  # whole, so that nobody acts after the end by sending slowly
            await request.body()
        session, now = await _find_session(request), clock.now()
        if session is None or seconds_left(services_of(request), session, now) <= 0:
            if by_script:
                raise HTTPException(401)
            raise StaffLoginNeeded(session)
        request.state.staff_session = session
        if not (by_script and request.method == "GET"):
            services_of(request).office_seen.note(session.id, now)
        if session.staff.first_password == FirstPassword.TO_CHANGE and name not in BEFORE_CHANGE:
            raise FirstLogIn
        need(request, role)
        return await endpoint(request)

    return Route(path, enter, methods=list(methods), name=name)


def need(request: Request, role: Role) -> None:
    """Let nobody pass whose role is less. Raises RoleNeeded."""
    if not staff(request).role.may(role):
        raise RoleNeeded(role)


async def _find_session(request: Request) -> StaffSession | None:
    services = services_of(request)
    token = cookies.read(request, services.settings, OFFICE_COOKIE)
    if not token:
        return None
    async with services.read() as reads:
        return await staff_sessions.find(reads, tokens.digest(token))


def seconds_left(services: Services, session: StaffSession, now: int) -> int:
    """Give the seconds a session has left without another request; none for a dead one."""
    if session.ended_at is not None or session.staff.disabled_at is not None:
        return 0
    seen = services.office_seen.at(session)
    return time_left(services.settings, started=session.started_at, seen=seen, now=now)


def staff(request: Request) -> Staff:
    """Give the 担当者 who is signed in."""
    return staff_session(request).staff


def staff_session(request: Request) -> StaffSession:
    """Give the session of the request."""
    current: StaffSession = request.state.staff_session
    return current
