"""Parking: what was typed when the session had ended is kept for the account it belongs to.

After log-in the same person is back on the same step with the input; nobody else sees it.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.http import errors
from web.http.access import FORGET_PAGES, LoginNeeded, session_of_anybody
from web.http.body import BadRequest, read_exactly
from web.http.client import put_cookie, read_cookie, sends_cookies, services_of
from web.http.htmx import is_htmx, redirect, redirect_header
from web.http.render import url
from web.http.sessions import STAFF, USER
from web.security.vault import NotSealedHere
from web.steps.drafts import DraftStore
from web.store.sessions import EndedBy, Session
from web.store.staff_sessions import StaffSession

LIFE = clock.DAY
LONGEST_PATH = 1_000
_PURPOSE = "return"
_PROBE = "asked"  # log-in sees by it whether the browser takes cookies
# What log-in says of a log-in that somebody ended; after one's own 終了 there is nothing to explain.
_ENDED = {
    EndedBy.DEVICE: "ended-device",
    EndedBy.PASSWORD: "ended-password",
    EndedBy.OFFICE: "ended-office",
}


async def on_login_needed(
    stores: Mapping[str, DraftStore], request: Request, error: Exception
) -> Response:
    """Send to log-in; for 利用者 park what was typed and remember the step for the same account.

    `stores`: the drafts of each feature, by its name.
    """
    if not isinstance(error, LoginNeeded):
        raise error
    session = error.session
    own = session if isinstance(session, Session) else None
    drafts = stores.get(error.name.partition("/")[0])
    parked = own is not None and drafts is not None and await _park(request, drafts, own)
    notice = "parked" if parked else _notice(request, error)
    response = _to_login(request, error.kind.login, notice)
    if session:
        response.headers.update(FORGET_PAGES)
    if own and error.can_return:
        _remember(request, response, own)
    return response


async def on_shut(request: Request, _: Exception) -> Response:
    """Send to log-in who was shut out while the request was on its way; nothing is parked."""
    kind = STAFF if isinstance(session_of_anybody(request), StaffSession) else USER
    response = _to_login(request, kind.login, "login")
    response.headers.update(FORGET_PAGES)
    return response


def _to_login(request: Request, screen: str, notice: str) -> Response:
    login = url(request, screen, notice=notice)
    if is_htmx(request):
        response = errors.page(request, 401, redirect_header(login))
    else:
        response = redirect(request, login)
    if not sends_cookies(request):
        put_cookie(request, response, _PROBE, "1")
    return response


def _notice(request: Request, error: LoginNeeded) -> str:
    if error.session is None:
        return "login"
    if isinstance(error.session, Session) and request.method == "POST" and error.can_return:
        # what 確認 showed is a draft already
        return "parked" if "draft" in request.query_params else "not-done"
    if isinstance(error.session, Session) and error.session.shut:
        return "shut"
    if error.session.ended_at is None:
        return error.kind.expired
    if isinstance(error.session, Session) and error.session.ended_by in _ENDED:
        return _ENDED[error.session.ended_by]
    return "login"


async def _park(request: Request, drafts: DraftStore, session: Session) -> bool:
    """Keep the fields of the form as an unchecked draft of their flow; passwords never."""
    services = services_of(request)
    if session.ended_at is not None or session.shut:
        # Somebody ended it: a thief with its cookie could else push the owner's drafts out for a day.
        return False
    flow_id = request.query_params.get("flow", "")
    if request.method != "POST" or not drafts.owns_flow(services.vault, session.account, flow_id):
        return False
    try:
        given = await read_exactly(request)
    except BadRequest:
        return False
    await services.write(
        drafts.keep,
        session.account,
        flow_id,
        drafts.typed(given),
        base_version=given.get("version", ""),
        checked=False,
    )
    return True


def _remember(request: Request, response: Response, session: Session) -> None:
    """Remember the step, unless a look at another page would replace one that was posted."""
    services, account_id = services_of(request), session.account.id
    posted = request.method == "POST"
    before = _remembered(request, account_id)
    if before and before["posted"] and not posted:
        return
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    if len(path) > LONGEST_PATH:  # none of ours, and more than a cookie holds
        return
    content = {"path": path, "posted": posted}
    value = services.vault.seal_text(_PURPOSE, content, bound_to=account_id)
    put_cookie(request, response, _cookie(account_id), value, seconds=LIFE)


def _remembered(request: Request, account_id: str) -> dict[str, Any] | None:
    services = services_of(request)
    value = read_cookie(request, _cookie(account_id))
    try:
        content: dict[str, Any] = services.vault.open_text(_PURPOSE, value, bound_to=account_id)
    except NotSealedHere:
        return None
    return content


def _cookie(account_id: str) -> str:
    """Name the cookie of an account: others may be torn from theirs in the same browser."""
    return f"return-{account_id}"


def lead_back(request: Request, account_id: str, otherwise: str) -> Response:
    """Go to the step that this account was torn from, and forget it; else to another address."""
    content = _remembered(request, account_id)
    response = redirect(request, str(content["path"]) if content else otherwise)
    if content:
        put_cookie(request, response, _cookie(account_id), "", seconds=0)
    return response
