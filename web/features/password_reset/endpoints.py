"""B1–B5 and R1–R5: asking for a パスワード初期化, the mailed URL, the new password."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.password_reset import flow, form, requests
from web.fields.form import Form, FormSpec
from web.http import live_check
from web.http.access import account
from web.http.body import read_form
from web.http.client import attempt_of, client_address, put_cookie, read_cookie, services_of
from web.http.htmx import next_step, redirect
from web.http.mailed_key import mailed_key
from web.http.redisplay import redisplay, redisplayed
from web.http.render import render, url
from web.http.sessions import USER
from web.security import new_password, tokens
from web.steps.check_password import Spent
from web.steps.drafts import DraftStore
from web.steps.second_step import SecondNeeded
from web.store import reset_links, reset_requests
from web.store.credentials import CredentialKind
from web.store.reset_links import Link

ASK_PAYMENT, ASK_BULK = "password_reset/ask_payment", "password_reset/ask_bulk"
ASKED = "password_reset/asked"
CHOOSE, COMPLETE = "password_reset/choose", "password_reset/complete"
SECOND = "password_reset/second"
SPENT, REOPEN = "password_reset/spent", "password_reset/reopen"
_BULK = DraftStore(flow.NAME)  # its forms know whose they are


def _kind(request: Request) -> CredentialKind:
    kind: CredentialKind = request.path_params["kind"]
    return kind


async def ask_payment(request: Request) -> Response:
    """R1: show the form, or take ID and address."""
    if request.method != "POST":
        answers, kept = redisplayed(request, ASK_PAYMENT, form.ASK) or (form.ASK.blank(), {})
        return await _show_ask(request, kept.get("once") or tokens.new_id(), answers)
    given = await read_form(request, "once", *form.ASK.names)
    once = given["once"] if tokens.is_id(given["once"]) else tokens.new_id()
    answers = form.ASK.parse(given)
    if answers.ok:
        values = (answers["user_id"].value, answers["admin_email"].value)
        return await _ask(request, once, CredentialKind.PAYMENT, *values)
    show = partial(_show_ask, request, once)
    return await redisplay(request, ASK_PAYMENT, answers, show, kept={"once": once})


async def _show_ask(request: Request, once: str, answers: Form) -> Response:
    status = 200 if answers.ok else 422
    return render(request, ASK_PAYMENT, status=status, form=answers, once=once)


async def check_request(request: Request) -> Response:
    """Judge the form of the field that was just left; nobody is looked up."""
    return await live_check.judged(request, form.ASK.check)


async def ask_bulk(request: Request) -> Response:
    """B1: show what will be reset, or take the request."""
    signed_in, vault = account(request), services_of(request).vault
    if request.method != "POST":
        return render(
            request, ASK_BULK, account=signed_in, once=_BULK.new_flow_id(vault, signed_in)
        )
    once = _BULK.flow_to_take(vault, signed_in, (await read_form(request, "once"))["once"])
    values = (signed_in.payment_user_id, signed_in.admin_email)
    return await _ask(request, once, CredentialKind.BULK, *values)


async def _ask(
    request: Request, once: str, kind: CredentialKind, user_id: str, admin_email: str
) -> Response:
    services = services_of(request)
    once_key = requests.once_key(services.vault, once, kind, user_id, admin_email)
    await services.write(
        requests.ask,
        once_key,
        kind,
        user_id,
        admin_email,
        address=client_address(request),
    )
    address = url(request, ASKED, kind=kind, receipt=once_key)
    return await next_step(request, address, lambda: _show_asked(request, kind))


async def asked(request: Request) -> Response:
    """B2, R2: say that the request was taken; safe to reload."""
    kind = _kind(request)
    async with services_of(request).read() as reads:
        known = await reset_requests.exists(reads, request.query_params.get("receipt", ""), kind)
    if not known:
        ask = ASK_PAYMENT if kind is CredentialKind.PAYMENT else ASK_BULK
        return RedirectResponse(url(request, ask, notice="nothing-asked"), status_code=303)
    return await _show_asked(request, kind)


async def _show_asked(request: Request, kind: CredentialKind) -> Response:
    return render(request, ASKED, credential=kind)


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing.

    Mail scanners open links, some run scripts, some come twenty times.
    """
    services, key = services_of(request), mailed_key(request)
    link = await flow.find(services, key, _kind(request))
    now = clock.now()
    if link is None or not link.live(now):
        return show_spent(request, mangled=not key)
    address = url(request, CHOOSE, kind=link.kind, link=link.id)
    response = RedirectResponse(address, status_code=303)
    seconds = link.expires_at - now
    put_cookie(request, response, _cookie(link.id), key, seconds=seconds)
    return response


def _cookie(link_id: str) -> str:
    return f"reset-{link_id}"


async def choose(request: Request) -> Response:
    """B4, R4: show the form for the new password, or set it."""
    link = await link_of(request)
    if link is None:
        return render(request, REOPEN, status=403)
    spec = form.choose(services_of(request).settings)
    if link.live(clock.now()) and not await _proved(request, link):
        return _lead_to_second(request, link)
    if request.method == "POST":
        return await _choose(request, link, spec)
    if not link.live(clock.now()):
        return show_spent(request)
    answers, _ = redisplayed(request, CHOOSE, spec, link=link.id) or (spec.blank(), {})
    return await _show_choose(request, link, answers)


async def _proved(request: Request, link: Link) -> bool:
    proof = read_cookie(request, proof_cookie(link))
    return not link.second or await services_of(request).read_one(flow.proved, link, proof)


def proof_cookie(link: Link) -> str:
    """Name the cookie that shows that the second factor was right."""
    return f"second-{link.id}"


def _lead_to_second(request: Request, link: Link) -> Response:
    return redirect(request, url(request, SECOND, kind=link.kind, link=link.id))


async def link_of(request: Request) -> Link | None:
    """Find the link that the address names and the browser holds the key of."""
    services, link_id = services_of(request), request.query_params.get("link", "")
    if not tokens.is_id(link_id):
        return None
    key = read_cookie(request, _cookie(link_id))
    link = await flow.find(services, key, _kind(request))
    return link if link and link.id == link_id else None


async def _show_choose(request: Request, link: Link, answers: Form) -> Response:
    services = services_of(request)
    try:
        owner = await flow.owner(services, link)
    except Spent:
        return show_spent(request)
    return render(
        request,
        CHOOSE,
        status=200 if answers.ok else 422,
        form=answers,
        once=flow.once_of(services.vault, link),
        link=link.id,
        credential=link.kind,
        user_id=flow.user_id(owner, link.kind),
        password_hint=new_password.hint(services.settings),
    )


async def _choose(request: Request, link: Link, spec: FormSpec) -> Response:
    services = services_of(request)
    given = await read_form(request, "once", *spec.names)
    answers = spec.parse(given)
    if answers.ok:
        try:
            owner = await flow.owner(services, link)
            attempt = attempt_of(request, flow.user_id(owner, link.kind))
            new = answers["new_password"].value
            proof = read_cookie(request, proof_cookie(link))
            await flow.choose(services, link, owner, attempt, new, given["once"], proof=proof)
        except SecondNeeded:
            return _lead_to_second(request, link)
        except Spent:
            return show_spent(request)
        except flow.NotAccepted as refusal:
            answers = answers.with_error("new_password", str(refusal))
        else:
            address = url(request, COMPLETE, kind=link.kind, link=link.id)
            if read_cookie(request, USER.cookie):  # its header names a log-in that may be over now
                return redirect(request, address)
            return await next_step(request, address, lambda: _show_complete(request, link.kind))
    elif not link.live(clock.now()):
        return show_spent(request)
    show, kept = partial(_show_choose, request, link), {"link": link.id}
    return await redisplay(request, CHOOSE, answers, show, kept=kept, kind=link.kind, link=link.id)


async def check_password(request: Request) -> Response:
    """Judge the new password as it is left; it comes alone."""
    services, link = services_of(request), await link_of(request)
    # by the second factor, too: else the answers would tell a mailbox's thief words of the owner
    may = link and link.live(clock.now()) and await _proved(request, link)
    live = link if may else None
    weakness = partial(flow.guessable, services, live) if live else None
    return await live_check.new_password(request, form.new_field(services.settings), weakness)


async def complete(request: Request) -> Response:
    """B5, R5: show that the password was set; safe to reload."""
    kind, link_id = _kind(request), request.query_params.get("link", "")
    async with services_of(request).read() as reads:
        used = await reset_links.find_used(reads, link_id, kind)
    if used is None:
        address = url(request, CHOOSE, kind=kind, link=link_id, notice="nothing-done")
        return RedirectResponse(address, status_code=303)
    return await _show_complete(request, kind)


async def _show_complete(request: Request, kind: CredentialKind) -> Response:
    return render(request, COMPLETE, credential=kind)


def show_spent(request: Request, *, mangled: bool = False) -> Response:
    """Say that a mailed URL is of no use any more."""
    hours = services_of(request).settings.reset_link_hours
    return render(
        request, SPENT, status=410, mangled=mangled, credential=_kind(request), hours=hours
    )
