"""C1 パスワード変更, C2 パスワード変更結果通知."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.password_change import flow, form
from web.fields.form import Form, FormSpec
from web.http import live_check
from web.http.access import session_of_anybody
from web.http.body import read_form
from web.http.client import attempt_of, read_cookie, services_of
from web.http.htmx import next_step, redirect
from web.http.redisplay import redisplay, redisplayed
from web.http.render import render, url
from web.http.sessions import USER
from web.security import new_password, tokens
from web.services import Work
from web.steps import second_step
from web.steps.check_password import Spent, WrongPassword
from web.steps.second_factor import Proof
from web.steps.second_step import Door, SecondNeeded
from web.store import receipts
from web.store.receipts import Receipt
from web.store.sessions import Session

CHANGE, CHANGED = "password_change/change", "password_change/changed"

DOOR = Door(
    flow.NAME,
    "password_change/second",
    CHANGE,
    "この納付利用者IDには、二段階の確認が設定されています。パスワードを登録する前に、ご本人であることを確認します。",
)


async def change(request: Request) -> Response:
    """Show the form, or change the password."""
    spec = form.change(services_of(request).settings)
    if request.method == "POST":
        return await _change(request, spec)
    answers, kept = redisplayed(request, CHANGE, spec) or (_blank(request, spec), {})
    return await _show(request, kept, answers)


def _blank(request: Request, spec: FormSpec) -> Form:
    """Give the form; whoever is logged in need not type the ID again."""
    current = session_of_anybody(request)
    user_id = current.account.payment_user_id if isinstance(current, Session) else ""
    return spec.blank({"user_id": user_id})


async def _show(request: Request, kept: Mapping[str, str], answers: Form) -> Response:
    """Show the form, and why log-in has led here, if it has."""
    expired_since = kept.get("expired_since")
    return render(
        request,
        CHANGE,
        status=200 if answers.ok else 422,
        form=answers,
        once=kept.get("once") or tokens.new_id(),
        expired_since=clock.mypage_style(int(expired_since)) if expired_since else "",
        first_login="first" in kept,
        password_hint=new_password.hint(services_of(request).settings),
    )


async def _change(request: Request, spec: FormSpec) -> Response:
    given = await read_form(request, "once", *spec.names)
    once = given["once"] if tokens.is_id(given["once"]) else tokens.new_id()
    answers = spec.parse(given)
    if answers.ok:
        try:
            receipt = await flow.change(
                services_of(request),
                attempt_of(request, answers["user_id"].value),
                answers["current_password"].value,
                answers["new_password"].value,
                once,
            )
        except SecondNeeded as needed:
            return second_step.lead(request, DOOR, needed.token)
        except WrongPassword as wrong:
            answers = answers.with_error("user_id", str(wrong) or form.INVALID)
        except flow.NotAccepted as refusal:
            answers = answers.with_error("new_password", str(refusal))
        except Spent:
            raise HTTPException(410) from None
        else:
            address = url(request, CHANGED, receipt=receipt.id)
            if read_cookie(request, USER.cookie):  # its header names a log-in that is over now
                return redirect(request, address)
            return await next_step(request, address, lambda: _show_changed(request))
    kept = {"once": once}
    return await redisplay(request, CHANGE, answers, partial(_show, request, kept), kept=kept)


async def second(request: Request) -> Response:
    """Ask the second factor before the password is changed."""

    async def set_password(tx: Work, proof: Proof, content: dict[str, Any]) -> Receipt:
        attempt = attempt_of(request, content["owner"]["user_id"])
        return await flow.finish(tx, proof, content, attempt)

    async def repeated(content: Mapping[str, Any]) -> Response | None:
        async with services_of(request).read() as reads:
            receipt = await receipts.find(reads, content["key"], flow.NAME)
        return _lead_on(request, receipt) if receipt else None

    return await second_step.ask(
        request, DOOR, set_password, partial(_lead_on, request), repeated=repeated
    )


def _lead_on(request: Request, receipt: Receipt) -> Response:
    return redirect(request, url(request, CHANGED, receipt=receipt.id))


async def check(request: Request) -> Response:
    """Judge the new password as it is left; it comes alone."""
    services = services_of(request)
    field = form.new_field(services.settings)
    return await live_check.new_password(
        request, field, lambda typed: services.passwords.weakness(typed, ())
    )


async def changed(request: Request) -> Response:
    """Show that the password was changed; safe to reload."""
    async with services_of(request).read() as reads:
        receipt = await receipts.find(reads, request.query_params.get("receipt", ""), flow.NAME)
    if receipt is None:
        return RedirectResponse(url(request, CHANGE, notice="nothing-done"), status_code=303)
    return await _show_changed(request)


async def _show_changed(request: Request) -> Response:
    return render(request, CHANGED)
