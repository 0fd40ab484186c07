"""The second factor before a パスワード初期化: asked before the form, so that a mailbox alone changes nothing."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.password_reset import flow
from web.features.password_reset.endpoints import (
    ASK_BULK,
    ASK_PAYMENT,
    CHOOSE,
    REOPEN,
    SECOND,
    link_of,
    proof_cookie,
    show_spent,
)
from web.fields.form import Form
from web.http.client import put_cookie, services_of
from web.http.htmx import redirect
from web.http.render import render, url
from web.steps import second_factor, second_step
from web.steps.check_password import Spent
from web.steps.second_factor import Owner, Refusal
from web.steps.second_step import Asking
from web.store.credentials import CredentialKind
from web.store.reset_links import Link

TEXT = (
    "この納付利用者IDには、二段階の確認が設定されています。"
    "パスワードを登録する前に、ご本人であることを確認します。"
)


async def second(request: Request) -> Response:
    """Ask the second factor of whoever holds the mailed URL, and lead to the form."""
    link = await link_of(request)
    if link is None:
        return render(request, REOPEN, status=403)
    try:
        return await _ask(request, link)
    except Spent:
        return show_spent(request)


async def _ask(request: Request, link: Link) -> Response:
    if not link.live(clock.now()):
        raise Spent
    address = {"kind": link.kind, "link": link.id}
    if not link.second:  # there is nothing to ask
        return redirect(request, url(request, CHOOSE, **address))
    start = url(request, ASK_PAYMENT if link.kind is CredentialKind.PAYMENT else ASK_BULK)
    account = await flow.owner(services_of(request), link)
    owner = Owner(account.id, account.payment_user_id, account.id)
    asking = Asking(request, owner, SECOND, TEXT, start, {"link": link.id}, address)
    if request.method != "POST":
        return await asking.first()
    form = await asking.take()
    proof = await _prove(asking, link, form) if form.ok else None
    if isinstance(proof, str):
        response = redirect(request, url(request, CHOOSE, **address))
        put_cookie(request, response, proof_cookie(link), proof, seconds=second_step.LIFE)
        return response
    return await asking.again(form.with_error(proof.at, proof.words) if proof else form)


async def _prove(asking: Asking, link: Link, form: Form) -> str | Refusal:
    services, owner = services_of(asking.request), asking.owner
    given = await second_factor.read(services, owner, form.values, asking.purpose)
    return await services.write(second_factor.prove, owner, given, flow.note_proof, link, owner)
