"""確認 of a new 利用者管理用メールアドレス: the mailed URL, 確認する, and 再送 on My Page."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web import clock
from web.features.email import flow
from web.http.access import account
from web.http.body import read_form
from web.http.client import put_cookie, read_cookie, services_of
from web.http.htmx import redirect
from web.http.mailed_key import mailed_key
from web.http.render import render, url
from web.security import tokens
from web.store import address_confirmations
from web.store.address_confirmations import Confirmation

CONFIRM, CONFIRMED = "email/confirm", "email/confirmed"
SPENT, REOPEN = "email/spent", "email/reopen"


def _cookie(link_id: str) -> str:
    return f"email-{link_id}"


async def open_mailed(request: Request) -> Response:
    """Move the mailed key out of the address into a cookie; consume nothing.

    Mail scanners open links, some run scripts, some come twenty times.
    """
    services, key, now = services_of(request), mailed_key(request), clock.now()
    found = await flow.find(services, key)
    if found and found.confirmed_at is not None:
        return RedirectResponse(url(request, CONFIRMED, link=found.id), status_code=303)
    if found is None or not found.live(now):
        return _spent(request, mangled=not key)
    response = RedirectResponse(url(request, CONFIRM, link=found.id), status_code=303)
    seconds = found.expires_at - now
    put_cookie(request, response, _cookie(found.id), key, seconds=seconds)
    return response


async def confirm(request: Request) -> Response:
    """Show the button 確認する, or take its press; nobody needs to be logged in."""
    services, link_id = services_of(request), request.query_params.get("link", "")
    key = read_cookie(request, _cookie(link_id)) if tokens.is_id(link_id) else ""
    if not key:
        return render(request, REOPEN, status=403)
    found = await flow.find(services, key)
    if found and found.confirmed_at is not None:
        return redirect(request, url(request, CONFIRMED, link=found.id))
    if found is None or not found.live(clock.now()):
        return _spent(request)
    if request.method != "POST":
        return render(request, CONFIRM, link=found.id)
    return await _confirm(request, found)


async def _confirm(request: Request, found: Confirmation) -> Response:
    await read_form(request)
    try:
        await services_of(request).write(flow.confirm, found)
    except flow.Spent:  # a newer URL was mailed at the same moment
        return _spent(request)
    return redirect(request, url(request, CONFIRMED, link=found.id))


async def confirmed(request: Request) -> Response:
    """Show that the address is confirmed; safe to reload."""
    link_id = request.query_params.get("link", "")
    async with services_of(request).read() as reads:
        used = await address_confirmations.used(reads, link_id)
    if not used:
        address = url(request, CONFIRM, link=link_id, notice="not-confirmed")
        return RedirectResponse(address, status_code=303)
    return render(request, CONFIRMED)


async def resend(request: Request) -> Response:
    """Mail a new URL to the address that is registered."""
    await read_form(request)
    notice = "confirmation-sent"
    try:
        await services_of(request).write(flow.resend, account(request))
    except flow.AlreadyConfirmed:
        notice = "already-confirmed"
    return redirect(request, url(request, "mypage/show", notice=notice))


def _spent(request: Request, *, mangled: bool = False) -> Response:
    days = services_of(request).settings.confirm_link_days
    return render(request, SPENT, status=410, mangled=mangled, days=days)
