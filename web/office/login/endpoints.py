"""担当者ログイン and 終了."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.fields.form import Form
from web.http import access
from web.http.body import read_form
from web.http.client import attempt_of, put_cookie, put_session, read_cookie, services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.http.sessions import STAFF
from web.office.login import flow, passkey
from web.office.login.form import INVALID, LOG_IN, NAME, NOT_BY_PASSKEY
from web.office.staff import throttled_as
from web.security import factor_policy
from web.services import Work
from web.steps import passkeys, second_step
from web.steps.check_password import WrongPassword
from web.steps.passkeys import Why
from web.steps.second_factor import Proof
from web.steps.second_form import PASSKEY
from web.steps.second_step import Door, SecondNeeded

SCREEN = "office/login"
DOOR = Door(
    flow.SECOND,
    "office/second",
    SCREEN,
    "担当者IDとパスワードを確認しました。続けて、ご本人であることを確認します。",
)


async def log_in(request: Request) -> Response:
    """Show the log-in form, or log in."""
    if request.method != "POST":
        return await _show(request, form_to_show(request, SCREEN, LOG_IN))
    given = await read_form(request, *LOG_IN.names)
    if given[PASSKEY.name]:
        return await _by_passkey(request, given)
    return await _log_in(request, given)


async def _show(request: Request, form: Form) -> Response:
    settings = services_of(request).settings
    return render(
        request,
        SCREEN,
        status=200 if form.ok else 422,
        form=form,
        wanted=passkeys.to_use(request, passkey.PURPOSE, None),
        second_from=settings.second_factor_from,
        second_announced=factor_policy.announced_to_staff(settings, clock.now()),
    )


async def _log_in(request: Request, given: Mapping[str, str]) -> Response:
    form = LOG_IN.parse(given)
    if form.ok:
        try:
            attempt = attempt_of(request, throttled_as(form[NAME.name].value))
            old_token = read_cookie(request, STAFF.cookie)
            password = form["password"].value
            done = await flow.log_in(services_of(request), attempt, password, old_token=old_token)
        except SecondNeeded as needed:
            return second_step.lead(request, DOOR, needed.token)
        except WrongPassword:
            form = form.with_error(NAME.name, INVALID)
        else:
            return _enter(request, done)
    return await redisplay(request, SCREEN, form, partial(_show, request))


async def _by_passkey(request: Request, given: Mapping[str, str]) -> Response:
    """Log in whom a passkey names; what was typed beside it stays, but for the password."""
    services, old_token = services_of(request), read_cookie(request, STAFF.cookie)
    outcome = await passkey.log_in(
        services, given[PASSKEY.name], partial(attempt_of, request), old_token=old_token
    )
    if not isinstance(outcome, Why):
        return _enter(request, outcome)
    form = LOG_IN.blank(given).with_error(PASSKEY.name, NOT_BY_PASSKEY[outcome])
    return await redisplay(request, SCREEN, form, partial(_show, request))


async def second(request: Request) -> Response:
    """Ask the second factor after a right password, and log in."""

    async def start(tx: Work, proof: Proof, content: dict[str, Any]) -> tuple[str, str]:
        attempt = attempt_of(request, content["throttled_as"])
        old_token = read_cookie(request, STAFF.cookie)
        return await flow.finish(tx, proof, content, attempt=attempt, old_token=old_token)

    return await second_step.ask(request, DOOR, start, partial(_enter, request))


def _enter(request: Request, cookies: tuple[str, str]) -> Response:
    response = redirect(request, url(request, "office/desk"))
    put_session(request, response, STAFF.cookie, *cookies)
    return response


async def leave_office(request: Request) -> Response:
    """Log out on the server and show the log-in; nothing is parked here, so the cookie goes too."""
    response = await access.log_out(request, STAFF, url(request, SCREEN, notice="office-left"))
    put_cookie(request, response, STAFF.cookie, "", seconds=0)
    return response
