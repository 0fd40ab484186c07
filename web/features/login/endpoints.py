"""L1 マイページログイン and 終了."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import clock
from web.features.login import flow, form
from web.fields.form import Form
from web.fields.user_id import USER_ID
from web.http import cookies, stash
from web.http.access import FORGET_PAGES, SESSION_COOKIE, seconds_left, services_of, session
from web.http.body import read_form
from web.http.client import attempt_of, remember_device
from web.http.htmx import is_htmx, redirect
from web.http.render import render, url
from web.steps import parking

SCREEN = "login/log_in"
CHANGE = "password_change/change"
LONGEST_USER_AGENT = 300


async def log_in(request: Request) -> Response:
    """Show the log-in form, or log in."""
    if request.method != "POST":
        return _show(request)
    return await _log_in(request)


def _show(request: Request) -> Response:
    kept = stash.stashed(request, SCREEN) or {"user_id": "", "errors": {}}
    return _form(request, form.with_errors(kept["user_id"], kept["errors"]))


def _form(request: Request, answers: Form) -> Response:
    return render(request, SCREEN, status=200 if answers.ok else 422, form=answers)


async def _log_in(request: Request) -> Response:
    services = services_of(request)
    given = await read_form(request, *form.NAMES)
    answers = form.parse(given)
    if not answers.ok:
        return _again(request, given, {each.field.name: each.error for each in answers.errors})
    user_id, password = answers["user_id"].value, answers["password"].value
    attempt = attempt_of(request, user_id)
    try:
        done = await flow.log_in(
            services,
            attempt,
            password,
            user_agent=request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT],
            old_token=cookies.read(request, services.settings, SESSION_COOKIE),
            now=clock.now(),
        )
    except flow.WrongPassword:
        return _again(request, given, {USER_ID.name: form.INVALID})
    except flow.Expired as expired:
        return _to_change(request, user_id, expired_since=expired.since)
    except flow.FirstLogIn:
        return _to_change(request, user_id, first=True)
    way_back = parking.way_back(request, done.account_id)
    response = redirect(request, way_back or url(request, "mypage/show"))
    if way_back:
        parking.forget_way_back(request, response, done.account_id)
    cookies.put(response, services.settings, SESSION_COOKIE, done.token)
    remember_device(request, response, attempt)
    return response


def _again(request: Request, given: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    typed_id = given[USER_ID.name]
    if is_htmx(request):
        return _form(request, form.with_errors(typed_id, errors))
    kept = {"user_id": typed_id[: stash.LONGEST], "errors": errors}
    return stash.back_to(request, SCREEN, kept)


def _to_change(request: Request, user_id: str, **why: int | bool) -> Response:
    """Lead to パスワード変更, which says why; no session (manual, chapter 2)."""
    response = redirect(request, url(request, CHANGE, **{stash.MARK: 1}))
    stash.stash_form(request, response, CHANGE, {"user_id": user_id, **why})
    return response


async def leave_mypage(request: Request) -> Response:
    """Log out on the server and go to the portal; the dead cookie stays, to park by."""
    services = services_of(request)
    token = cookies.read(request, services.settings, SESSION_COOKIE)
    if token:
        await services.write(flow.end, token)
    response = redirect(request, url(request, "portal/top"))
    response.headers.update(FORGET_PAGES)
    return response


async def time_left(request: Request) -> Response:
    """Say how long the session lasts: asked without prolonging it, or posted to go on."""
    seconds = seconds_left(services_of(request), session(request), clock.now())
    return JSONResponse({"seconds": seconds})
