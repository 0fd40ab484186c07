"""C1 パスワード変更, C2 パスワード変更結果通知."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.password_change import flow, form
from web.fields.form import Form
from web.http import errors, stash
from web.http.access import services_of
from web.http.body import BadRequest, read_exactly, read_form
from web.http.client import attempt_of, count_judging
from web.http.htmx import is_htmx, next_step
from web.http.render import partial, render, url
from web.security import new_password, tokens
from web.store import receipts

CHANGE, CHANGED = "password_change/change", "password_change/changed"


async def change(request: Request) -> Response:
    """Show the form, or change the password."""
    if request.method == "POST":
        return await _take(request)
    settings = services_of(request).settings
    kept: dict[str, Any] = stash.stashed(request, CHANGE) or {}
    answers = form.with_errors(settings, kept.get("user_id", ""), kept.get("errors", {}))
    return _form(request, answers, kept.get("once", ""), kept)


def _form(request: Request, answers: Form, once: str, why: Mapping[str, Any]) -> Response:
    """Show the form, and why log-in has led here, if it has."""
    settings = services_of(request).settings
    return render(
        request,
        CHANGE,
        status=200 if answers.ok else 422,
        form=answers,
        once=once or tokens.new_id(),
        expired_since=clock.mypage_style(why["expired_since"]) if "expired_since" in why else "",
        first_login="first" in why,
        password_hint=new_password.hint(settings),
    )


async def _take(request: Request) -> Response:
    services = services_of(request)
    given = await read_form(request, "once", *form.NAMES)
    once = given["once"] if tokens.is_id(given["once"]) else tokens.new_id()
    answers = form.parse(services.settings, given)
    if not answers.ok:
        messages = {answer.field.name: answer.error for answer in answers.errors}
        return _again(request, given["user_id"], messages, once)
    try:
        receipt = await flow.change(
            services,
            attempt_of(request, answers["user_id"].value),
            answers["current_password"].value,
            answers["new_password"].value,
            once,
            now=clock.now(),
        )
    except flow.WrongPassword:
        return _again(request, given["user_id"], {"user_id": form.INVALID}, once)
    except flow.Spent:
        return errors.page(request, 410)
    except flow.NotAccepted as refusal:
        return _again(request, given["user_id"], {"new_password": str(refusal)}, once)
    return await next_step(
        request, url(request, CHANGED, receipt=receipt.id), lambda: _show_changed(request)
    )


def _again(request: Request, typed_id: str, messages: dict[str, str], once: str) -> Response:
    if is_htmx(request):
        answers = form.with_errors(services_of(request).settings, typed_id, messages)
        return _form(request, answers, once, {})
    kept = {"user_id": typed_id[: stash.LONGEST], "errors": messages, "once": once}
    return stash.back_to(request, CHANGE, kept)


async def check(request: Request) -> Response:
    """Judge the new password as it is left; it comes alone."""
    given = await read_exactly(request)
    if set(given) != {"new_password"}:
        raise BadRequest("fields that no live check sends")
    services = services_of(request)
    answer = form.new_field(services.settings).check(given["new_password"])
    if answer.good:
        count_judging(request)
        why_not = await services.passwords.weakness(answer.value, ())
        answer = answer.refused(why_not) if why_not else answer
    return partial(request, "partials/field_check.html", answer=answer)


async def changed(request: Request) -> Response:
    """Show that the password was changed; safe to reload."""
    async with services_of(request).read() as reads:
        receipt = await receipts.find(reads, request.query_params.get("receipt", ""), flow.NAME)
    if receipt is None:
        return RedirectResponse(url(request, CHANGE, notice="nothing-done"), status_code=303)
    return await _show_changed(request)


async def _show_changed(request: Request) -> Response:
    return render(request, CHANGED)
