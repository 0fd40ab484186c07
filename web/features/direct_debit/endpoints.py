"""入力 of 新規作成, 情報変更 and 利用中止."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import words
from web.direct_debit.details import opened
from web.direct_debit.lines import masked_lines
from web.features.direct_debit import flow, form
from web.features.direct_debit.confirming import show_confirm
from web.features.direct_debit.flow import Current
from web.features.direct_debit.places import CONFIRM, EDIT, SHOW, address, procedure_of
from web.features.direct_debit.search import SEARCHES, candidates
from web.fields.field import Refused
from web.fields.form import Form
from web.fields.holder import holder_kana
from web.http import live_check
from web.http.access import account, services_of
from web.http.body import read_form
from web.http.htmx import is_htmx, next_step, redirect
from web.http.render import render, url
from web.steps import flow_pages
from web.steps.drafts import Draft, read_version
from web.store.direct_debit_forms import Action


async def edit(request: Request) -> Response:
    """Show the form of a run with its latest draft, or take what was typed."""
    given = {name: request.query_params.get(name, "") for name in ("again", "notice")}
    known = {name: text for name, text in given.items() if text}
    return await flow_pages.serve_flow(
        request,
        flow.drafts(services_of(request)),
        show=_show_form,
        take=_take_form,
        address=lambda run: address(request, EDIT, **known, flow=run),
    )


async def _show_form(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    again = request.query_params.get("again", "")
    async with services.read() as reads:
        draft = await flow.drafts(services).latest(reads, signed_in, flow_id)
        now = await flow.current(reads, signed_in, procedure.kind)
        earlier = await flow.own_form(reads, signed_in, procedure.kind, again) if again else None
    if draft and draft.typed.get("procedure") != procedure.key:
        draft = None
    if not draft and procedure.action not in now.status.actions:
        return redirect(request, url(request, SHOW, kind=procedure.kind, notice="debit-not-now"))
    if draft:
        chosen = {each: draft.typed.get(f"{each}_choice") for each in SEARCHES}  # of a parked form
        typed = {**draft.typed, **{each: text for each, text in chosen.items() if text}}
        return _render_form(request, now, flow_id, typed, draft)
    if earlier:
        start = form.values(opened(services.vault, earlier.id, earlier.sealed))
    else:
        start = form.values(now.details) if now.details else _from_profile(request)
    return _render_form(request, now, flow_id, start, None)


def _from_profile(request: Request) -> dict[str, str]:
    signed_in = account(request)
    try:
        kana = holder_kana(signed_in.name_kana)
    except Refused:
        kana = ""  # too long for the banks, or a letter they lack: the person writes it
    return {"institution": "bank", "holder": signed_in.name, "holder_kana": kana}


def _render_form(
    request: Request, now: Current, flow_id: str, typed: Mapping[str, str], draft: Draft | None
) -> Response:
    procedure = procedure_of(request)
    kind, searched = procedure.kind, typed.get("search", "")
    whole = form.complete(kind, typed)
    if procedure.action is Action.STOP:
        answers = Form([])
    elif draft and not searched:
        answers = form.parse(kind, whole)
    else:
        answers = form.blank(kind, whole)
    return render(
        request,
        "direct_debit/stop" if procedure.action is Action.STOP else EDIT,
        status=200 if answers.ok else 422,
        form=answers,
        flow=flow_id,
        version=draft.base_version if draft else now.version,
        procedure=procedure,
        heading=words.procedure(kind, procedure.action),
        deposits=list(form.deposits(kind).items()),
        institutions=list(form.INSTITUTIONS.items()),
        candidates=candidates(searched, typed, answers),
        facts=masked_lines(now.details) if now.details else [],
    )


async def _take_form(request: Request, flow_id: str) -> Response:
    services, signed_in, procedure = services_of(request), account(request), procedure_of(request)
    kind, stops = procedure.kind, procedure.action is Action.STOP
    chosen = [f"{each}_choice" for each in SEARCHES]
    given = await read_form(request, "version", "search", *chosen, *form.names(kind))
    for field in SEARCHES:
        given[field] = given[f"{field}_choice"] or given[field]
    answers = Form([]) if stops else form.parse(kind, given)
    searched = given["search"] if given["search"] in SEARCHES else ""
    ready = answers.ok and not searched
    draft_id = await services.write(
        flow.drafts(services).keep,
        signed_in,
        flow_id,
        {**form.kept(answers), "procedure": procedure.key, "search": searched},
        base_version=read_version(given["version"]),
        checked=ready,
    )
    if ready:
        to = address(request, CONFIRM, draft=draft_id)
        return await next_step(request, to, lambda: show_confirm(request, draft_id))
    if is_htmx(request):
        return await _show_form(request, flow_id)
    return RedirectResponse(address(request, EDIT, flow=flow_id), status_code=303)


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, form.check)
