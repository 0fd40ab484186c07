"""I1 利用規約の同意 to I3 依頼受付, and, for whoever holds the mailed URL, I4 利用者情報の入力 to I7 発行完了."""

from dataclasses import replace
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.issuance import flow, requests
from web.features.issuance.form import ADDRESS, CONSENT, passwords
from web.features.issuance.mailed_url import COMPLETE, EDIT, REOPEN, held_by, spent, step
from web.fields.form import Form
from web.http import live_check, texts
from web.http.body import BadRequest, read_exactly, read_form
from web.http.client import client_address, services_of
from web.http.htmx import next_step, redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.security import new_password
from web.steps import profile_form
from web.steps.drafts import Draft, NothingToConfirm
from web.steps.profile_form import PROFILE
from web.store import accounts
from web.store.credentials import CredentialKind
from web.store.issuances import Issuance

TERMS, ENTER, ASKED = "issuance/terms", "issuance/address", "issuance/asked"
PASSWORDS, CONFIRM = "issuance/passwords", "issuance/confirm"


async def terms(request: Request) -> Response:
    """I1: show 利用規約, or take the consent; it goes on in the address and is written nowhere."""
    if request.method != "POST":
        return await _show_terms(request, form_to_show(request, TERMS, CONSENT))
    form = CONSENT.parse(await read_form(request, *CONSENT.names))
    if not form.ok:
        return await redisplay(request, TERMS, form, lambda form: _show_terms(request, form))
    flow_id = requests.new_flow_id(services_of(request).vault)
    to = url(request, ENTER, run=flow_id)
    return await next_step(request, to, lambda: _show_address(request, flow_id, ADDRESS.blank()))


async def _show_terms(request: Request, form: Form) -> Response:
    return render(
        request,
        TERMS,
        status=200 if form.ok else 422,
        form=form,
        blocks=texts.own(services_of(request).settings, "terms"),
        ours="help/texts/terms.html",
    )


async def address(request: Request) -> Response:
    """I2: show the form, or take the address."""
    services, flow_id = services_of(request), request.query_params.get("run", "")
    if not requests.agreed(services.vault, flow_id):
        return redirect(request, url(request, TERMS, notice="terms-first"))
    if request.method != "POST":
        form = form_to_show(request, ENTER, ADDRESS, run=flow_id)
        return await _show_address(request, flow_id, form)
    form = ADDRESS.parse(await read_form(request, *ADDRESS.names))
    if not form.ok:
        return await redisplay(
            request,
            ENTER,
            form,
            lambda form: _show_address(request, flow_id, form),
            kept={"run": flow_id},
            run=flow_id,
        )
    email = form["email"].value
    once_key = requests.once_key(services.vault, flow_id, email)
    sender = client_address(request)
    await services.write(requests.ask, once_key, email, address=sender)
    to = url(request, ASKED, receipt=once_key, run=flow_id)
    return await next_step(request, to, lambda: _show_asked(request, flow_id, email))


async def _show_address(request: Request, flow_id: str, form: Form) -> Response:
    return render(request, ENTER, status=200 if form.ok else 422, form=form, run=flow_id)


async def check_address(request: Request) -> Response:
    """Judge the address that was just left; nobody is looked up."""
    return await live_check.judged(request, ADDRESS.check)


async def asked(request: Request) -> Response:
    """I3: say that the request was taken, and for which address; safe to reload."""
    given = request.query_params
    email = await requests.asked_email(services_of(request), given.get("receipt", ""))
    if not email:
        return RedirectResponse(url(request, TERMS, notice="nothing-done"), status_code=303)
    return await _show_asked(request, given.get("run", ""), email)


async def _show_asked(request: Request, flow_id: str, email: str) -> Response:
    hours = services_of(request).settings.issue_link_hours
    return render(request, ASKED, run=flow_id, email=email, hours=hours)


async def _latest(request: Request, issuance: Issuance) -> Draft | None:
    services = services_of(request)
    return await services.read_one(flow.DRAFTS.latest, issuance, issuance.id)


@step
async def edit(request: Request, issuance: Issuance) -> Response:
    """I4: show the form with its latest draft, or take what was typed."""
    if request.method != "POST":
        return await _show_edit(request, issuance, await _latest(request, issuance))
    services = services_of(request)
    form = flow.judge(services, issuance, await read_form(request, *PROFILE.names))
    draft = await services.write(flow.fill_in, issuance.id, form)
    if not form.ok:
        to = url(request, EDIT, link=issuance.id)
        show = partial(_show_edit, request, issuance, draft)
    elif flow.has_passwords(draft):
        to = url(request, CONFIRM, link=issuance.id, draft=draft.id)
        show = partial(_show_confirm, request, issuance, draft)
    else:
        to = url(request, PASSWORDS, link=issuance.id)
        show = partial(_show_passwords, request, issuance, passwords(services.settings).blank())
    return await next_step(request, to, show, push=form.ok)


async def _show_edit(request: Request, issuance: Issuance, draft: Draft | None) -> Response:
    form = flow.judge(services_of(request), issuance, draft.values if draft else {})
    if draft is None:
        form = PROFILE.blank(form.typed)
    return render(
        request,
        EDIT,
        status=200 if form.ok else 422,
        form=form,
        link=issuance.id,
        kinds=profile_form.KINDS,
    )


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, PROFILE.check)


@step
async def choose_passwords(request: Request, issuance: Issuance) -> Response:
    """I5: show the form for both passwords, or take them."""
    services, draft = services_of(request), await _latest(request, issuance)
    profile = flow.filled_in(draft)
    if draft is None or profile is None:
        raise NothingToConfirm
    spec = passwords(services.settings)
    if request.method != "POST":
        form = form_to_show(request, PASSWORDS, spec, link=issuance.id)
        return await _show_passwords(request, issuance, form)
    form = spec.parse(await read_form(request, *spec.names))
    if form.ok:
        try:
            ready = await flow.choose_passwords(services, issuance, draft, profile, form)
        except flow.NotAccepted as refusal:
            form = form.with_errors(refusal.errors)
        else:
            to = url(request, CONFIRM, link=issuance.id, draft=ready.id)
            return await next_step(request, to, lambda: _show_confirm(request, issuance, ready))
    return await redisplay(
        request,
        PASSWORDS,
        form,
        lambda form: _show_passwords(request, issuance, form),
        kept={"link": issuance.id},
        link=issuance.id,
    )


async def _show_passwords(request: Request, issuance: Issuance, form: Form) -> Response:
    settings = services_of(request).settings
    held = await held_by(request)  # the number may be kept for it since this request began
    return render(
        request,
        PASSWORDS,
        status=200 if form.ok else 422,
        form=passwords(settings).blank().with_errors(form.messages),
        link=issuance.id,
        user_ids=flow.pair(settings, (held or issuance).number or ""),
        kinds=list(CredentialKind),
        hint=new_password.first_hint(settings),
    )


async def check_password(request: Request) -> Response:
    """Judge one of the new passwords as it is left; it comes alone."""
    given, services = await read_exactly(request), services_of(request)
    names = {f"{kind}_password" for kind in CredentialKind} & set(given)
    if len(names) != 1:
        raise BadRequest("fields that no live check sends")
    field = passwords(services.settings).by_name[names.pop()]
    issuance = await held_by(request)
    profile = flow.filled_in(await _latest(request, issuance)) if issuance else None
    weakness = partial(flow.weakness, services, profile) if profile else None
    return await live_check.new_password(request, field, weakness)


@step
async def confirm(request: Request, issuance: Issuance) -> Response:
    """I6: show what will be registered, or issue the IDs."""
    services, draft_id = services_of(request), request.query_params.get("draft", "")
    if request.method != "POST":
        draft = await services.read_one(flow.find_ready, issuance, draft_id)
        return await _show_confirm(request, issuance, draft)
    await services.write(flow.issue, issuance.id, draft_id)
    to = url(request, COMPLETE, link=issuance.id)
    return await next_step(request, to, lambda: complete(request))


async def _show_confirm(request: Request, issuance: Issuance, draft: Draft) -> Response:
    rows = profile_form.new_rows(profile_form.profile(draft.values))
    # the address that the mail has proven is not asked again, so there is nowhere to change it
    shown = [replace(row, place="") if row.place == "admin_email" else row for row in rows]
    return render(request, CONFIRM, rows=shown, link=issuance.id, draft=draft.id)


async def complete(request: Request) -> Response:
    """I7: show both IDs to the browser that holds the key; safe to reload."""
    services, issuance = services_of(request), await held_by(request)
    if issuance is None:
        return render(request, REOPEN, status=403)
    async with services.read() as work:
        receipt = await flow.done(work, issuance.id)
        account = await accounts.find(work, receipt.account_id) if receipt else None
    if receipt is None or account is None:
        if not issuance.live(clock.now()):
            return spent(request)
        return redirect(request, url(request, EDIT, link=issuance.id, notice="nothing-done"))
    return render(request, COMPLETE, receipt=receipt, account=account)
