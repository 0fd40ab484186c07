"""I4 利用者情報の入力, I5 希望パスワードの入力, I6 依頼の確認, I7 発行完了: from the mailed URL on."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.issuance import flow, numbers, screens
from web.fields.form import Form
from web.http import cookies, live_check, stash
from web.http.access import services_of
from web.http.body import BadRequest, read_exactly, read_form
from web.http.client import count_judging
from web.http.htmx import is_htmx, next_step, redirect
from web.http.render import partial, render, url
from web.security import new_password, tokens
from web.steps import profile_form
from web.steps.drafts import Draft, NothingToConfirm, TooOld
from web.store import accounts
from web.store.credentials import CredentialKind
from web.store.issuances import Issuance

EDIT, PASSWORDS, CONFIRM = "issuance/edit", "issuance/passwords", "issuance/confirm"
COMPLETE, SPENT, REOPEN = "issuance/complete", "issuance/spent", "issuance/reopen"
Step = Callable[[Request, Issuance], Awaitable[Response]]


def _cookie(issuance_id: str) -> str:
    return f"issue-{issuance_id}"


def _spent(request: Request) -> Response:
    hours = services_of(request).settings.issue_link_hours
    return render(request, SPENT, status=410, hours=hours)


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing.

    Mail scanners open links, some run scripts, some come twenty times.
    """
    services, key, now = services_of(request), request.query_params.get("key", ""), clock.now()
    issuance = await flow.find(services, key)
    if issuance is None or not issuance.live(now):
        return _spent(request)
    response = RedirectResponse(url(request, EDIT, link=issuance.id), status_code=303)
    seconds = issuance.expires_at - now
    cookies.put(response, services.settings, _cookie(issuance.id), key.upper(), seconds=seconds)
    return response


async def _held(request: Request) -> Issuance | None:
    """Find the issuance that the address names and the browser holds the key of."""
    services, issuance_id = services_of(request), request.query_params.get("link", "")
    if not tokens.is_id(issuance_id):
        return None
    issuance = await flow.find(
        services, cookies.read(request, services.settings, _cookie(issuance_id))
    )
    return issuance if issuance and issuance.id == issuance_id else None


def _step(step: Step) -> Callable[[Request], Awaitable[Response]]:
    """Let nobody but the holder of a live URL take a step; what is done leads to 発行完了."""

    async def enter(request: Request) -> Response:
        issuance = await _held(request)
        if issuance is None:
            return render(request, REOPEN, status=403)
        if issuance.used_at is not None:
            return redirect(request, url(request, COMPLETE, link=issuance.id))
        if not issuance.live(clock.now()):
            return _spent(request)
        try:
            return await step(request, issuance)
        except flow.Spent:  # by a press that came at the same moment
            return redirect(request, url(request, COMPLETE, link=issuance.id))

    return enter


async def _latest(request: Request, issuance: Issuance) -> Draft | None:
    services = services_of(request)
    async with services.read() as reads:
        return await flow.drafts(services).latest(reads, issuance, issuance.id)


@_step
async def edit(request: Request, issuance: Issuance) -> Response:
    """I4: show the form with its latest draft, or take what was typed."""
    if request.method != "POST":
        return await _show_edit(request, issuance)
    services = services_of(request)
    form = flow.judge(services, issuance, await read_form(request, *profile_form.FIELDS))
    draft_id, ready = await services.write(flow.fill_in, issuance.id, form)
    if ready:
        address = url(request, CONFIRM, link=issuance.id, draft=draft_id)
        return await next_step(request, address, lambda: _show_confirm(request, issuance, draft_id))
    if form.ok:
        address = url(request, PASSWORDS, link=issuance.id)
        return await next_step(request, address, lambda: _show_passwords(request, issuance))
    if is_htmx(request):
        return await _show_edit(request, issuance)
    return RedirectResponse(url(request, EDIT, link=issuance.id), status_code=303)


async def _show_edit(request: Request, issuance: Issuance) -> Response:
    draft = await _latest(request, issuance)
    form = flow.judge(services_of(request), issuance, draft.typed if draft else {})
    if draft is None:
        form = Form(profile_form.FIELDS[name].blank(typed) for name, typed in form.typed.items())
    return render(request, EDIT, status=200 if form.ok else 422, form=form, link=issuance.id)


async def check(request: Request) -> Response:
    """Judge the field that was just left."""
    return await live_check.judged(request, profile_form.check)


@_step
async def passwords(request: Request, issuance: Issuance) -> Response:
    """I5: show the form for both passwords, or take them."""
    services = services_of(request)
    if request.method != "POST":
        kept = stash.stashed(request, PASSWORDS) or {}
        errors = kept.get("errors", {}) if kept.get("link") == issuance.id else {}
        return await _show_passwords(request, issuance, errors)
    given = await read_form(request, *screens.PASSWORDS)
    draft, form = (
        await _latest(request, issuance),
        screens.parse_passwords(services.settings, given),
    )
    errors = {answer.field.name: answer.error for answer in form.errors}
    if draft and not errors:
        try:
            draft_id = await flow.choose_passwords(services, issuance, draft, form)
        except flow.NotAccepted as refusal:
            errors = dict(refusal.errors)
        except NothingToConfirm as gone:
            return _back(request, issuance, gone)
        else:
            address = url(request, CONFIRM, link=issuance.id, draft=draft_id)
            return await next_step(
                request, address, lambda: _show_confirm(request, issuance, draft_id)
            )
    if is_htmx(request):
        return await _show_passwords(request, issuance, errors)
    kept = {"link": issuance.id, "errors": errors}
    return stash.back_to(request, PASSWORDS, kept, link=issuance.id)


async def _show_passwords(
    request: Request, issuance: Issuance, errors: dict[str, str] | None = None
) -> Response:
    services = services_of(request)
    if flow.filled_in(await _latest(request, issuance)) is None:
        return _back(request, issuance, NothingToConfirm())
    form = screens.passwords_with_errors(services.settings, errors or {})
    held = await _held(request)  # the number may be kept for it since this request began
    return render(
        request,
        PASSWORDS,
        status=200 if form.ok else 422,
        form=form,
        link=issuance.id,
        user_ids=numbers.pair(services.settings, (held or issuance).number or ""),
        kinds=list(CredentialKind),
        hint=new_password.first_hint(services.settings),
    )


async def check_password(request: Request) -> Response:
    """Judge one of the new passwords as it is left; it comes alone."""
    given, services = await read_exactly(request), services_of(request)
    kind = next((k for k in CredentialKind if set(given) == {f"{k}_password"}), None)
    if kind is None:
        raise BadRequest("fields that no live check sends")
    answer = screens.password_field(kind, services.settings).check(given[f"{kind}_password"])
    issuance = await _held(request)
    profile = flow.filled_in(await _latest(request, issuance)) if issuance else None
    if answer.good and profile:
        count_judging(request)
        why_not = await flow.weakness(services, profile, answer.value)
        answer = answer.refused(why_not) if why_not else answer
    return partial(request, "partials/field_check.html", answer=answer)


@_step
async def confirm(request: Request, issuance: Issuance) -> Response:
    """I6: show what will be registered, or issue the IDs."""
    services, draft_id = services_of(request), request.query_params.get("draft", "")
    if request.method != "POST":
        return await _show_confirm(request, issuance, draft_id)
    try:
        await services.write(flow.issue, issuance.id, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, issuance, gone)
    address = url(request, COMPLETE, link=issuance.id)
    return await next_step(request, address, lambda: complete(request))


async def _show_confirm(request: Request, issuance: Issuance, draft_id: str) -> Response:
    services = services_of(request)
    try:
        async with services.read() as reads:
            draft = await flow.drafts(services).find(reads, issuance, draft_id)
    except (NothingToConfirm, TooOld) as gone:
        return _back(request, issuance, gone)
    return render(
        request,
        CONFIRM,
        rows=profile_form.new_rows(profile_form.read(draft.typed)),
        fields={
            label: name for label, name in profile_form.PLACES.items() if name != "admin_email"
        },
        link=issuance.id,
        draft=draft_id,
    )


def _back(request: Request, issuance: Issuance, gone: NothingToConfirm | TooOld) -> Response:
    notice = "draft-too-old" if isinstance(gone, TooOld) else "nothing-to-confirm"
    return redirect(request, url(request, EDIT, link=issuance.id, notice=notice))


async def complete(request: Request) -> Response:
    """I7: show both IDs to the browser that holds the key; safe to reload."""
    services, issuance = services_of(request), await _held(request)
    if issuance is None:
        return render(request, REOPEN, status=403)
    async with services.read() as reads:
        receipt = await flow.done(reads, issuance.id)
        account = await accounts.find(reads, receipt.account_id) if receipt else None
    if receipt is None or account is None:
        if not issuance.live(clock.now()):
            return _spent(request)
        return redirect(request, url(request, EDIT, link=issuance.id, notice="nothing-done"))
    return render(request, COMPLETE, receipt=receipt, account=account)
