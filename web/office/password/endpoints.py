"""担当者パスワード変更."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form, FormSpec
from web.http.access import staff, staff_session
from web.http.body import read_form
from web.http.client import attempt_of, services_of
from web.http.htmx import redirect
from web.http.redisplay import redisplay, redisplayed
from web.http.render import render, url
from web.office.password import flow
from web.office.password import form as forms
from web.office.staff import throttled_as
from web.security import tokens
from web.services import Work
from web.steps import second_step
from web.steps.check_password import Spent, WrongPassword
from web.steps.current_password import WRONG
from web.steps.second_factor import Proof
from web.steps.second_step import Door, SecondNeeded

SCREEN = "office/password"
DOOR = Door(
    flow.NAME,
    "office/password_second",
    SCREEN,
    "この担当者IDには、二段階の確認が設定されています。パスワードを登録する前に、ご本人であることを確認します。",
)
CHANGED = (
    "この画面を開いたあとに、パスワードが変更されています。現在のパスワードを入力してください。"
)


async def change(request: Request) -> Response:
    """Show the form, or change the password."""
    spec = forms.change(services_of(request).settings)
    if request.method == "POST":
        return await _change(request, spec)
    who = staff(request).name
    form, kept = redisplayed(request, SCREEN, spec, who=who) or (spec.blank(), {})
    return await _show(request, kept.get("once") or tokens.new_id(), form)


async def _show(request: Request, once: str, form: Form) -> Response:
    return render(
        request,
        SCREEN,
        status=200 if form.ok else 422,
        form=form,
        once=once,
        password_hint=forms.hint(services_of(request).settings),
    )


async def _change(request: Request, spec: FormSpec) -> Response:
    person = staff(request)
    given = await read_form(request, "once", *spec.names)
    once = given["once"] if tokens.is_id(given["once"]) else tokens.new_id()
    form, current = spec.parse(given), forms.CURRENT.name
    if form.ok:
        try:
            await flow.change(
                services_of(request),
                staff_session(request),
                attempt_of(request, throttled_as(person.name)),
                form[current].value,
                form[forms.NEW].value,
                once,
            )
        except SecondNeeded as needed:
            return second_step.lead(request, DOOR, needed.token)
        except WrongPassword:
            form = form.with_error(current, WRONG)
        except Spent:
            form, once = form.with_error(current, CHANGED), tokens.new_id()
        except flow.NotAccepted as refusal:
            form = form.with_error(forms.NEW, str(refusal))
        else:
            return _lead_on(request)
    show, kept = partial(_show, request, once), {"who": person.name, "once": once}
    return await redisplay(request, SCREEN, form, show, kept=kept)


def _lead_on(request: Request, _: None = None) -> Response:
    return redirect(request, url(request, "office/desk", notice="office-password"))


async def second(request: Request) -> Response:
    """Ask the second factor before the password is changed."""
    session = staff_session(request)

    async def set_password(tx: Work, proof: Proof, content: dict[str, Any]) -> None:
        attempt = attempt_of(request, throttled_as(session.staff.name))
        await flow.finish(tx, proof, content, session, attempt)

    async def repeated(content: Mapping[str, Any]) -> Response | None:
        done = await services_of(request).read_one(flow.was_set_by, session, content["once"])
        return _lead_on(request) if done else None

    return await second_step.ask(
        request, DOOR, set_password, partial(_lead_on, request), repeated=repeated
    )


async def on_first_log_in(request: Request, _: Exception) -> Response:
    """Send here, and nowhere else, until the first password is changed."""
    return redirect(request, url(request, SCREEN, notice="office-first"))
