"""新規作成, 情報変更 and 利用中止: 入力."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import words
from web.direct_debit.details import opened
from web.direct_debit.lines import masked_lines
from web.features.direct_debit import confirmation, flow, form, towns
from web.features.direct_debit.flow import Current, Procedure
from web.features.direct_debit.inquiry import SHOW
from web.features.direct_debit.places import CONFIRM, EDIT, address, current, procedure_of
from web.features.direct_debit.search import SEARCHES, candidates
from web.http import live_check
from web.http.access import account
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import next_step, redirect
from web.http.render import render, url
from web.services import Work
from web.steps.drafts import Draft
from web.steps.flow_pages import flow_of
from web.store.accounts import Account
from web.store.direct_debit_forms import Action


async def edit(request: Request) -> Response:
    """Show the form of a flow with its latest draft, or take what was typed."""
    flow_id = flow_of(request, flow.DRAFTS)
    if request.method != "POST":
        return await _show_latest(request, flow_id)
    return await _take_form(request, flow_id)


async def _show_latest(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    asked = {name: request.query_params.get(name, "") for name in ("again", "same", "notice")}
    if not flow_id:
        new = {"flow": flow.DRAFTS.new_flow_id(services.vault, signed_in)}
        known = {name: text for name, text in asked.items() if text}
        return RedirectResponse(address(request, EDIT, **known, **new), status_code=303)
    async with services.read() as work:
        draft = await flow.DRAFTS.latest(work, signed_in, flow_id)
        now = await flow.current(work, signed_in, procedure.kind)
        begins = await _begin(work, signed_in, procedure, now, asked)
    if draft and draft.values.get("procedure") == procedure.key:
        return await _show_draft(request, draft, now)
    if procedure.action not in now.status.actions:
        why = "debit-under-way" if now.status.under_way else "debit-not-now"
        return redirect(request, url(request, SHOW, kind=procedure.kind, notice=why))
    return await _show_form(request, now, flow_id, begins, None)


async def _begin(
    tx: Work, signed_in: Account, procedure: Procedure, now: Current, asked: Mapping[str, str]
) -> Mapping[str, str]:
    """Give what a form begins with: a 届出書 to be made again, the other kind, what is in use."""
    said = now.details
    if asked["again"]:
        earlier = await flow.own_mandate(tx, signed_in, procedure.kind, asked["again"])
        said = opened(tx.vault, earlier.id, earlier.sealed) if earlier else said
    elif asked["same"]:
        said = said or await flow.of_other_kind(tx, signed_in, procedure.kind)
    return form.values(said) if said else form.from_profile(signed_in)


async def _show_draft(request: Request, draft: Draft, now: Current | None = None) -> Response:
    chosen = {each: draft.values.get(f"{each}_choice") for each in SEARCHES}  # of a parked form
    typed = {**draft.values, **{each: text for each, text in chosen.items() if text}}
    return await _show_form(request, now or await current(request), draft.flow_id, typed, draft)


async def _show_form(
    request: Request, now: Current, flow_id: str, typed: Mapping[str, str], draft: Draft | None
) -> Response:
    procedure, searched = procedure_of(request), typed.get("search", "")
    answers = (
        flow.judged(procedure, now, typed)
        if draft and not searched
        else form.form_of(procedure.kind, procedure.action).with_errors(typed, towns.wrong(typed))
    )
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
        same_as=words.same_as(procedure.kind) if await _may_be_same(request, draft) else "",
        town=await towns.said(typed) if searched == towns.SEARCH else "",
        too_long=[] if draft or now.details else form.too_long_of_profile(account(request)),
        facts=masked_lines(now.details) if now.details else [],
    )


async def _may_be_same(request: Request, draft: Draft | None) -> bool:
    """Tell whether to offer the account of the other kind: to whoever begins a 新規作成."""
    here = procedure_of(request)
    if draft or here.action is not Action.NEW or "same" in request.query_params:
        return False
    async with services_of(request).read() as work:
        return await flow.of_other_kind(work, account(request), here.kind) is not None


async def _take_form(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    asked = form.form_of(procedure.kind, procedure.action)
    chosen = [f"{each}_choice" for each in SEARCHES]
    given = await read_form(request, "version", "search", *SEARCHES, *chosen, *asked.names)
    for field in SEARCHES:
        given[field] = given[f"{field}_choice"] or given[field]
    if given["search"] == towns.SEARCH:
        given["address"] = await towns.filled(given)
    answers = flow.judged(procedure, await current(request), given)
    searched = given["search"] if given["search"] in {*SEARCHES, towns.SEARCH} else ""
    draft = await services.write(
        flow.DRAFTS.keep,
        signed_in,
        flow_id,
        {**answers.values, "procedure": procedure.key, "search": searched},
        base_version=given["version"],
        checked=answers.ok and not searched,
    )
    if draft.checked:
        to = address(request, CONFIRM, draft=draft.id)
        show: Callable[..., Awaitable[Response]] = confirmation.show
    else:
        to, show = address(request, EDIT, flow=flow_id), _show_draft
    return await next_step(request, to, partial(show, request, draft), push=draft.checked)


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, form.CHECKED.check)
