"""B1, B2 and R1, R2: asking for a パスワード初期化."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.features.password_reset import form, requests
from web.fields.form import Form
from web.http import live_check, stash
from web.http.access import account, services_of
from web.http.body import read_form
from web.http.client import client_address
from web.http.htmx import is_htmx, next_step
from web.http.render import render, url
from web.security import tokens
from web.steps.drafts import DraftStore
from web.store import reset_requests
from web.store.credentials import CredentialKind

ASK_PAYMENT, ASK_BULK = "password_reset/ask_payment", "password_reset/ask_bulk"
ASKED = "password_reset/asked"
NAME = "password_reset"
_BULK = DraftStore(NAME)  # its forms know whose they are


async def ask_payment(request: Request) -> Response:
    """R1: show the form, or take ID and address."""
    if request.method != "POST":
        kept = stash.stashed(request, ASK_PAYMENT)
        if kept is None:
            return _form(request, form.blank_request(), tokens.new_id())
        return _form(request, form.request_with_errors(kept["typed"], kept["errors"]), kept["once"])
    given = await read_form(request, "once", *form.REQUEST)
    once = given["once"] if tokens.is_id(given["once"]) else tokens.new_id()
    answers = form.parse_request(given)
    if answers.ok:
        values = (answers["user_id"].value, answers["admin_email"].value)
        return await _ask(request, once, CredentialKind.PAYMENT, *values)
    if is_htmx(request):
        return _form(request, answers, once)
    kept = {
        "typed": {name: text[: stash.LONGEST] for name, text in answers.typed.items()},
        "errors": {each.field.name: each.error for each in answers.errors},
        "once": once,
    }
    return stash.back_to(request, ASK_PAYMENT, kept)


def _form(request: Request, answers: Form, once: str) -> Response:
    status = 200 if answers.ok else 422
    return render(request, ASK_PAYMENT, status=status, form=answers, once=once)


async def check_request(request: Request) -> Response:
    """Judge the form of the field that was just left; nobody is looked up."""
    return await live_check.judged(request, form.check_request)


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
        address=client_address(request, services.settings),
    )
    address = url(request, ASKED, kind=kind, receipt=once_key)
    return await next_step(request, address, lambda: _show_asked(request, kind))


async def asked(request: Request) -> Response:
    """B2, R2: say that the request was taken; safe to reload."""
    kind: CredentialKind = request.path_params["kind"]
    async with services_of(request).read() as reads:
        known = await reset_requests.exists(reads, request.query_params.get("receipt", ""), kind)
    if not known:
        ask = ASK_PAYMENT if kind is CredentialKind.PAYMENT else ASK_BULK
        return RedirectResponse(url(request, ask, notice="nothing-asked"), status_code=303)
    return await _show_asked(request, kind)


async def _show_asked(request: Request, kind: CredentialKind) -> Response:
    return render(request, ASKED, credential=kind)
