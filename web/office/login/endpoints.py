"""担当者ログイン and 終了."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import clock
from web.http import cookies, errors, stash
from web.http.access import services_of
from web.http.body import read_form
from web.http.client import attempt_of
from web.http.htmx import is_htmx, redirect, redirect_header
from web.http.render import render, url
from web.http.staff_entry import OFFICE_COOKIE, StaffLoginNeeded, seconds_left, staff_session
from web.office.login import flow, form

SCREEN = "office/login"


async def log_in(request: Request) -> Response:
    """Show the log-in form, or log in."""
    if request.method == "POST":
        return await _log_in(request)
    kept = stash.stashed(request, SCREEN) or {"name": "", "errors": {}}
    answers = form.with_errors(kept["name"], kept["errors"])
    return render(request, SCREEN, status=200 if answers.ok else 422, form=answers)


async def _log_in(request: Request) -> Response:
    services = services_of(request)
    given = await read_form(request, *form.NAMES)
    answers = form.parse(given)
    if not answers.ok:
        return _again(request, given, {each.field.name: each.error for each in answers.errors})
    name = answers[form.NAME.name].value
    try:
        token = await flow.log_in(
            services,
            name,
            attempt_of(request, flow.throttled_as(name)),
            answers[form.PASSWORD.name].value,
            old_token=cookies.read(request, services.settings, OFFICE_COOKIE),
        )
    except flow.WrongPassword:
        return _again(request, given, {form.NAME.name: form.INVALID})
    response = redirect(request, url(request, "office/desk"))
    cookies.put(response, services.settings, OFFICE_COOKIE, token)
    return response


def _again(request: Request, given: Mapping[str, str], found: Mapping[str, str]) -> Response:
    kept = {"name": given[form.NAME.name][: stash.LONGEST], "errors": found}
    return stash.back_to(request, SCREEN, kept)


async def leave_office(request: Request) -> Response:
    """Log out on the server and show the log-in."""
    services = services_of(request)
    token = cookies.read(request, services.settings, OFFICE_COOKIE)
    if token:
        await services.write(flow.end, token)
    response = redirect(request, url(request, SCREEN, notice="office-left"))
    cookies.put(response, services.settings, OFFICE_COOKIE, "", seconds=0)
    return response


async def time_left(request: Request) -> Response:
    """Say how long the session lasts: asked without prolonging it, or posted to go on."""
    return JSONResponse(
        {"seconds": seconds_left(services_of(request), staff_session(request), clock.now())}
    )


async def on_login_needed(request: Request, error: Exception) -> Response:
    """Send to the office's own log-in."""
    if not isinstance(error, StaffLoginNeeded):
        raise error
    ended = error.session is not None and error.session.ended_at is None
    login = url(request, SCREEN, notice="office-ended" if ended else "login")
    if is_htmx(request):
        return errors.page(request, 401, redirect_header(login))
    return redirect(request, login)


async def on_first_log_in(request: Request, _: Exception) -> Response:
    """Send to 担当者パスワード変更, and nowhere else, until the first password is changed."""
    return redirect(request, url(request, "office/password", notice="office-first"))
