"""担当者パスワード変更."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from web.http import stash
from web.http.access import services_of
from web.http.body import read_form
from web.http.client import attempt_of
from web.http.htmx import is_htmx, redirect
from web.http.render import render, url
from web.http.staff_entry import staff, staff_session
from web.office.login.flow import throttled_as
from web.office.password import flow, form
from web.steps.current_password import WrongPassword

SCREEN = "office/password"


async def change(request: Request) -> Response:
    """Show the form, or change the password."""
    if request.method == "POST":
        return await _take(request)
    kept = stash.stashed(request, SCREEN) or {}
    own = kept.get("who") == staff(request).name
    return _form(request, kept["errors"] if own else {})


def _form(request: Request, errors: Mapping[str, str]) -> Response:
    services = services_of(request)
    answers = form.with_errors(services.settings, errors)
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        mark=flow.mark(services.vault, staff(request)),
        password_hint=form.hint(services.settings),
    )


async def _take(request: Request) -> Response:
    services, person = services_of(request), staff(request)
    given = await read_form(request, "mark", *form.NAMES)
    answers = form.parse(services.settings, given)
    if not answers.ok:
        return _again(request, {each.field.name: each.error for each in answers.errors})
    try:
        await flow.change(
            services,
            staff_session(request),
            attempt_of(request, throttled_as(person.name)),
            given["mark"],
            answers[form.CURRENT.name].value,
            answers[form.NEW].value,
        )
    except WrongPassword as wrong:
        return _again(request, {form.CURRENT.name: str(wrong)})
    except flow.NotAccepted as refusal:
        return _again(request, {form.NEW: str(refusal)})
    return redirect(request, url(request, "office/desk", notice="office-password"))


def _again(request: Request, errors: Mapping[str, str]) -> Response:
    if is_htmx(request):
        return _form(request, errors)
    kept = {"who": staff(request).name, "errors": dict(errors)}
    return stash.back_to(request, SCREEN, kept)
