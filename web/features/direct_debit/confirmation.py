"""新規作成, 情報変更 and 利用中止: 確認, 届出書作成, and what happens when something else was quicker."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit import words
from web.direct_debit.acts import arrives_by
from web.features.direct_debit import flow, form
from web.features.direct_debit.places import (
    COMPLETE,
    CONFIRM,
    CONFLICT,
    EDIT,
    address,
    current,
    procedure_of,
)
from web.fields.form import Form
from web.http.access import account, session
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import next_step, redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.steps import second_form, step_up
from web.steps.drafts import AppliedBefore, Conflict, Draft, NothingToConfirm
from web.steps.flow_pages import show_receipt
from web.steps.step_up import WrongCode
from web.store import direct_debit_forms
from web.store.direct_debit_forms import Action
from web.store.receipts import Receipt

Show = Callable[[Request, Draft], Awaitable[Response]]


async def _with_draft(request: Request, draft_id: str, show: Show) -> Response:
    """Show a draft that waits for 確定; without one lead to where the flow stands."""
    try:
        async with services_of(request).read() as work:
            draft = await flow.find(work, account(request), procedure_of(request), draft_id)
    except AppliedBefore as before:
        return redirect(request, address(request, COMPLETE, receipt=before.receipt.id))
    except NothingToConfirm as gone:
        return redirect(request, address(request, EDIT, **gone.query))
    return await show(request, draft)


async def confirm(request: Request) -> Response:
    """Show what will be on the 届出書, or make it."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _with_draft(request, draft_id, show)
    services, current_session, procedure = (
        services_of(request),
        session(request),
        procedure_of(request),
    )
    typed = await read_form(request, *second_form.BY_CODE.names)
    try:
        receipt = await flow.confirm(services, current_session, procedure, draft_id, typed)
    except WrongCode as wrong:
        code = second_form.BY_CODE.blank().with_error(wrong.at, str(wrong))
        again, kept = partial(_show_again, request, draft_id), {"draft": draft_id}
        where = {**request.path_params, "draft": draft_id}
        return await redisplay(request, CONFIRM, code, again, kept=kept, **where)
    except NothingToConfirm as gone:
        return redirect(request, address(request, EDIT, **gone.query))
    except Conflict:
        to = address(request, CONFLICT, draft=draft_id)
        return await next_step(request, to, lambda: _with_draft(request, draft_id, _show_conflict))
    to = address(request, COMPLETE, receipt=receipt.id)
    return await next_step(request, to, lambda: _show_complete(request, receipt))


async def _show_again(request: Request, draft_id: str, code: Form) -> Response:
    return await _with_draft(request, draft_id, partial(show, code=code))


async def show(request: Request, draft: Draft, code: Form | None = None) -> Response:
    """Show what will be on the 届出書."""
    signed_in, procedure, now = account(request), procedure_of(request), await current(request)
    try:
        wished = flow.wishes(procedure, now, draft)
    except Conflict:  # things moved on since the form was shown
        return redirect(request, address(request, CONFLICT, draft=draft.id))
    details = wished[-1].details
    rows = form.rows(now.details if procedure.action is Action.CHANGE else None, details)
    code = code or form_to_show(request, CONFIRM, second_form.BY_CODE, draft=draft.id)
    return render(
        request,
        CONFIRM,
        status=200 if code.ok else 422,
        form=code,
        second=session(request).second,
        offered=await step_up.offered(
            request, step_up.asker(session(request), flow.NAME), second=session(request).second
        ),
        procedure=procedure,
        draft=draft.id,
        flow=draft.flow_id,
        rows=rows,
        other_bank=len(wished) > 1,
        holder_differs=form.holder_differs(signed_in, details),
        registered=signed_in.name_kana,
    )


async def conflict(request: Request) -> Response:
    """Show how things stand meanwhile, or go on with what was typed."""
    show = _take_again if request.method == "POST" else _show_conflict
    return await _with_draft(request, request.query_params.get("draft", ""), show)


async def _take_again(request: Request, draft: Draft) -> Response:
    services, now = services_of(request), await current(request)
    given = await read_form(request, "version")
    # Moved once more while the person read: what was read is no longer true.
    if given["version"] != str(now.version) or not now.allows(procedure_of(request)):
        to = address(request, CONFLICT, draft=draft.id)
        return await next_step(request, to, lambda: _show_conflict(request, draft))
    changes = flow.judged(procedure_of(request), now, draft.values).ok
    new = await services.write(
        flow.DRAFTS.keep,
        account(request),
        draft.flow_id,
        draft.values,
        base_version=given["version"],
        checked=changes,
    )
    if not changes:  # the other tab did the same
        return redirect(request, address(request, EDIT, flow=draft.flow_id))
    to = address(request, CONFIRM, draft=new.id)
    return await next_step(request, to, lambda: show(request, new))


async def _show_conflict(request: Request, draft: Draft) -> Response:
    procedure, now = procedure_of(request), await current(request)
    stops = procedure.action is Action.STOP
    return render(
        request,
        CONFLICT,
        status=409,
        procedure=procedure,
        debit_status=now.status,
        may_continue=now.allows(procedure),
        rows=[] if stops else form.rows(now.details, form.details(draft.values)),
        draft=draft.id,
        version=now.version,
    )


async def complete(request: Request) -> Response:
    """Show the 届出書 that were made; safe to reload."""
    otherwise = address(request, EDIT, notice="nothing-done")
    return await show_receipt(request, flow.NAME, _show_complete, otherwise)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    services, procedure = services_of(request), procedure_of(request)
    mandates = await services.read_one(direct_debit_forms.of_receipt, receipt.id)
    return render(
        request,
        COMPLETE,
        procedure=procedure,
        receipt=receipt,
        mandates=[(words.paper_title(each.kind, each.action), each) for each in mandates],
        back=url(request, "mypage/show"),
        mail_to=services.settings.direct_debit_address,
        seal=words.SEAL,
        arrives=clock.day_style(arrives_by(receipt.created_at)),
    )
