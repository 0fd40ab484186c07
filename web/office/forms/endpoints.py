"""届出書: the lists by state, one of them, and moving them on after a 確認."""

from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import details, words
from web.direct_debit.states import Act, NewBankFirst
from web.fields.check_digit import grouped
from web.fields.digits import masked
from web.fields.form import Form
from web.http import errors, office_errors
from web.http.access import staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import looks, step_up
from web.office.forms import flow, form
from web.steps.days import by_day
from web.store import accounts, direct_debit_forms
from web.store.direct_debit_forms import OPEN, State
from web.store.staff import Role

LIST, SHOW, CONFIRM = "office/forms", "office/form", "office/move"


async def listed(request: Request) -> Response:
    """Show the forms of a state, or lead to the one of a 整理番号."""
    given = request.query_params
    answers = form.FIND.parse(given) if form.NUMBER.name in given else form.FIND.blank()
    number = answers[form.NUMBER.name]
    state = State(given["state"]) if given.get("state") in set(State) else State.MADE
    async with services_of(request).read() as reads:
        if number.value:
            found = await direct_debit_forms.find_by_number(reads, number.value)
            if found:
                return RedirectResponse(url(request, SHOW, id=found.id), status_code=303)
            answers = answers.with_error(form.NUMBER.name, form.UNKNOWN)
        counts = await direct_debit_forms.counts(reads)
        rows = await direct_debit_forms.in_state(reads, state, most=form.MOST)
    may = staff(request).role.may(Role.CLERK)
    return render(
        request,
        LIST,
        status=200 if answers.ok else 422,
        form=answers,
        state=state,
        states=[(each, words.STATES[each], words.counted(counts[each])) for each in State],
        rows=rows,
        days=by_day(rows, lambda row: row.changed_at),
        more=counts[state] > len(rows),
        waiting=state in OPEN,
        acts=[(act, flow.LABELS[act]) for act in flow.open_acts(state)] if may else [],
        procedure=words.procedure,
        grouped=grouped,
    )


async def show(request: Request) -> Response:
    """Show a 届出書; the account number as its owner sees it, masked."""
    services = services_of(request)
    async with services.read() as reads:
        found = await direct_debit_forms.find(reads, request.path_params["id"])
        owner = await accounts.find(reads, found.account_id) if found else None
        if found is None or owner is None:
            raise HTTPException(404)
        shut = await looks.shut(request, reads, owner)
    if request.method == "POST":
        return await looks.opened(request, owner.id, looks.Page.FORM, SHOW, id=found.id)
    if shut:
        return shut
    may = staff(request).role.may(Role.CLERK)
    return render(
        request,
        SHOW,
        form=Form([]),
        mandate=found,
        owner=owner,
        said=details.opened(services.vault, found.id, found.sealed),
        deposits=details.DEPOSITS,
        masked=masked(found.last_digits),
        procedure=words.procedure(found.kind, found.action),
        state=words.STATES[found.state],
        number=grouped(found.number),
        acts=[(act, flow.LABELS[act]) for act in flow.open_acts(found.state)] if may else [],
    )


async def move(request: Request) -> Response:
    """Show what is about to happen to the 届出書 that were chosen, or do it."""
    given = request.query_params
    act, picks = form.chosen(given.get("act", ""), given.getlist("form"))
    if act is None or not picks:
        return redirect(request, url(request, LIST, notice="office-nothing-chosen"))
    if request.method != "POST":
        answers = form_to_show(request, CONFIRM, form.confirm(act))
        return await _show_move(request, act, picks, answers)
    spec = form.confirm(act)
    answers = spec.parse(await read_form(request, *spec.names))
    if not answers.ok:
        show = partial(_show_move, request, act, picks)
        return await redisplay(request, CONFIRM, answers, show, **_chosen(request))
    reason = answers.values.get(form.REASON.name, "")
    try:
        await step_up.write(request, flow.move_all, staff(request).name, act, picks, reason)
    except flow.Stale as stale:
        return _refuse(request, stale)
    except NewBankFirst as waits:
        heading, message, next_step = office_errors.NEW_FIRST
        said = (heading, message.format(grouped(waits.number)), next_step)
        return errors.page(request, 409, words=said)
    return redirect(
        request, url(request, LIST, state=given.get("state", ""), notice="office-moved")
    )


async def _show_move(request: Request, act: Act, picks: list[flow.Pick], answers: Form) -> Response:
    async with services_of(request).read() as reads:
        found = [await direct_debit_forms.find(reads, pick.id) for pick in picks]
        mandates = [each for each in found if each is not None]
        owners = [await accounts.find(reads, each.account_id) for each in mandates]
    stale = [
        mandate
        for mandate, pick in zip(found, picks, strict=True)
        if mandate is None
        or mandate.version != pick.version
        or act not in flow.open_acts(mandate.state)
    ]
    if stale:
        return _refuse(request, flow.Stale(stale[0]))
    return render(
        request,
        CONFIRM,
        status=200 if answers.ok else 422,
        form=answers,
        act=flow.LABELS[act],
        asks_reason=act is Act.RETURN,
        rows=[
            (grouped(mandate.number), owner, words.procedure(mandate.kind, mandate.action),
             flow.outcome(act, mandate.action))
            for mandate, owner in zip(mandates, owners, strict=True)
        ],
        action=url(request, CONFIRM, **_chosen(request)),
        back=url(request, LIST, state=mandates[0].state),
    )  # fmt: skip


def _chosen(request: Request) -> dict[str, Any]:
    """Give the choice in the address, without the mark of an earlier mistake."""
    given = request.query_params
    return {name: given.getlist(name) for name in given if name in {"form", "act", "state"}}


def _refuse(request: Request, stale: flow.Stale) -> Response:
    heading, message, next_step = office_errors.MOVED_ON
    which = f"整理番号{stale.number}（現在の状態：{stale.state}）" if stale.number else "届出書"
    return errors.page(request, 409, words=(heading, message.format(which), next_step))
