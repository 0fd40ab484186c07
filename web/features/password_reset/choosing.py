"""B4, B5 and R4, R5: the mailed URL, the new password, 登録完了."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.password_reset import form, links
from web.fields.form import Form
from web.http import cookies, stash
from web.http.access import services_of
from web.http.body import BadRequest, read_exactly, read_form
from web.http.client import count_judging
from web.http.htmx import is_htmx, next_step
from web.http.render import partial, render, url
from web.security import new_password, tokens
from web.store import reset_links
from web.store.credentials import CredentialKind
from web.store.reset_links import Link

CHOOSE, COMPLETE = "password_reset/choose", "password_reset/complete"
SPENT, REOPEN = "password_reset/spent", "password_reset/reopen"


def _kind(request: Request) -> CredentialKind:
    kind: CredentialKind = request.path_params["kind"]
    return kind


def _cookie(link_id: str) -> str:
    return f"reset-{link_id}"


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing.

    Mail scanners open links, some run scripts, some come twenty times.
    """
    services, key = services_of(request), request.query_params.get("key", "")
    link = await links.find(services, key, _kind(request))
    now = clock.now()
    if link is None or not link.live(now):
        return _spent(request)
    address = url(request, CHOOSE, kind=link.kind, link=link.id)
    response = RedirectResponse(address, status_code=303)
    cookies.put(
        response,
        services.settings,
        _cookie(link.id),
        key.upper(),
        seconds=link.expires_at - now,
    )
    return response


async def choose(request: Request) -> Response:
    """Show the form for the new password, or set it."""
    link = await _link(request)
    if link is None:
        return render(request, REOPEN, status=403)
    if request.method == "POST":
        return await _take(request, link)
    if not link.live(clock.now()):
        return _spent(request)
    kept = stash.stashed(request, CHOOSE) or {}
    errors = kept.get("errors", {}) if kept.get("link") == link.id else {}
    return await _form(
        request, link, form.passwords_with_errors(services_of(request).settings, errors)
    )


async def _link(request: Request) -> Link | None:
    """Find the link that the address names and the browser holds the key of."""
    services, link_id = services_of(request), request.query_params.get("link", "")
    if not tokens.is_id(link_id):
        return None
    key = cookies.read(request, services.settings, _cookie(link_id))
    link = await links.find(services, key, _kind(request))
    return link if link and link.id == link_id else None


async def _form(request: Request, link: Link, answers: Form) -> Response:
    services = services_of(request)
    try:
        owner = await links.owner(services, link)
    except links.Spent:
        return _spent(request)
    return render(
        request,
        CHOOSE,
        status=200 if answers.ok else 422,
        form=answers,
        link=link.id,
        credential=link.kind,
        user_id=links.user_id(owner, link.kind),
        password_hint=new_password.hint(services.settings),
    )


async def _take(request: Request, link: Link) -> Response:
    services, now = services_of(request), clock.now()
    given = await read_form(request, *form.PASSWORDS)
    if not link.live(now):
        return await _repeat_or_spent(request, link, given["new_password"])
    answers = form.parse_passwords(services.settings, given)
    if not answers.ok:
        errors = {answer.field.name: answer.error for answer in answers.errors}
        return await _again(request, link, errors)
    try:
        await links.set_password(services, link, answers["new_password"].value)
    except links.NotAccepted as refusal:
        # A press that came while the first one was being worked on finds its password "used".
        if await _used_meanwhile(request):
            return await _repeat_or_spent(request, await _link(request), given["new_password"])
        return await _again(request, link, {"new_password": str(refusal)})
    except links.Spent:
        return await _repeat_or_spent(request, await _link(request), given["new_password"])
    return await _done(request, link)


async def _used_meanwhile(request: Request) -> bool:
    link = await _link(request)
    return link is None or link.used_at is not None


async def _repeat_or_spent(request: Request, link: Link | None, typed: str) -> Response:
    """Lead the same press, coming again, to 登録完了; anything else is too late."""
    if link and await links.is_repeat(services_of(request), link, typed, now=clock.now()):
        return await _done(request, link)
    return _spent(request)


async def _done(request: Request, link: Link) -> Response:
    address = url(request, COMPLETE, kind=link.kind, link=link.id)
    return await next_step(request, address, lambda: _show_complete(request, link.kind))


async def _again(request: Request, link: Link, errors: dict[str, str]) -> Response:
    if is_htmx(request):
        settings = services_of(request).settings
        return await _form(request, link, form.passwords_with_errors(settings, errors))
    kept = {"link": link.id, "errors": errors}
    return stash.back_to(request, CHOOSE, kept, kind=link.kind, link=link.id)


async def check_password(request: Request) -> Response:
    """Judge the new password as it is left; it comes alone."""
    given = await read_exactly(request)
    if set(given) != {"new_password"}:
        raise BadRequest("fields that no live check sends")
    services, link = services_of(request), await _link(request)
    answer = form.new_field(services.settings).check(given["new_password"])
    if answer.good and link and link.live(clock.now()):
        count_judging(request)
        why_not = await links.weakness(services, link, answer.value)
        answer = answer.refused(why_not) if why_not else answer
    return partial(request, "partials/field_check.html", answer=answer)


async def complete(request: Request) -> Response:
    """Show that the password was set; safe to reload."""
    kind, link_id = _kind(request), request.query_params.get("link", "")
    async with services_of(request).read() as reads:
        used = await reset_links.find_used(reads, link_id, kind)
    if used is None:
        address = url(request, CHOOSE, kind=kind, link=link_id, notice="nothing-done")
        return RedirectResponse(address, status_code=303)
    return await _show_complete(request, kind)


async def _show_complete(request: Request, kind: CredentialKind) -> Response:
    return render(request, COMPLETE, credential=kind)


def _spent(request: Request) -> Response:
    hours = services_of(request).settings.reset_link_hours
    return render(request, SPENT, status=410, credential=_kind(request), hours=hours)
