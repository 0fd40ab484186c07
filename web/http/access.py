"""Who may enter a route, and the session that lets them."""

from collections.abc import Awaitable, Callable
from enum import Enum, auto

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web import clock
from web.http import cookies
from web.security import tokens
from web.services import Services
from web.settings import Settings
from web.store import sessions
from web.store.accounts import Account
from web.store.sessions import LogIn, Session

Endpoint = Callable[[Request], Awaitable[Response]]

SESSION_COOKIE = "session"
# With the answer that ends a log-in, and with the first one after its end: Back must show nothing
# personal (ASVS 14.3.1). Not "cookies": the device cookie outlives 終了, or strangers could lock its
# owner out, and the dead session's says whose a parked form is.
FORGET_PAGES = {"Clear-Site-Data": '"cache", "storage"'}
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

    def __init__(self, session: Session | None, name: str, *, can_return: bool) -> None:
        super().__init__(name)
        self.session = session
        self.name = name
        self.can_return = can_return


def route(
    path: str, endpoint: Endpoint, methods: tuple[str, ...], name: str, access: Access
) -> Route:
    """Make a row of the route table."""
    if access is not Access.ANYONE:
        endpoint = _guarded(endpoint, methods, name, access)
    return Route(path, endpoint, methods=list(methods), name=name)


def _guarded(endpoint: Endpoint, methods: tuple[str, ...], name: str, access: Access) -> Endpoint:
    async def enter(request: Request) -> Response:
        if request.method == "POST":  # whole, so that nobody acts after the end by sending slowly
            await request.body()
        session = await find_session(request)
        now = clock.now()
        if session is None or seconds_left(services_of(request), session, now) <= 0:
            if access is Access.SIGNED_IN:
                raise LoginNeeded(session, name, can_return="GET" in methods)
            raise HTTPException(401)
        if access is not Access.SIGNED_IN_UNSEEN:
            services_of(request).seen.note(session.id, now)
        request.state.session = session
        request.state.account = session.account
        return await endpoint(request)

    return enter


async def find_session(request: Request) -> Session | None:
    """Find the session of the request's cookie, live or dead."""
    services = services_of(request)
    token = cookies.read(request, services.settings, SESSION_COOKIE)
    if not token:
        return None
    return await services.database.read_one(sessions.find, tokens.digest(token))


def seconds_left(services: Services, session: Session, now: int) -> int:
    """Give the seconds a session has left without another request; none for a dead one."""
    if session.ended_at is not None or session.account.disabled_at is not None:
        return 0
    return seconds_unless_ended(services, session, now)


def seconds_unless_ended(services: Services, session: Session | LogIn, now: int) -> int:
    """Give the seconds that idleness and the longest life leave to a session."""
    seen = services.seen.at(session)
    return time_left(services.settings, started=session.started_at, seen=seen, now=now)


def time_left(settings: Settings, *, started: int, seen: int, now: int) -> int:
    """Give the seconds until a session has been idle, or has lasted, for too long."""
    idle = settings.session_idle_minutes * clock.MINUTE
    longest = settings.session_hours * clock.HOUR
    return min(seen + idle, started + longest) - now


def services_of(request: Request) -> Services:
    """Give the services that serve this request."""
    services: Services = request.app.state.services
    return services


def account(request: Request) -> Account:
    """Give the account that is signed in."""
    signed_in: Account = request.state.account
    return signed_in


def session(request: Request) -> Session:
    """Give the session of the request."""
    current: Session = request.state.session
    return current
