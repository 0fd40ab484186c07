"""U1 依頼の入力, U2 依頼の確認, U3 登録完了."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.features.profile import differences, flow
from web.fields.form import Form
from web.http import live_check, stash
from web.http.access import account, services_of
from web.http.body import read_form
from web.http.client import attempt_of
from web.http.htmx import is_htmx, next_step, redirect
from web.http.render import render, url
from web.steps import current_password, flow_pages, profile_form, receipts
from web.steps.drafts import Conflict, Draft, NothingToConfirm, TooOld, read_version
from web.store.receipts import Receipt

EDIT, CONFIRM, COMPLETE = "profile/edit", "profile/confirm", "profile/complete"
CONFLICT = "profile/conflict"


async def edit(request: Request) -> Response:
    """Show the form of a run with its latest draft, or take what was typed."""
    return await flow_pages.serve_flow(
        request,
        flow.drafts(services_of(request)),
        show=_show_form,
        take=_take_form,
        address=lambda run: url(request, EDIT, **{**request.query_params, "flow": run}),
    )


async def _show_form(request: Request, flow_id: str) -> Response:
    services, signed_in = services_of(request), account(request)
    async with services.read() as reads:
        draft = await flow.drafts(services).latest(reads, signed_in, flow_id)
    answers = (
        profile_form.parse(profile_form.complete(draft.typed))
        if draft
        else profile_form.of(signed_in.profile)
    )
    return render(
        request,
        EDIT,
        status=200 if answers.ok or not draft else 422,
        form=answers,
        flow=flow_id,
        version=draft.base_version if draft else signed_in.profile_version,
        kinds=profile_form.KINDS,
    )


async def _take_form(request: Request, flow_id: str) -> Response:
    services, signed_in = services_of(request), account(request)
    given = await read_form(request, "version", *profile_form.FIELDS)
    answers = profile_form.parse(given)
    draft_id = await services.write(
        flow.drafts(services).keep,
        signed_in,
        flow_id,
        profile_form.kept(answers),
        base_version=read_version(given["version"]),
        checked=answers.ok,
    )
    if answers.ok:
        address = url(request, CONFIRM, draft=draft_id)
        return await next_step(request, address, lambda: _show_confirm(request, draft_id))
    if is_htmx(request):
        return await _show_form(request, flow_id)
    return RedirectResponse(url(request, EDIT, flow=flow_id), status_code=303)


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, profile_form.check)


async def confirm(request: Request) -> Response:
    """Show what will be registered, or register it."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _show_confirm(request, draft_id)
    services, signed_in = services_of(request), account(request)
    asked = current_password.FIELD.name
    typed = (await read_form(request, asked))[asked]
    attempt = attempt_of(request, signed_in.payment_user_id)
    try:
        receipt = await flow.confirm(services, signed_in, attempt, draft_id, typed)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    except current_password.WrongPassword as wrong:
        return await _ask_again(request, draft_id, str(wrong))
    except Conflict:
        address = url(request, CONFLICT, draft=draft_id)
        return await next_step(request, address, lambda: _show_conflict(request, draft_id))
    address = url(request, COMPLETE, receipt=receipt.id)
    return await next_step(request, address, lambda: _show_complete(request, receipt))


async def _ask_again(request: Request, draft_id: str, error: str) -> Response:
    if is_htmx(request):
        return await _show_confirm(request, draft_id, error)
    return stash.back_to(request, CONFIRM, {"draft": draft_id, "error": error}, draft=draft_id)


async def _show_confirm(request: Request, draft_id: str, error: str = "") -> Response:
    services, signed_in = services_of(request), account(request)
    async with services.read() as reads:
        if await receipts.find(reads, draft_id, signed_in.id, flow.NAME):
            return redirect(request, url(request, COMPLETE, receipt=draft_id))
        try:
            draft = await flow.drafts(services).find(reads, signed_in, draft_id)
        except (NothingToConfirm, TooOld) as gone:
            return _back(request, gone)
    if draft.base_version != signed_in.profile_version:
        return redirect(request, url(request, CONFLICT, draft=draft_id))
    new = profile_form.read(draft.typed)
    rows = profile_form.rows(signed_in.profile, new)
    kept = stash.stashed(request, CONFIRM) or {}
    if kept.get("draft") == draft_id:
        error = kept["error"]
    return render(
        request,
        CONFIRM,
        status=422 if error else 200,
        form=current_password.form(error),
        asks_password=flow.needs_password(signed_in, new),
        draft=draft_id,
        flow=draft.flow_id,
        rows=rows,
        fields=profile_form.PLACES,
        unchanged=not any(row.changed for row in rows),
    )


def _back(request: Request, gone: NothingToConfirm | TooOld) -> Response:
    if isinstance(gone, TooOld):
        return redirect(request, url(request, EDIT, flow=gone.flow_id, notice="draft-too-old"))
    return redirect(request, url(request, EDIT, notice="nothing-to-confirm"))


async def conflict(request: Request) -> Response:
    """Show what differs from what is registered meanwhile, or take what was chosen."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _show_conflict(request, draft_id)
    services, signed_in = services_of(request), account(request)
    try:
        draft = await _draft(request, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    typed = profile_form.read(draft.typed)
    found = differences.between(signed_in.profile, typed)
    given = await read_form(request, "version", *(each.field.name for each in found))
    choices = differences.parse(found, given)
    # Changed once more while the person chose: what was chosen from is no longer true.
    if not choices.ok or given["version"] != str(signed_in.profile_version):
        if is_htmx(request):
            return await _show_conflict(request, draft_id, choices)
        return stash.back_to(request, CONFLICT, dict(given), draft=draft_id)
    chosen = differences.merge(signed_in.profile, typed, found, choices)
    new_id = await services.write(
        flow.drafts(services).keep,
        signed_in,
        draft.flow_id,
        profile_form.of(chosen).typed,
        base_version=signed_in.profile_version,
        checked=True,
    )
    return await next_step(
        request, url(request, CONFIRM, draft=new_id), lambda: _show_confirm(request, new_id)
    )


async def _draft(request: Request, draft_id: str) -> Draft:
    services, signed_in = services_of(request), account(request)
    async with services.read() as reads:
        return await flow.drafts(services).find(reads, signed_in, draft_id)


async def _show_conflict(request: Request, draft_id: str, choices: Form | None = None) -> Response:
    signed_in = account(request)
    try:
        draft = await _draft(request, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    found = differences.between(signed_in.profile, profile_form.read(draft.typed))
    kept = stash.stashed(request, CONFLICT)
    if kept is not None:
        choices = differences.parse(found, kept)
    answers = choices or differences.blank(found)
    return render(
        request,
        CONFLICT,
        status=409 if answers.ok else 422,
        form=answers,
        differences=found,
        draft=draft_id,
        flow=draft.flow_id,
        version=signed_in.profile_version,
    )


async def complete(request: Request) -> Response:
    """Show the receipt; safe to reload."""
    services, receipt_id = services_of(request), request.query_params.get("receipt", "")
    async with services.read() as reads:
        receipt = await receipts.find(reads, receipt_id, account(request).id, flow.NAME)
    if receipt is None:
        return RedirectResponse(url(request, EDIT, notice="nothing-done"), status_code=303)
    return await _show_complete(request, receipt)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    return render(request, COMPLETE, receipt=receipt)
