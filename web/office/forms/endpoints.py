"""届出書: the lists by state, one of them, and moving them on after a 確認."""

from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from web.direct_debit import details, words
from web.direct_debit.states import Act, NewBankFirst
from web.fields.check_digit import grouped
from web.fields.digits import masked
from web.fields.form import Form
from web.http import errors, office_errors, stash
from web.http.access import services_of
from web.http.body import read_form
from web.http.htmx import redirect
from web.http.render import render, url
from web.http.staff_entry import staff
from web.office.forms import flow, form
from web.store import accounts, direct_debit_forms
from web.store.direct_debit_forms import OPEN, State
from web.store.staff import Role

LIST, SHOW, CONFIRM = "office/forms", "office/form", "office/move"


async def listed(request: Request) -> Response:
    """Show the forms of a state, or lead to the one of a 整理番号."""
    given = request.query_params
    number = form.NUMBER.check(given["number"]) if "number" in given else form.NUMBER.blank()
    state = State(given["state"]) if given.get("state") in set(State) else State.MADE
    async with services_of(request).read() as reads:
        if number.value:
            found = await direct_debit_forms.find_by_number(reads, number.value)
            if found:
                return RedirectResponse(url(request, SHOW, id=found.id), status_code=303)
            number = number.refused("この整理番号の届出書はありません。番号を確かめてください。")
        counts = await direct_debit_forms.counts(reads)
        rows = await direct_debit_forms.in_state(reads, state, most=form.MOST)
    may = staff(request).role.may(Role.CLERK)
    return render(
        request,
        LIST,
        status=422 if number.error else 200,
        form=Form([number]),
        state=state,
        states=[(each, words.STATES[each], counts[each]) for each in State],
        rows=rows,
        more=counts[state] > len(rows),
        waiting=state in OPEN,
        acts=[(act, flow.LABELS[act]) for act in flow.open_acts(state)] if may else [],
        procedure=words.procedure,
        grouped=grouped,
    )


async def show(request: Request) -> Response:
    """Show a form; the account number as its owner sees it, masked."""
    services = services_of(request)
    async with services.read() as reads:
        found = await direct_debit_forms.find(reads, request.path_params["id"])
        owner = await accounts.find(reads, found.account_id) if found else None
    if found is None or owner is None:
        raise HTTPException(404)
    may = staff(request).role.may(Role.CLERK)
    return render(
        request,
        SHOW,
        form=Form([]),
        paper=found,
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
    """Show what is about to happen to the forms that were chosen, or do it."""
    given = request.query_params
    act, picks = form.chosen(given.get("act", ""), given.getlist("form"))
    if act is None or not picks:
        return redirect(request, url(request, LIST, notice="office-nothing-chosen"))
    if request.method != "POST":
        return await _show_move(request, act, picks)
    services, typed = services_of(request), await read_form(request, form.REASON.name)
    answers = form.reason(act, typed)
    if not answers.ok:
        kept = {"reason": typed["reason"][: stash.LONGEST]}
        again = f"{request.url.path}?{_chosen(request)}&{stash.MARK}=1"
        response = RedirectResponse(again, status_code=303)
        stash.stash_form(request, response, CONFIRM, kept)
        return response
    reason = answers[form.REASON.name].value if act is Act.RETURN else ""
    try:
        await services.write(flow.move_all, staff(request).name, act, picks, reason)
    except flow.Stale as stale:
        return _refuse(request, stale)
    except NewBankFirst as waits:
        heading, message, next_step = office_errors.NEW_FIRST
        said = (heading, message.format(grouped(waits.number)), next_step)
        return errors.page(request, 409, words=said)
    return redirect(
        request, url(request, LIST, state=given.get("state", ""), notice="office-moved")
    )


async def _show_move(request: Request, act: Act, picks: list[flow.Pick]) -> Response:
    async with services_of(request).read() as reads:
        found = [await direct_debit_forms.find(reads, pick.id) for pick in picks]
        papers = [each for each in found if each is not None]
        owners = [await accounts.find(reads, each.account_id) for each in papers]
    stale = [
        paper
        for paper, pick in zip(found, picks, strict=True)
        if paper is None or paper.version != pick.version or act not in flow.open_acts(paper.state)
    ]
    if stale:
        return _refuse(request, flow.Stale(stale[0]))
    answers = form.reason(act, stash.stashed(request, CONFIRM))
    return render(
        request,
        CONFIRM,
        status=200 if answers.ok else 422,
        form=answers,
        act=flow.LABELS[act],
        asks_reason=act is Act.RETURN,
        rows=[
            (grouped(paper.number), owner, words.procedure(paper.kind, paper.action),
             flow.outcome(act, paper.action))
            for paper, owner in zip(papers, owners, strict=True)
        ],
        action=f"{request.url.path}?{_chosen(request)}",
        back=url(request, LIST, state=papers[0].state),
    )  # fmt: skip


def _chosen(request: Request) -> str:
    """Write the choice once more, without the mark of an earlier mistake."""
    given = request.query_params.multi_items()
    return urlencode([(name, text) for name, text in given if name != stash.MARK])


def _refuse(request: Request, stale: flow.Stale) -> Response:
    heading, message, next_step = office_errors.MOVED_ON
    which = f"整理番号{stale.number}（いまの状態：{stale.state}）" if stale.number else "届出書"
    return errors.page(request, 409, words=(heading, message.format(which), next_step))
