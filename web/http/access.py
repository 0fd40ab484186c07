"""Who may enter a route, and the session that lets them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from web import clock
from web.database import DatabaseUnavailable
from web.http import sessions
from web.http.client import read_cookie, services_of
from web.http.htmx import redirect
from web.http.sessions import STAFF, USER, AnySession, SessionKind
from web.security import factor_policy
from web.store.accounts import Account, acting
from web.store.first_passwords import FirstPassword
from web.store.sessions import Session
from web.store.staff import Role, Staff
from web.store.staff_sessions import StaffSession

Endpoint = Callable[[Request], Awaitable[Response]]

OFFICE = "/office/"  # where the addresses of the office begin
# With the answer that ends a log-in, and with the first one after its end: Back must show nothing
# personal (ASVS 14.3.1). Not "cookies": the device cookie outlives 終了, or strangers could lock its
# owner out, and the dead session's says whose a parked form is.
FORGET_PAGES = {"Clear-Site-Data": '"cache", "storage"'}
# What a 担当者 may reach whose first password has to be changed, beside 終了.
BEFORE_CHANGE = {"office/password", "office/password_second", "office/time_left", "office/stay"}
# What may be reached before a second factor is registered that the operator requires.
BEFORE_FACTOR = {
    *(
        f"{at}factors/{page}"
        for at in ("", "office/")
        for page in ("show", "prove", "app", "passkey")
    ),
    "factors/mailed",
    "login/time_left",
    "login/stay",
}
GET = ("GET",)
POST = ("POST",)
BOTH = ("GET", "POST")


class Access(Enum):
    """Who may enter."""

    ANYONE = auto()
    SIGNED_IN = auto()  # others are sent to log-in
    SIGNED_IN_CHECK = auto()  # a live check: others get a bare 401, so that no input is lost
    SIGNED_IN_UNSEEN = auto()  # the idle check: likewise, and it does not count as a request


class LoginNeeded(Exception):
    """A signed-in page was asked for without a live session; `session` is the dead one, if any."""

    def __init__(
        self, kind: SessionKind[Any], session: AnySession | None, name: str, *, can_return: bool
    ) -> None:
        super().__init__(name)
        self.kind = kind
        self.session = session
        self.name = name
        self.can_return = can_return


class FirstLogIn(Exception):
    """The 担当者 still has the password that the operator chose, and has to change it first."""


class FactorNeeded(Exception):
    """Somebody must have a second factor, and has to register one first; `kind` says of which side."""

    def __init__(self, kind: SessionKind[Any]) -> None:
        super().__init__()
        self.kind = kind


class RoleNeeded(Exception):
    """The 担当者 may look at this, but not do it; `act` names it, where the route alone does not."""

    def __init__(self, needed: Role, act: str) -> None:
        super().__init__(needed)
        self.needed = needed
        self.act = act


def route(
    path: str, endpoint: Endpoint, methods: tuple[str, ...], name: str, access: Access,
    role: Role | None = None,
) -> Route:  # fmt: skip
    """Make a row of the route table; with a role it is for 担当者 who have it, else for 利用者."""
    if access is not Access.ANYONE:
        endpoint = _guarded(endpoint, methods, name, access, role)
    elif not path.startswith(OFFICE):
        endpoint = _open(endpoint)
    return Route(path, endpoint, methods=list(methods), name=name)


def _guarded(
    endpoint: Endpoint, methods: tuple[str, ...], name: str, access: Access, role: Role | None
) -> Endpoint:
    kind: SessionKind[Any] = STAFF if role else USER

    async def enter(request: Request) -> Response:
        if request.method == "POST":
            # Read it all before looking at the session: otherwise a form sent slowly, byte by byte,
            # could still be carried out after its session has ended.
            await request.body()
        services, now = services_of(request), clock.now()
        found: AnySession | None = await sessions.find(request, kind)
        if found is None or sessions.seconds_left(services, found, now) <= 0:
            if access is Access.SIGNED_IN:
                raise LoginNeeded(kind, found, name, can_return="GET" in methods)
            raise HTTPException(401)
        if access is not Access.SIGNED_IN_UNSEEN:
            services.seen.note(found.id, now)
        request.state.session = found
        acting.set(found.id)
        if role:
            _check_first_password(request, name)
            need(request, role)
        _check_factor(request, kind, found, name, now)
        return await endpoint(request)

    return enter


def _open(endpoint: Endpoint) -> Endpoint:
    """Make an endpoint for everybody, whose page knows who is signed in; posts are not looked up."""

    async def enter(request: Request) -> Response:
        if request.method != "POST":
            await recognise(request)
        return await endpoint(request)

    return enter


async def recognise(request: Request) -> None:
    """Find the live session of a 利用者 on a page that is open to everybody, to show the way home.

    Looking around keeps the log-in alive. Without the database such a page is there all the same.
    """
    if session_of_anybody(request) or request.scope["path"].startswith(OFFICE):
        return
    services, now = services_of(request), clock.now()
    with suppress(DatabaseUnavailable):
        found = await sessions.find(request, USER)
        if found and sessions.seconds_left(services, found, now) > 0:
            services.seen.note(found.id, now)
            request.state.session = found


def _check_first_password(request: Request, name: str) -> None:
    """Let nobody pass whose first password has to be changed before. Raises FirstLogIn."""
    if staff(request).first_password == FirstPassword.TO_CHANGE and name not in BEFORE_CHANGE:
        raise FirstLogIn


def _check_factor(
    request: Request, kind: SessionKind[Any], found: AnySession, name: str, now: int
) -> None:
    """Let nobody pass who must have a second factor and has none. Raises FactorNeeded."""
    if found.second or name in BEFORE_CHANGE or name in BEFORE_FACTOR:
        return
    settings = services_of(request).settings
    required = (
        factor_policy.of_account(settings, found.account.kind, now)
        if isinstance(found, Session)
        else factor_policy.of_staff(settings, now)
    )
    if required:
        raise FactorNeeded(kind)


def need(request: Request, role: Role, act: str = "") -> None:
    """Let nobody pass whose role is less. Raises RoleNeeded."""
    if not staff(request).role.may(role):
        raise RoleNeeded(role, act or request.scope["route"].name)


async def time_left(request: Request) -> Response:
    """Say how long the session lasts: asked without prolonging it, or posted to go on."""
    return JSONResponse({"seconds": seconds_left(request, clock.now())})


async def log_out(request: Request, kind: SessionKind[Any], address: str) -> Response:
    """End the session on the server and go to another page."""
    services = services_of(request)
    token = read_cookie(request, kind.cookie)
    if token:
        await services.write(sessions.end, kind, token)
    response = redirect(request, address)
    response.headers.update(FORGET_PAGES)
    return response


def session_of_anybody(request: Request) -> AnySession | None:
    """Give the session of the request, of either kind; None when nobody is signed in."""
    current: AnySession | None = getattr(request.state, "session", None)
    return current


def seconds_left(request: Request, now: int) -> int:
    """Give the seconds that the session of the request has left; none without a session."""
    current = session_of_anybody(request)
    return sessions.seconds_left(services_of(request), current, now) if current else 0


def session(request: Request) -> Session:
    """Give the session of the 利用者 who is signed in."""
    current: Session = request.state.session
    return current


def account(request: Request) -> Account:
    """Give the account that is signed in."""
    return session(request).account


def staff_session(request: Request) -> StaffSession:
    """Give the session of the 担当者 who is signed in."""
    current: StaffSession = request.state.session
    return current


def staff(request: Request) -> Staff:
    """Give the 担当者 who is signed in."""
    return staff_session(request).staff
