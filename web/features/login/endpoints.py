"""L1 マイページログイン and 終了."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.login import flow, passkey
from web.features.login.form import INVALID, LOG_IN, NOT_BY_PASSKEY
from web.fields.form import Form
from web.http import access
from web.http.body import read_form
from web.http.client import attempt_of, put_session, read_cookie, services_of
from web.http.redisplay import form_to_show, lead_to_form, redisplay
from web.http.render import render, url
from web.http.sessions import USER
from web.security import factor_policy
from web.services import Work
from web.steps import parking, passkeys, second_step
from web.steps.check_password import ShutOut, WrongPassword
from web.steps.passkeys import Why
from web.steps.second_factor import Proof
from web.steps.second_form import PASSKEY
from web.steps.second_step import Door, SecondNeeded

SCREEN = "login/log_in"
CHANGE = "password_change/change"
LONGEST_USER_AGENT = 300
DOOR = Door(
    flow.SECOND,
    "login/second",
    SCREEN,
    "納付利用者IDとパスワードを確認しました。続けて、ご本人であることを確認します。",
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
    settings, now = services_of(request).settings, clock.now()
    return render(
        request,
        SCREEN,
        status=200 if form.ok else 422,
        form=form,
        wanted=passkeys.to_use(request, passkey.PURPOSE, None),
        second_from=settings.second_factor_from,
        second_for=factor_policy.announced(settings, now),
    )


async def _log_in(request: Request, given: Mapping[str, str]) -> Response:
    form = LOG_IN.parse(given)
    if form.ok:
        try:
            attempt = attempt_of(request, form["user_id"].value)
            password = form["password"].value
            done = await flow.log_in(services_of(request), attempt, password, **_browser(request))
        except WrongPassword as wrong:
            form = form.with_error("user_id", str(wrong) or INVALID)
        except SecondNeeded as needed:
            return second_step.lead(request, DOOR, needed.token)
        except flow.MustChange as first:
            return lead_to_form(request, CHANGE, {"user_id": attempt.user_id}, first.why)
        else:
            return _enter(request, done)
    return await redisplay(request, SCREEN, form, partial(_show, request))


async def _by_passkey(request: Request, given: Mapping[str, str]) -> Response:
    """Log in whom a passkey names; what was typed beside it stays, but for the password."""
    services, form = services_of(request), LOG_IN.blank(given)
    try:
        outcome = await passkey.log_in(
            services, given[PASSKEY.name], partial(attempt_of, request), **_browser(request)
        )
    except ShutOut as shut:
        form = form.with_error(PASSKEY.name, str(shut))
    else:
        if not isinstance(outcome, Why):
            return _enter(request, outcome)
        form = form.with_error(PASSKEY.name, NOT_BY_PASSKEY[outcome])
    return await redisplay(request, SCREEN, form, partial(_show, request))


def _browser(request: Request) -> dict[str, str]:
    return {
        "user_agent": request.headers.get("User-Agent", "")[:LONGEST_USER_AGENT],
        "old_token": read_cookie(request, USER.cookie),
    }


async def second(request: Request) -> Response:
    """Ask the second factor after a right password, and log in."""

    async def start(tx: Work, proof: Proof, content: dict[str, Any]) -> flow.LoggedIn:
        attempt = attempt_of(request, content["owner"]["user_id"])
        return await flow.finish(tx, proof, content, attempt=attempt, **_browser(request))

    return await second_step.ask(request, DOOR, start, partial(_enter, request))


def _enter(request: Request, done: flow.LoggedIn) -> Response:
    response = parking.lead_back(request, done.account_id, url(request, "mypage/show"))
    put_session(request, response, USER.cookie, done.token, done.device_token)
    return response


async def leave_mypage(request: Request) -> Response:
    """Log out on the server and go to the portal; the dead cookie stays, to park by."""
    return await access.log_out(request, USER, url(request, "portal/top", notice="left"))
