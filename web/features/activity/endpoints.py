"""操作履歴, 心当たりがない with its receipt, 自分の登録データ."""

import json
from functools import partial
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.activity import flow, own_data
from web.features.activity.own_data import Held
from web.fields.form import Form, FormSpec
from web.http.access import account, session
from web.http.body import read_form
from web.http.client import attempt_of, services_of
from web.http.htmx import next_step, redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.security.vault import Vault
from web.steps import current_password, receipts, second_form, step_up
from web.steps.days import by_day
from web.steps.flow_pages import show_receipt
from web.store import reports
from web.store.accounts import Account
from web.store.receipts import Receipt

SHOW, DATA, DATA_PAGE = "activity/show", "activity/data", "activity/data_page"
DISOWN, DISOWNED = "activity/disown", "activity/disowned"
ASKED = FormSpec((current_password.FIELD,))
AS, PAGE = "as", "page"  # the button 画面に表示
_DIGITS = 18  # what SQLite can compare


async def show(request: Request) -> Response:
    """Show the account's own events, newest first, a page at a time."""
    services, given = services_of(request), request.query_params
    page = await services.read_one(
        flow.page,
        services.vault,
        account(request),
        before=_seq(given.get("before", "")),
        after=_seq(given.get("after", "")),
    )
    years = services.settings.audit_years
    days = by_day(page.events, lambda event: event.at)
    return render(request, SHOW, page=page, days=days, per_page=flow.PER_PAGE, years=years)


def _seq(given: str) -> int | None:
    """Read an event's number from the address; None for anything that is not one."""
    good = given.isascii() and given.isdigit() and len(given) <= _DIGITS
    return int(given) if good else None


async def disown(request: Request) -> Response:
    """Show what 心当たりがない will do to an event's account, or do it."""
    seq = _seq(request.query_params.get("event", ""))
    if seq is None:
        return _not_there(request)
    if request.method != "POST":
        return await _ask(request, seq, form_to_show(request, DISOWN, ASKED, event=str(seq)))
    services, current = services_of(request), session(request)
    asked = current_password.FIELD.name
    typed = (await read_form(request, asked))[asked]
    attempt = attempt_of(request, current.account.payment_user_id)
    try:
        receipt = await flow.disown(services, current, attempt, seq, typed)
    except flow.NoSuchEvent:
        return _not_there(request)
    except current_password.WrongPassword as wrong:
        page, refused = {"event": str(seq)}, ASKED.blank().with_error(asked, str(wrong))
        show = partial(_ask, request, seq)
        return await redisplay(request, DISOWN, refused, show, kept=page, **page)
    address = url(request, DISOWNED, receipt=receipt.id)
    return await next_step(request, address, lambda: _show_receipt(request, receipt))


async def _ask(request: Request, seq: int, form: Form) -> Response:
    services, signed_in = services_of(request), account(request)
    async with services.read() as reads:
        key = flow.receipt_id(services.vault, signed_in, seq)
        if await receipts.find(reads, key, signed_in.id, flow.NAME):
            return redirect(request, url(request, DISOWNED, receipt=key))
        try:
            event = await flow.event(reads, signed_in, seq)
        except flow.NoSuchEvent:
            return _not_there(request)
    return render(request, DISOWN, status=200 if form.ok else 422, event=event, form=form)


def _not_there(request: Request) -> Response:
    return redirect(request, url(request, SHOW, notice="no-such-event"))


async def disowned(request: Request) -> Response:
    """Show what was done and what to do now; safe to reload."""
    otherwise = url(request, SHOW, notice="nothing-disowned")
    return await show_receipt(request, flow.NAME, _show_receipt, otherwise)


async def _show_receipt(request: Request, receipt: Receipt) -> Response:
    report = await services_of(request).read_one(reports.find, receipt.id)
    return render(request, DISOWNED, receipt=receipt, report=report)


async def data(request: Request) -> Response:
    """Say what there is and ask the password; then send the file, or lead to the page.

    A download is a POST, because it is recorded; its form is never htmx's, which would swap the
    file into the page.
    """
    services, current, now = services_of(request), session(request), clock.now()
    asked, signed_in = second_form.asked(second=current.second), current.account
    if request.method != "POST":
        return await _ask_for_data(request, form_to_show(request, DATA, asked))
    given = await read_form(request, *asked.names, AS)
    attempt = attempt_of(request, signed_in.payment_user_id)
    try:
        await own_data.prove(services, current, attempt, given)
    except current_password.WrongPassword as wrong:
        refused = step_up.refused(asked.blank(), asked, wrong)
        return await redisplay(request, DATA, refused, partial(_ask_for_data, request))
    if given[AS] == PAGE:
        shown = own_data.pass_for(services.vault, current, now)
        return redirect(request, url(request, DATA_PAGE, shown=shown))
    # not read_one: its connection finds everybody's session
    async with services.read() as reads:
        collected = await own_data.collect(reads, signed_in, own_data.FILE)
    return await run_in_threadpool(_file, services.vault, signed_in, collected, now=now)


async def data_page(request: Request) -> Response:
    """Show all that is registered, to be read and printed; later ask the password again."""
    services, current = services_of(request), session(request)
    shown = request.query_params.get("shown", "")
    if not own_data.passes(services.vault, current, shown, clock.now()):
        return redirect(request, url(request, DATA, notice="data-over"))
    async with services.read() as reads:
        collected = await own_data.collect(reads, current.account, own_data.PAGE)
    parts = own_data.in_words(services.vault, collected, own_data.PAGE)
    made, most = parts.pop("作成日時"), own_data.MOST_SHOWN
    return render(request, DATA_PAGE, made=made, parts=parts, most=most)


async def _ask_for_data(request: Request, form: Form) -> Response:
    current = session(request)
    offered = await step_up.offered(
        request, step_up.asker(current, flow.NAME), second=current.second
    )
    status = 200 if form.ok else 422
    return render(request, DATA, status=status, form=form, second=current.second, offered=offered)


def _file(vault: Vault, signed_in: Account, collected: Held, *, now: int) -> Response:
    """Make the attachment; the server chooses its name (RFC 6266, ASVS 5.4.2)."""
    content = own_data.in_words(vault, collected, own_data.FILE)
    ending = f"{signed_in.payment_user_id}_{clock.in_tokyo(now):%Y%m%d}.json"
    plain, spelled = f"mypage_{ending}", quote(f"登録データ_{ending}")
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2),
        media_type="application/json",
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{spelled}"
        },
    )
