"""Registering a passkey: the page that a proved owner is led to."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from web.fields.field import Refused
from web.fields.form import Form, FormSpec
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.security.passkeys import New
from web.steps import factor_new, factors, passkeys, second_form
from web.steps.factor_names import NAME
from web.steps.factor_pages import PASSKEY, Pages
from web.steps.passkeys import Why
from web.steps.second_step import Over
from web.store import passkeys as rows
from web.store.second_steps import SecondStep

PRESS = "「登録」を押してください。端末の画面の案内に従って操作すると、登録できます。"
REFUSED = "このパスキーは登録できませんでした。もう一度「登録」を押してください。"
STALE = "時間がたったため、登録できませんでした。もう一度「登録」を押してください。"
KNOWN = "このパスキーは、すでに登録されています。"


def _made(typed: str) -> str:
    if not typed:
        raise Refused(PRESS)
    return typed


CREDENTIAL = replace(second_form.PASSKEY, convert=_made, required=True)
NEW = FormSpec((NAME, CREDENTIAL))


async def passkey(pages: Pages, request: Request) -> Response:
    """Show the form of a new passkey, or take what the browser has made."""
    services, person = services_of(request), pages.person(request)
    try:
        step = await factor_new.step_of(pages, request, PASSKEY)
    except Over:
        return factor_new.over(pages, request)
    known = await services.read_one(rows.of_owner, person.owner.id)
    purpose, name = f"{pages.at}/passkey {step.id}", f"{pages.at}/passkey"
    address = {"step": request.query_params["step"]}

    async def show(form: Form) -> Response:
        owner = person.owner
        return render(
            request, "factors/passkey", status=200 if form.ok else 422, form=form,
            wanted=passkeys.to_make(request, purpose, owner.id, owner.user_id, known),
            action=url(request, name, **address), back=url(request, f"{pages.at}/show"),
        )  # fmt: skip

    if request.method != "POST":
        return await show(form_to_show(request, name, NEW, step=step.id))
    form = NEW.parse(await read_form(request, *NEW.names))
    if form.ok:
        made = passkeys.judge_new(services, form[CREDENTIAL.name].typed, purpose)
        if isinstance(made, New):
            try:
                return await _add(pages, request, step, form[NAME.name].value, made)
            except factors.Known:
                form = form.with_error(CREDENTIAL.name, KNOWN)
        else:
            words = STALE if made is Why.STALE else REFUSED
            form = form.with_error(CREDENTIAL.name, words)
    return await redisplay(request, name, form, show, kept={"step": step.id}, **address)


async def _add(pages: Pages, request: Request, step: SecondStep, name: str, new: New) -> Response:
    """Add it and lead back to the list. Raises Known."""
    services, owner = services_of(request), pages.person(request).owner
    rp_id, notice = services.settings.passkey_rp_id, "factors-passkey"
    try:
        await services.write(factors.add_passkey, owner, step, name, new, rp_id)
    except Over:
        return factor_new.over(pages, request)
    except factors.TooManyFactors:
        notice = "factors-many-passkeys"
    return redirect(request, url(request, f"{pages.at}/show", notice=notice))
