"""Renders a page, or the piece of it that htmx asked for."""

from typing import Any

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web import clock, log
from web.fields.form import Form
from web.http import access, compression
from web.http.client import read_cookie, sends_cookies, services_of
from web.http.htmx import VARY, is_htmx
from web.http.notices import AGAIN, LOGIN, NOTICES
from web.http.sessions import AnySession
from web.http.templating import TEXT_SIZES
from web.store.sessions import Session
from web.store.staff_sessions import StaffSession

WHOLE = "base.html"
PIECE = "partials/step.html"


def render(request: Request, name: str, *, status: int = 200, **context: Any) -> Response:
    """Render `templates/<name>.html`: its step alone for htmx, else the whole page."""
    services, now, form = services_of(request), clock.now(), context.get("form")
    path: str = request.scope["path"]
    session, left = access.session_of_anybody(request), access.seconds_left(request, now)
    return partial(
        request,
        f"{name}.html",
        status=status,
        layout=PIECE if is_htmx(request) else WHOLE,
        text_size=_text_size(request),
        path=path,
        office=path.startswith(access.OFFICE),
        signed_in=session.account if isinstance(session, Session) else None,
        staff=session.staff if isinstance(session, StaffSession) else None,
        request_id=log.request_id.get(),
        error_number=lambda: _error_number(request, session),
        seconds_left=left,
        session_ends=clock.mypage_style(now + left),
        errors=form.errors if isinstance(form, Form) else [],
        announced=services.announcements.shown(now),
        # what was looked for takes the focus
        found_here=bool(context.get("candidates") or context.get("town")),
        notice=_notice(request),
        no_cookies=_no_cookies(request),
        **context,
    )


def partial(request: Request, file: str, *, status: int = 200, **context: Any) -> Response:
    """Render a file that is a piece by itself."""
    env: Environment = request.app.state.templates
    html = env.get_template(file).render(context, status=status)
    content, headers = compression.body(request, html, status)
    headers["Vary"] = f"{VARY}, {compression.VARY}"
    return HTMLResponse(content, status_code=status, headers=headers)


def url(request: Request, name: str, /, **values: Any) -> str:
    """Give the address of a route, by its name."""
    address: str = request.app.state.url(name, **values)
    return address


def _error_number(request: Request, session: AnySession | None) -> str:
    """Give the number of the page, noted for the 利用者 who sees it."""
    owner = session.account.id if isinstance(session, Session) else None
    return services_of(request).error_numbers.show(owner, stranger=session is None)


def _notice(request: Request) -> str:
    if not request.scope["query_string"]:
        return ""
    return NOTICES.get(request.query_params.get("notice", ""), "")


def _no_cookies(request: Request) -> bool:
    """Tell whether the browser gave back no cookie to a page that only a form or a closed door leads to.

    Both hand one out with the redirect. Without this word a right password leads to log-in again and
    again, and a slip to a blank form.
    """
    if not request.scope["query_string"]:
        return False
    given = request.query_params
    return (AGAIN in given or given.get("notice") == LOGIN) and not sends_cookies(request)


def _text_size(request: Request) -> str:
    size = read_cookie(request, "text_size")
    return size if size in TEXT_SIZES else "medium"
