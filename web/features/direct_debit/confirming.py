"""確認, 届出書作成, and what happens when something else was quicker."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import words
from web.features.direct_debit import flow, form
from web.features.direct_debit.flow import Current
from web.features.direct_debit.places import (
    COMPLETE,
    CONFIRM,
    CONFLICT,
    EDIT,
    address,
    procedure_of,
)
from web.features.direct_debit.rows import Row, holder_differs, rows
from web.http.access import account, services_of
from web.http.body import read_form
from web.http.htmx import next_step, redirect
from web.http.render import render, url
from web.steps import receipts
from web.steps.drafts import Conflict, Draft, NothingToConfirm, TooOld
from web.store import direct_debit_forms
from web.store.direct_debit_forms import Action
from web.store.receipts import Receipt


async def confirm(request: Request) -> Response:
    """Show what will be on the 届出書, or make it."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await show_confirm(request, draft_id)
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    try:
        receipt = await services.write(flow.apply, signed_in, procedure, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    except Conflict:
        to = address(request, CONFLICT, draft=draft_id)
        return await next_step(request, to, lambda: _show_conflict(request, draft_id))
    to = address(request, COMPLETE, receipt=receipt.id)
    return await next_step(request, to, lambda: _show_complete(request, receipt))


async def show_confirm(request: Request, draft_id: str) -> Response:
    """Show a checked draft; one that was confirmed before leads to its 届出書作成."""
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    async with services.read() as reads:
        if await receipts.find(reads, draft_id, signed_in.id, flow.NAME):
            return redirect(request, address(request, COMPLETE, receipt=draft_id))
        try:
            draft = await flow.find(reads, signed_in, procedure, draft_id)
        except (NothingToConfirm, TooOld) as gone:
            return _back(request, gone)
        now = await flow.current(reads, signed_in, procedure.kind)
    if draft.base_version != now.version:
        return redirect(request, address(request, CONFLICT, draft=draft_id))
    try:
        wished = flow.wishes(procedure, now, draft)
    except Conflict:  # nothing is registered that could be changed or stopped
        return redirect(request, address(request, CONFLICT, draft=draft_id))
    details = wished[-1].details
    shown = rows(now.details if procedure.action is Action.CHANGE else None, details)
    return render(
        request,
        CONFIRM,
        procedure=procedure,
        heading=words.procedure(procedure.kind, procedure.action),
        draft=draft_id,
        flow=draft.flow_id,
        rows=shown,
        unchanged=procedure.action is Action.CHANGE and not any(row.changed for row in shown),
        passbook=bool(details.symbol),
        other_bank=len(wished) > 1,
        holder_differs=holder_differs(signed_in, details),
        registered=signed_in.name_kana,
    )


def _back(request: Request, gone: NothingToConfirm | TooOld) -> Response:
    if isinstance(gone, TooOld):
        return redirect(request, address(request, EDIT, flow=gone.flow_id, notice="draft-too-old"))
    return redirect(request, address(request, EDIT, notice="nothing-to-confirm"))


async def conflict(request: Request) -> Response:
    """Show how things stand meanwhile, or go on with what was typed."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _show_conflict(request, draft_id)
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    given = await read_form(request, "version")
    try:
        draft, now = await _found(request, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    # Moved once more while the person read: what was read is no longer true.
    if given["version"] != str(now.version) or procedure.action not in now.status.actions:
        to = address(request, CONFLICT, draft=draft_id)
        return await next_step(request, to, lambda: _show_conflict(request, draft_id))
    new_id = await services.write(
        flow.drafts(services).keep,
        signed_in,
        draft.flow_id,
        draft.typed,
        base_version=now.version,
        checked=True,
    )
    to = address(request, CONFIRM, draft=new_id)
    return await next_step(request, to, lambda: show_confirm(request, new_id))


async def _found(request: Request, draft_id: str) -> tuple[Draft, Current]:
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    async with services.read() as reads:
        draft = await flow.find(reads, signed_in, procedure, draft_id)
        return draft, await flow.current(reads, signed_in, procedure.kind)


async def _show_conflict(request: Request, draft_id: str) -> Response:
    procedure = procedure_of(request)
    try:
        draft, now = await _found(request, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    typed: list[Row] = []
    if procedure.action is not Action.STOP:
        whole = form.complete(procedure.kind, draft.typed)
        typed = rows(now.details, form.details(form.parse(procedure.kind, whole)))
    return render(
        request,
        CONFLICT,
        status=409,
        procedure=procedure,
        debit_status=now.status,
        may_go_on=procedure.action in now.status.actions,
        rows=typed,
        draft=draft_id,
        version=now.version,
    )


async def complete(request: Request) -> Response:
    """Show the forms that were made; safe to reload."""
    services, receipt_id = services_of(request), request.query_params.get("receipt", "")
    async with services.read() as reads:
        receipt = await receipts.find(reads, receipt_id, account(request).id, flow.NAME)
    if receipt is None:
        return RedirectResponse(address(request, EDIT, notice="nothing-done"), status_code=303)
    return await _show_complete(request, receipt)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    services, procedure = services_of(request), procedure_of(request)
    async with services.read() as reads:
        forms = await direct_debit_forms.of_receipt(reads, receipt.id)
    return render(
        request,
        COMPLETE,
        procedure=procedure,
        heading=words.procedure(procedure.kind, procedure.action),
        receipt=receipt,
        forms=[(words.form_title(each.kind, each.action), each) for each in forms],
        back=url(request, "mypage/show"),
        mail_to=services.settings.direct_debit_address,
    )
