"""Parking: what was typed when the session had ended is kept for the account it belongs to.

After log-in the same person is back on the same step with the input; nobody else sees it.
"""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.http import cookies, errors
from web.http.body import read_exactly
from web.http.entry import LoginNeeded
from web.http.errors import BadRequest
from web.http.htmx import is_htmx, leave, leaving
from web.http.render import url
from web.http.services import services
from web.security.vault import NotSealedHere
from web.steps.drafts import Flow, read_version
from web.store.sessions import Session

COOKIE = "return"
LIFE = clock.DAY
_PURPOSE = "return"


async def on_login_needed(request: Request, error: Exception) -> Response:
    """Send to log-in, parking what was typed and remembering the step for the same account."""
    if not isinstance(error, LoginNeeded):
        raise error
    session = error.session
    if session:
        await _park(request, error.name, session)
    login = url(request, "login/enter", notice=_notice(request, error))
    if is_htmx(request):
        response = errors.page(request, 401, leaving(login))
    else:
        response = leave(request, login)
    if session and error.can_return:
        _remember(request, response, session)
    return response


def _notice(request: Request, error: LoginNeeded) -> str:
    if error.session is None:
        return "login"
    if request.method == "POST" and error.can_return:
        return "parked"
    return "login" if error.session.ended_at else "session-ended"


async def _park(request: Request, name: str, session: Session) -> None:
    """Keep the posted fields as an unchecked draft of their run; passwords never."""
    flow = Flow(name.partition("/")[0], services(request).vault)
    flow_id = request.query_params.get("flow", "")
    if request.method != "POST" or not flow.owns(session.account, flow_id):
        return
    try:
        given = await read_exactly(request)
    except BadRequest:
        return
    version = given.pop("version", "")
    await services(request).database.write(
        flow.keep,
        session.account,
        flow_id,
        {field: typed for field, typed in given.items() if "password" not in field},
        profile_version=read_version(version),
        checked=False,
        now=clock.now(),
    )


def _remember(request: Request, response: Response, session: Session) -> None:
    parts = services(request)
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    content = {"account": session.account.id, "path": path}
    value = parts.vault.seal_text(_PURPOSE, content)
    cookies.put(response, parts.settings, COOKIE, value, seconds=LIFE)


def way_back(request: Request, account_id: str) -> str | None:
    """Give the address of the step that this account was torn from, if there is one."""
    parts = services(request)
    value = cookies.read(request, parts.settings, COOKIE)
    try:
        content = parts.vault.open_text(_PURPOSE, value)
    except NotSealedHere:
        return None
    return str(content["path"]) if content["account"] == account_id else None


def forget_way_back(request: Request, response: Response) -> None:
    """Forget the step once somebody is back on it."""
    cookies.put(response, services(request).settings, COOKIE, "", seconds=0)
