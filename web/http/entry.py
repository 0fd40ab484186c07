"""Who may enter a route, and the session that lets them."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from web import clock
from web.http import cookies, errors
from web.http.htmx import is_htmx
from web.http.render import url
from web.http.services import Services, services
from web.security import tokens
from web.store import sessions
from web.store.accounts import Account
from web.store.sessions import Session

Endpoint = Callable[[Request], Awaitable[Response]]

SESSION_COOKIE = "session"
GET = ("GET",)
POST = ("POST",)
BOTH = ("GET", "POST")


class Who(Enum):
    """Who may enter."""

    ANYONE = auto()
    SIGNED_IN = auto()  # others are sent to log-in
    SIGNED_IN_CHECK = auto()  # a live check: others get a bare 401, so that no input is lost


def route(path: str, endpoint: Endpoint, methods: tuple[str, ...], name: str, who: Who) -> Route:
    """Make a row of the route table."""
    return Route(path, _guarded(endpoint, who), methods=list(methods), name=name)


def _guarded(endpoint: Endpoint, who: Who) -> Endpoint:
    if who is Who.ANYONE:
        return endpoint

    async def enter(request: Request) -> Response:
        session = await current_session(request)
        if session is None:
            return _refuse(request, who)
        request.state.session = session
        request.state.account = session.account
        return await endpoint(request)

    return enter


def _refuse(request: Request, who: Who) -> Response:
    if who is Who.SIGNED_IN_CHECK:
        raise HTTPException(401)
    known = cookies.read(request, services(request).settings, SESSION_COOKIE)
    login = url(request, "login/enter", notice="session-ended" if known else "login")
    if is_htmx(request):
        return errors.page(request, 401, {"HX-Redirect": login})
    return RedirectResponse(login, status_code=303)


async def current_session(request: Request) -> Session | None:
    """Find the live session of the request's cookie and note that it was seen."""
    parts = services(request)
    token = cookies.read(request, parts.settings, SESSION_COOKIE)
    if not token:
        return None
    async with parts.database.read() as reads:
        session = await sessions.find(reads, tokens.digest(token))
    now = clock.now()
    if session is None or not _live(parts, session, now):
        return None
    parts.activity.note(session.id, now)
    return session


def _live(parts: Services, session: Session, now: int) -> bool:
    idle = parts.settings.session_idle_minutes * clock.MINUTE
    longest = parts.settings.session_hours * clock.HOUR
    return (
        session.ended_at is None
        and session.account.disabled_at is None
        and now < parts.activity.last_seen(session) + idle
        and now < session.started_at + longest
    )


def account(request: Request) -> Account:
    """Give the account that is signed in."""
    signed_in: Account = request.state.account
    return signed_in


def session(request: Request) -> Session:
    """Give the session of the request."""
    current: Session = request.state.session
    return current
