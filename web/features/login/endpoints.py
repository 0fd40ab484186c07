"""L1 マイページログイン and 終了."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web.features.login import flow
from web.features.login.form import INVALID, LOG_IN
from web.fields.form import Form
from web.http import access, cookies, stash
from web.http.access import services_of
from web.http.body import read_form
from web.http.client import attempt_of, keep_device
from web.http.htmx import redirect
from web.http.redisplay import redisplay, redisplayed
from web.http.render import render, url
from web.http.sessions import USER
from web.steps import parking
from web.steps.check_password import WrongPassword

SCREEN = "login/log_in"
CHANGE = "password_change/change"
LONGEST_USER_AGENT = 300


async def log_in(request: Request) -> Response:
    """Show the log-in form, or log in."""
    if request.method == "POST":
        return await _log_in(request)
    form, _ = redisplayed(request, SCREEN, LOG_IN) or (LOG_IN.blank(), {})
    return await _show(request, form)


async def _show(request: Request, form: Form) -> Response:
    return render(request, SCREEN, status=200 if form.ok else 422, form=form)


async def _log_in(request: Request) -> Response:
    services = services_of(request)
    form = LOG_IN.parse(await read_form(request, *LOG_IN.names))
    if not form.ok:
        return await redisplay(request, SCREEN, form, partial(_show, request))
    attempt = attempt_of(request, form["user_id"].value)
    try:
        done = await flow.log_in(
            services,
            attempt,
            form["password"].value,
            user_agent=request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT],
            old_token=cookies.read(request, services.settings, USER.cookie),
        )
    except WrongPassword:
        form = form.with_error("user_id", INVALID)
        return await redisplay(request, SCREEN, form, partial(_show, request))
    except flow.Expired as expired:
        return _to_change(request, attempt.user_id, {"expired_since": str(expired.since)})
    except flow.FirstLogIn:
        return _to_change(request, attempt.user_id, {"first": "1"})
    way_back = parking.way_back(request, done.account_id)
    response = redirect(request, way_back or url(request, "mypage/show"))
    if way_back:
        parking.forget_way_back(request, response, done.account_id)
    cookies.put(response, services.settings, USER.cookie, done.token)
    keep_device(request, response, done.device_token)
    return response


def _to_change(request: Request, user_id: str, why: Mapping[str, str]) -> Response:
    """Lead to パスワード変更, which says why; no session (manual, chapter 2)."""
    response = redirect(request, url(request, CHANGE, **{stash.MARK: 1}))
    content = {"typed": {"user_id": user_id}, "errors": {}, "kept": why}
    stash.stash_form(request, response, CHANGE, content)
    return response


async def leave_mypage(request: Request) -> Response:
    """Log out on the server and go to the portal; the dead cookie stays, to park by."""
    return await access.log_out(request, USER, url(request, "portal/top"))
