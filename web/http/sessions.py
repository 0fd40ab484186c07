"""Sessions: 利用者 and 担当者 have one kind each; how a session is found, how long it lasts, how it ends."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from starlette.requests import Request

from web import clock
from web.database import Tx
from web.http.client import read_cookie, services_of
from web.security import tokens
from web.services import Services, Work
from web.store import sessions, staff_sessions
from web.store.sessions import EndedBy, Session
from web.store.staff_sessions import StaffSession


class Started(Protocol):
    """What tells how long a session lasts."""

    @property
    def id(self) -> str:
        """Name the session."""

    @property
    def started_at(self) -> int:
        """Give the moment of the log-in."""

    @property
    def last_seen_at(self) -> int:
        """Give its last request but those of the last half minute."""


class AnySession(Started, Protocol):
    """A session of either kind."""

    @property
    def ended_at(self) -> int | None:
        """Give the moment at which somebody ended it."""

    @property
    def second(self) -> bool:
        """Tell whether its owner has a second factor."""

    @property
    def shut(self) -> bool:
        """Tell whether its owner may not log in any more."""


S = TypeVar("S", bound=AnySession)


@dataclass(frozen=True, slots=True)
class SessionKind(Generic[S]):
    """What differs between the sessions of 利用者 and those of 担当者."""

    cookie: str
    login: str  # the name of its log-in's route
    expired: str  # the notice of log-in when the time of a session is over
    find: Callable[[Tx, bytes], Awaitable[S | None]]
    end: Callable[[Work, S], Awaitable[None]]


async def _end(tx: Work, session: Session) -> None:
    lately = await sessions.end(tx, session.id, EndedBy.LEFT)
    if lately:  # else somebody else has ended it meanwhile
        await tx.audit_repeated("logout.done", session.account.id, lately)


async def _end_of_staff(tx: Work, session: StaffSession) -> None:
    await staff_sessions.end(tx, session.id)
    await tx.audit("office.logout.done", who=session.staff.name)


USER = SessionKind("session", "login/log_in", "session-ended", sessions.find, _end)
# Looked up in staff_sessions alone, so that the cookie of a 担当者 opens no My Page.
STAFF = SessionKind("office", "office/login", "office-ended", staff_sessions.find, _end_of_staff)


async def find(request: Request, kind: SessionKind[S]) -> S | None:
    """Find the session of the request's cookie, live or dead."""
    token = read_cookie(request, kind.cookie)
    if not token:
        return None
    return await services_of(request).database.read_one(kind.find, tokens.digest(token))


async def end(tx: Work, kind: SessionKind[S], token: str) -> None:
    """End the session of a cookie, if there is a live one."""
    session = await kind.find(tx, tokens.digest(token)) if token else None
    if session and session.ended_at is None:
        await kind.end(tx, session)


def seconds_left(services: Services, session: AnySession, now: int) -> int:
    """Give the seconds a session has left without another request; none for a dead one."""
    if session.ended_at is not None or session.shut:
        return 0
    return seconds_unless_ended(services, session, now)


def seconds_unless_ended(services: Services, session: Started, now: int) -> int:
    """Give the seconds until a session has been idle, or has lasted, for too long."""
    idle = services.settings.session_idle_minutes * clock.MINUTE
    longest = services.settings.session_hours * clock.HOUR
    return min(services.seen.at(session) + idle, session.started_at + longest) - now
