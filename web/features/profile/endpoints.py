"""U1 依頼の入力, U2 依頼の確認, U3 登録完了."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.profile import differences, flow
from web.fields.field import Form
from web.http import carry, live_check
from web.http.body import read_form
from web.http.client import attempt_of
from web.http.entry import account
from web.http.htmx import go_on, is_htmx, leave
from web.http.render import render, url
from web.http.services import services
from web.steps import current_password, profile_form, receipts, runs
from web.steps.drafts import Conflict, Draft, NothingToConfirm, TooOld, read_version
from web.store.receipts import Receipt

EDIT, CONFIRM, COMPLETE = "profile/edit", "profile/confirm", "profile/complete"
CONFLICT = "profile/conflict"


async def edit(request: Request) -> Response:
    """Show the form of a run with its latest draft, or take what was typed."""
    return await runs.enter(
        request,
        flow.drafts(services(request)),
        show=_show_form,
        take=_take_form,
        address=lambda run: url(request, EDIT, **{**request.query_params, "flow": run}),
    )


async def _show_form(request: Request, flow_id: str) -> Response:
    parts, signed_in = services(request), account(request)
    async with parts.database.read() as reads:
        draft = await flow.drafts(parts).latest(reads, signed_in, flow_id)
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
        version=draft.profile_version if draft else signed_in.profile_version,
        kinds=profile_form.KINDS,
    )


async def _take_form(request: Request, flow_id: str) -> Response:
    parts, signed_in = services(request), account(request)
    given = await read_form(request, "version", *profile_form.FIELDS)
    answers = profile_form.parse(given)
    draft_id = await parts.database.write(
        flow.drafts(parts).keep,
        signed_in,
        flow_id,
        profile_form.kept(answers),
        # the version that the person saw; a forged one can only earn its sender a conflict page
        profile_version=read_version(given["version"]),
        checked=answers.ok,
        now=clock.now(),
    )
    if answers.ok:
        address = url(request, CONFIRM, draft=draft_id)
        return await go_on(request, address, lambda: _show_confirm(request, draft_id))
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
    parts, signed_in = services(request), account(request)
    asked = current_password.FIELD.name
    typed = (await read_form(request, asked))[asked]
    attempt = attempt_of(request, signed_in.payment_user_id)
    try:
        receipt = await flow.confirm(parts, signed_in, attempt, draft_id, typed, now=clock.now())
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    except current_password.WrongPassword as wrong:
        return await _ask_again(request, draft_id, str(wrong))
    except Conflict:
        address = url(request, CONFLICT, draft=draft_id)
        return await go_on(request, address, lambda: _show_conflict(request, draft_id))
    address = url(request, COMPLETE, receipt=receipt.id)
    return await go_on(request, address, lambda: _show_complete(request, receipt))


async def _ask_again(request: Request, draft_id: str, error: str) -> Response:
    if is_htmx(request):
        return await _show_confirm(request, draft_id, error)
    return carry.back_to(request, CONFIRM, {"draft": draft_id, "error": error}, draft=draft_id)


async def _show_confirm(request: Request, draft_id: str, error: str = "") -> Response:
    parts, signed_in = services(request), account(request)
    async with parts.database.read() as reads:
        if await receipts.find(reads, draft_id, signed_in.id, flow.NAME):
            return leave(request, url(request, COMPLETE, receipt=draft_id))
        try:
            draft = await flow.drafts(parts).find(reads, signed_in, draft_id, now=clock.now())
        except (NothingToConfirm, TooOld) as gone:
            return _back(request, gone)
    if draft.profile_version != signed_in.profile_version:
        return leave(request, url(request, CONFLICT, draft=draft_id))
    new = profile_form.read(draft.typed)
    rows = profile_form.rows(signed_in.profile, new)
    kept = carry.carried(request, CONFIRM) or {}
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
        return leave(request, url(request, EDIT, flow=gone.flow_id, notice="draft-too-old"))
    return leave(request, url(request, EDIT, notice="nothing-to-confirm"))


async def conflict(request: Request) -> Response:
    """Show what differs from what is registered meanwhile, or take what was chosen."""
    draft_id = request.query_params.get("draft", "")
    if request.method != "POST":
        return await _show_conflict(request, draft_id)
    parts, signed_in = services(request), account(request)
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
        return carry.back_to(request, CONFLICT, dict(given), draft=draft_id)
    chosen = differences.merge(signed_in.profile, typed, found, choices)
    new_id = await parts.database.write(
        flow.drafts(parts).keep,
        signed_in,
        draft.flow_id,
        profile_form.of(chosen).typed,
        profile_version=signed_in.profile_version,
        checked=True,
        now=clock.now(),
    )
    return await go_on(
        request, url(request, CONFIRM, draft=new_id), lambda: _show_confirm(request, new_id)
    )


async def _draft(request: Request, draft_id: str) -> Draft:
    parts, signed_in = services(request), account(request)
    async with parts.database.read() as reads:
        return await flow.drafts(parts).find(reads, signed_in, draft_id, now=clock.now())


async def _show_conflict(request: Request, draft_id: str, choices: Form | None = None) -> Response:
    signed_in = account(request)
    try:
        draft = await _draft(request, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, gone)
    found = differences.between(signed_in.profile, profile_form.read(draft.typed))
    kept = carry.carried(request, CONFLICT)
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
    parts, receipt_id = services(request), request.query_params.get("receipt", "")
    async with parts.database.read() as reads:
        receipt = await receipts.find(reads, receipt_id, account(request).id, flow.NAME)
    if receipt is None:
        return RedirectResponse(url(request, EDIT, notice="nothing-done"), status_code=303)
    return await _show_complete(request, receipt)


async def _show_complete(request: Request, receipt: Receipt) -> Response:
    return render(request, COMPLETE, receipt=receipt)
