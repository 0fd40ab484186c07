"""The page of 確認手段の解除: proposed by one, approved by another, done when its time is over."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form
from web.http import errors, office_errors
from web.http.access import need, staff
from web.http.body import BadRequest, read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import looks
from web.office import step_up as office_step_up
from web.office.factor_reset import flow, form
from web.office.two_persons import DoneBefore, SamePerson
from web.steps import factor_resets as ends
from web.steps import factors
from web.steps.step_up import WrongCode
from web.store import factor_resets
from web.store.staff import Role

SCREEN = "office/factor_reset"
ACTS = {"propose": Role.CLERK, "take-back": Role.CLERK, "approve": Role.ADMIN}
NEEDED = {f"factor-{act}": role for act, role in ACTS.items()}


async def change(request: Request) -> Response:
    """Show what waits, or the form to propose; take what was pressed."""
    if request.method == "POST":
        return await _take(request)
    asked = office_step_up.asked(form.PROPOSAL, second=office_step_up.second(request))
    return await _show(request, form_to_show(request, SCREEN, asked, id=request.path_params["id"]))


async def _show(request: Request, answers: Form) -> Response:
    async with services_of(request).read() as reads:
        account = await looks.account_of(reads, request)
        shut = await looks.shut(request, reads, account)
        if shut:
            return shut
        waiting = await factor_resets.open_of_account(reads, account.id)
        over = ends.why_over(waiting, reads.now) if waiting else None
        ended = await factor_resets.latest_ended(reads, account.id)
        found = await factors.of_owner(reads, account.id)
        new_address = await flow.address_is_new(reads, account.id)
    own = waiting is not None and waiting.proposed_by == staff(request).name
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        offered=await office_step_up.offered(request),
        account=account,
        factors=found,
        waiting=waiting,
        over=flow.ENDED[over] if over else "",
        ended=(flow.ENDED[ended.how], ended.at) if ended else None,
        new_address=new_address,
        own=own,
        may_approve=_may_approve(request, waiting, own=own) and not over,
        hours=services_of(request).settings.factor_reset_hours,
    )


def _may_approve(request: Request, waiting: factor_resets.FactorReset | None, *, own: bool) -> bool:
    undecided = waiting is not None and waiting.due_at is None
    return undecided and not own and staff(request).role.may(Role.ADMIN)


async def _take(request: Request) -> Response:
    asked = office_step_up.asked(form.PROPOSAL, second=office_step_up.second(request))
    given = await read_form(request, "act", "change", *asked.names)
    account = await services_of(request).read_one(looks.account_of, request)
    act, page = given["act"], {"id": account.id}
    if act == "look":
        return await looks.opened(request, account.id, looks.Page.FACTORS, SCREEN, **page)
    if act not in ACTS:
        raise BadRequest("no such act")
    need(request, ACTS[act], f"factor-{act}")
    await looks.note(request, account.id, looks.Page.FACTORS)  # every answer shows the account
    answers = await office_step_up.judged(request, asked, given)
    show = partial(_show, request)
    if act == "propose" and not answers.ok:
        return await redisplay(request, SCREEN, answers, show, kept=page, **page)
    try:
        await _do(request, account.id, act, given, answers)
    except WrongCode as wrong:
        shown = answers if act == "propose" else asked.blank()
        refused = shown.with_error(wrong.at, str(wrong))
        return await redisplay(request, SCREEN, refused, show, kept=page, **page)
    except (DoneBefore, SamePerson, flow.Voided, flow.NothingToClear) as why_not:
        return _refused(request, why_not)
    return redirect(request, url(request, SCREEN, **page, notice=f"office-factor-{act}"))


def _refused(request: Request, why_not: Exception) -> Response:
    if isinstance(why_not, SamePerson):
        return errors.page(request, 403, words=office_errors.SAME_PERSON)
    if isinstance(why_not, flow.NothingToClear):
        return errors.page(request, 409, words=office_errors.NOTHING_TO_CLEAR)
    if isinstance(why_not, flow.Voided):
        heading, message, next_step = office_errors.RESET_OVER
        said = (heading, message.format(flow.ENDED[why_not.why]), next_step)
        return errors.page(request, 409, words=said)
    return errors.page(request, 409, words=office_errors.DONE_BEFORE)


async def _do(
    request: Request, account_id: str, act: str, given: Mapping[str, str], answers: Form
) -> None:
    """Do it, with a code of the 担当者 who has a second factor; taking back needs none. Raises WrongCode."""
    who = staff(request).name
    if act == "propose":
        reason = answers.values[form.REASON.name]
        await office_step_up.act(request, given, flow.propose, account_id, who, reason)
    elif act == "approve":
        await office_step_up.act(request, given, flow.approve, account_id, who, given["change"])
    else:
        await services_of(request).write(flow.take_back, account_id, who, given["change"])
