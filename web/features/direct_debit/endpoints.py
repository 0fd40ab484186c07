"""新規作成, 情報変更 and 利用中止: 入力, 確認, 届出書作成, and what happens when something else was quicker."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import words
from web.direct_debit.details import opened
from web.direct_debit.lines import masked_lines
from web.features.direct_debit import flow, form
from web.features.direct_debit.flow import Current, Procedure
from web.features.direct_debit.inquiry import SHOW
from web.features.direct_debit.search import SEARCHES, candidates
from web.http import live_check
from web.http.access import account
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import next_step, redirect
from web.http.render import render, url
from web.steps import receipts
from web.steps.drafts import AppliedBefore, Conflict, Draft, NothingToConfirm
from web.steps.flow_pages import flow_of
from web.store import direct_debit_forms
from web.store.direct_debit_forms import Action
from web.store.receipts import Receipt

EDIT, CONFIRM, COMPLETE = "direct_debit/edit", "direct_debit/confirm", "direct_debit/complete"
CONFLICT = "direct_debit/conflict"
Show = Callable[[Request, Draft], Awaitable[Response]]


def _procedure(request: Request) -> Procedure:
    return Procedure(request.path_params["kind"], request.path_params["action"])


def _address(request: Request, name: str, **values: str) -> str:
    """Give the address of a step of the same procedure."""
    here = _procedure(request)
    return url(request, name, kind=here.kind, action=here.action, **values)


async def edit(request: Request) -> Response:
    """Show the form of a flow with its latest draft, or take what was typed."""
    flow_id = flow_of(request, flow.DRAFTS)
    if request.method != "POST":
        return await _show_latest(request, flow_id)
    return await _take_form(request, flow_id)


async def _show_latest(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), _procedure(request)
    again, notice = (request.query_params.get(name, "") for name in ("again", "notice"))
    if not flow_id:
        new = {"flow": flow.DRAFTS.new_flow_id(services.vault, signed_in)}
        known = {name: text for name, text in (("again", again), ("notice", notice)) if text}
        return RedirectResponse(_address(request, EDIT, **known, **new), status_code=303)
    async with services.read() as work:
        draft = await flow.DRAFTS.latest(work, signed_in, flow_id)
        now = await flow.current(work, signed_in, procedure.kind)
        earlier = await flow.own_mandate(work, signed_in, procedure.kind, again) if again else None
    if draft and draft.values.get("procedure") == procedure.key:
        return await _show_draft(request, draft, now)
    if procedure.action not in now.status.actions:
        why = "debit-under-way" if now.status.under_way else "debit-not-now"
        return redirect(request, url(request, SHOW, kind=procedure.kind, notice=why))
    said = opened(services.vault, earlier.id, earlier.sealed) if earlier else now.details
    start = form.values(said) if said else form.from_profile(signed_in)
    return await _show_form(request, now, flow_id, start, None)


async def _show_draft(request: Request, draft: Draft, now: Current | None = None) -> Response:
    chosen = {each: draft.values.get(f"{each}_choice") for each in SEARCHES}  # of a parked form
    typed = {**draft.values, **{each: text for each, text in chosen.items() if text}}
    return await _show_form(request, now or await _now(request), draft.flow_id, typed, draft)


async def _show_form(
    request: Request, now: Current, flow_id: str, typed: Mapping[str, str], draft: Draft | None
) -> Response:
    procedure, searched = _procedure(request), typed.get("search", "")
    asked = form.form_of(procedure.kind, procedure.action)
    answers = asked.parse(typed) if draft and not searched else asked.with_errors(typed, {})
    return render(
        request,
        "direct_debit/stop" if procedure.action is Action.STOP else EDIT,
        status=200 if answers.ok else 422,
        form=answers,
        flow=flow_id,
        version=draft.base_version if draft else now.version,
        procedure=procedure,
        deposits=list(form.deposits(procedure.kind).items()),
        institutions=list(form.INSTITUTIONS.items()),
        candidates=candidates(searched, typed, answers),
        facts=masked_lines(now.details) if now.details else [],
    )


async def _take_form(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), _procedure(request)
    asked = form.form_of(procedure.kind, procedure.action)
    chosen = [f"{each}_choice" for each in SEARCHES]
    given = await read_form(request, "version", "search", *SEARCHES, *chosen, *asked.names)
    for field in SEARCHES:
        given[field] = given[f"{field}_choice"] or given[field]
    answers = asked.parse(given)
    searched = given["search"] if given["search"] in SEARCHES else ""
    draft = await services.write(
        flow.DRAFTS.keep,
        signed_in,
        flow_id,
        {**answers.values, "procedure": procedure.key, "search": searched},
        base_version=given["version"],
        checked=answers.ok and not searched,
    )
    if draft.checked:
        to, show = _address(request, CONFIRM, draft=draft.id), _show_confirm
    else:
        to, show = _address(request, EDIT, flow=flow_id), _show_draft
    return await next_step(request, to, partial(show, request, draft), push=draft.checked)


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, form.CHECKED.check)


async def _now(request: Request) -> Current:
    async with services_of(request).read() as work:
        return await flow.current(work, account(request), _procedure(request).kind)


async def _with_draft(request: Request, draft_id: str, show: Show) -> Response:
    """Show a draft that waits for 確定; without one lead to where the flow stands."""
    try:
        async with services_of(request).read() as work:
            draft = await flow.find(work, account(request), _procedure(request), draft_id)
    except AppliedBefore as before:
        return redirect(request, _address(request, COMPLETE, receipt=before.receipt.id))
    except NothingToConfirm as gone:
        return redirect(request, _address(request, EDIT, **gone.query))
    return await show(request, draft)


async def confirm(request: Request) -> Response:
    """Show what will be on the 届出書, or make it."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _with_draft(request, draft_id, _show_confirm)
    services, signed_in, procedure = services_of(request), account(request), _procedure(request)
    try:
        receipt = await services.write(flow.apply, signed_in, procedure, draft_id)
    except NothingToConfirm as gone:
        return redirect(request, _address(request, EDIT, **gone.query))
    except Conflict:
        to = _address(request, CONFLICT, draft=draft_id)
        return await next_step(request, to, lambda: _with_draft(request, draft_id, _show_conflict))
    to = _address(request, COMPLETE, receipt=receipt.id)
    return await next_step(request, to, lambda: _show_complete(request, receipt))


async def _show_confirm(request: Request, draft: Draft) -> Response:
    signed_in, procedure, now = account(request), _procedure(request), await _now(request)
    try:
        wished = flow.wishes(procedure, now, draft)
    except Conflict:  # things moved on since the form was shown
        return redirect(request, _address(request, CONFLICT, draft=draft.id))
    details = wished[-1].details
    rows = form.rows(now.details if procedure.action is Action.CHANGE else None, details)
    return render(
        request,
        CONFIRM,
        procedure=procedure,
        draft=draft.id,
        flow=draft.flow_id,
        rows=rows,
        unchanged=procedure.action is Action.CHANGE and not any(row.changed for row in rows),
        other_bank=len(wished) > 1,
        holder_differs=form.holder_differs(signed_in, details),
        registered=signed_in.name_kana,
    )


async def conflict(request: Request) -> Response:
    """Show how things stand meanwhile, or go on with what was typed."""
    show = _take_again if request.method == "POST" else _show_conflict
    return await _with_draft(request, request.query_params.get("draft", ""), show)


async def _take_again(request: Request, draft: Draft) -> Response:
    services, now = services_of(request), await _now(request)
    given = await read_form(request, "version")
    # Moved once more while the person read: what was read is no longer true.
    if given["version"] != str(now.version) or not now.allows(_procedure(request)):
        to = _address(request, CONFLICT, draft=draft.id)
        return await next_step(request, to, lambda: _show_conflict(request, draft))
    new = await services.write(
        flow.DRAFTS.keep,
        account(request),
        draft.flow_id,
        draft.values,
        base_version=given["version"],
    )
    to = _address(request, CONFIRM, draft=new.id)
    return await next_step(request, to, lambda: _show_confirm(request, new))


async def _show_conflict(request: Request, draft: Draft) -> Response:
    procedure, now = _procedure(request), await _now(request)
    stops = procedure.action is Action.STOP
    return render(
        request,
        CONFLICT,
        status=409,
        procedure=procedure,
        debit_status=now.status,
        may_go_on=now.allows(procedure),
        rows=[] if stops else form.rows(now.details, form.details(draft.values)),
        draft=draft.id,
        version=now.version,
    )


async def complete(request: Request) -> Response:
    """Show the 届出書 that were made; safe to reload."""
    services, receipt_id = services_of(request), request.query_params.get("receipt", "")
    receipt = await services.read_one(receipts.find, receipt_id, account(request).id, flow.NAME)
    if receipt is None:
        return RedirectResponse(_address(request, EDIT, notice="nothing-done"), status_code=303)
    return await _show_complete(request, receipt)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    services, procedure = services_of(request), _procedure(request)
    mandates = await services.read_one(direct_debit_forms.of_receipt, receipt.id)
    return render(
        request,
        COMPLETE,
        procedure=procedure,
        receipt=receipt,
        mandates=[(words.paper_title(each.kind, each.action), each) for each in mandates],
        back=url(request, "mypage/show"),
        mail_to=services.settings.direct_debit_address,
    )
