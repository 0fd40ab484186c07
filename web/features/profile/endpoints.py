"""U1 依頼の入力, U2 依頼の確認, U3 登録完了."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.features.profile import differences, flow
from web.fields.form import Form
from web.http import live_check
from web.http.access import account, session
from web.http.body import read_form
from web.http.client import attempt_of, services_of
from web.http.htmx import next_step, redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.steps import current_password, profile_form, second_form, step_up
from web.steps.drafts import AppliedBefore, Conflict, Draft, NothingToConfirm
from web.steps.flow_pages import flow_of, show_receipt
from web.steps.profile_form import PROFILE
from web.store.receipts import Receipt

EDIT, CONFIRM, COMPLETE = "profile/edit", "profile/confirm", "profile/complete"
CONFLICT = "profile/conflict"
Show = Callable[[Request, Draft], Awaitable[Response]]


async def edit(request: Request) -> Response:
    """Show the form of a flow with its latest draft, or take what was typed."""
    flow_id = flow_of(request, flow.DRAFTS)
    if request.method != "POST":
        return await _show_latest(request, flow_id)
    given = await read_form(request, "version", *PROFILE.names)
    form = flow.judged(account(request), given)
    draft = await services_of(request).write(
        flow.DRAFTS.keep,
        account(request),
        flow_id,
        form.values,
        base_version=given["version"],
        checked=form.ok,
    )
    if form.ok:
        to, show = url(request, CONFIRM, draft=draft.id), partial(_show_confirm, request, draft)
    else:
        to, show = url(request, EDIT, flow=flow_id), partial(_show_form, request, flow_id, draft)
    return await next_step(request, to, show, push=form.ok)


async def _show_latest(request: Request, flow_id: str) -> Response:
    services, signed_in = services_of(request), account(request)
    if not flow_id:
        new = {**request.query_params, "flow": flow.DRAFTS.new_flow_id(services.vault, signed_in)}
        return RedirectResponse(url(request, EDIT, **new), status_code=303)
    draft = await services.read_one(flow.DRAFTS.latest, signed_in, flow_id)
    return await _show_form(request, flow_id, draft)


async def _show_form(request: Request, flow_id: str, draft: Draft | None) -> Response:
    signed_in = account(request)
    form = (
        flow.judged(signed_in, draft.values)
        if draft
        else PROFILE.of(profile_form.values(signed_in.profile))
    )
    return render(
        request,
        EDIT,
        status=200 if form.ok or not draft else 422,
        form=form,
        flow=flow_id,
        version=draft.base_version if draft else signed_in.profile_version,
        kinds=profile_form.KINDS,
    )


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, PROFILE.check)


async def confirm(request: Request) -> Response:
    """Show what will be registered, or register it."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _with_draft(request, draft_id, _show_confirm)
    services, current = services_of(request), session(request)
    asked = second_form.asked(second=current.second)
    typed = await read_form(request, *asked.names)
    attempt = attempt_of(request, current.account.payment_user_id)
    try:
        receipt = await flow.confirm(services, current, attempt, draft_id, typed)
    except NothingToConfirm as gone:
        return redirect(request, url(request, EDIT, **gone.query))
    except current_password.WrongPassword as wrong:
        form = step_up.refused(asked.blank(), asked, wrong)
        return await redisplay(
            request,
            CONFIRM,
            form,
            lambda form: _with_draft(request, draft_id, partial(_show_confirm, form=form)),
            kept={"draft": draft_id},
            draft=draft_id,
        )
    except Conflict:
        address = url(request, CONFLICT, draft=draft_id)
        return await next_step(
            request, address, lambda: _with_draft(request, draft_id, _show_conflict)
        )
    address = url(request, COMPLETE, receipt=receipt.id)
    return await next_step(request, address, lambda: _show_complete(request, receipt))


async def _with_draft(request: Request, draft_id: str, show: Show) -> Response:
    """Show a draft that waits for 確定; without one lead to where the flow stands."""
    services = services_of(request)
    try:
        draft = await services.read_one(flow.DRAFTS.find, account(request), draft_id)
    except AppliedBefore as before:
        return redirect(request, url(request, COMPLETE, receipt=before.receipt.id))
    except NothingToConfirm as gone:
        return redirect(request, url(request, EDIT, **gone.query))
    return await show(request, draft)


async def _show_confirm(request: Request, draft: Draft, form: Form | None = None) -> Response:
    signed_in = account(request)
    if draft.base_version != signed_in.profile_version:
        return redirect(request, url(request, CONFLICT, draft=draft.id))
    new = profile_form.profile(draft.values)
    rows = profile_form.rows(signed_in.profile, new)
    current, needed = session(request), flow.needs_password(signed_in, new)
    asked = second_form.asked(second=current.second)
    form = form or form_to_show(request, CONFIRM, asked, draft=draft.id)
    second, who = current.second and needed, step_up.asker(current, flow.NAME)
    return render(
        request,
        CONFIRM,
        status=200 if form.ok else 422,
        form=form,
        second=second,
        offered=await step_up.offered(request, who, second=second),
        asks_password=needed,
        draft=draft.id,
        flow=draft.flow_id,
        rows=rows,
    )


async def conflict(request: Request) -> Response:
    """Show what differs from what is registered meanwhile, or take what was chosen."""
    show = _take_choices if request.method == "POST" else _show_conflict
    return await _with_draft(request, request.query_params.get("draft", ""), show)


async def _take_choices(request: Request, draft: Draft) -> Response:
    services, signed_in = services_of(request), account(request)
    typed = profile_form.profile(draft.values)
    found = differences.between(signed_in.profile, typed)
    choices = differences.spec(found)
    given = await read_form(request, "version", *choices.names)
    form = choices.parse(given)
    # Changed once more while the person chose: what was chosen from is no longer true.
    if not form.ok or given["version"] != str(signed_in.profile_version):
        return await redisplay(
            request,
            CONFLICT,
            form,
            lambda form: _show_conflict(request, draft, form),
            draft=draft.id,
        )
    chosen = profile_form.values(differences.merge(signed_in.profile, typed, found, form))
    changes = flow.judged(signed_in, chosen).ok
    new = await services.write(
        flow.DRAFTS.keep,
        signed_in,
        draft.flow_id,
        chosen,
        base_version=given["version"],
        checked=changes,
    )
    if not changes:  # all was left as it is registered
        return redirect(request, url(request, EDIT, flow=draft.flow_id))
    address = url(request, CONFIRM, draft=new.id)
    return await next_step(request, address, lambda: _show_confirm(request, new))


async def _show_conflict(request: Request, draft: Draft, form: Form | None = None) -> Response:
    signed_in = account(request)
    found = differences.between(signed_in.profile, profile_form.profile(draft.values))
    form = form or form_to_show(request, CONFLICT, differences.spec(found))
    return render(
        request,
        CONFLICT,
        status=409 if form.ok else 422,
        form=form,
        differences=found,
        draft=draft.id,
        flow=draft.flow_id,
        version=signed_in.profile_version,
    )


async def complete(request: Request) -> Response:
    """Show the receipt; safe to reload."""
    otherwise = url(request, EDIT, notice="nothing-done")
    return await show_receipt(request, flow.NAME, _show_complete, otherwise)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    return render(request, COMPLETE, receipt=receipt)
