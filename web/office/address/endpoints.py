"""The page of a lost address: proposed by one, approved by another."""

from collections.abc import Mapping
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import NOTHING_CHANGED, Form
from web.http import errors, office_errors
from web.http.access import need, staff
from web.http.body import BadRequest, read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import looks
from web.office import step_up as office_step_up
from web.office.address import flow, form
from web.office.two_persons import DoneBefore, SamePerson
from web.steps.step_up import WrongCode
from web.store.staff import Role

SCREEN, ACCOUNT = "office/address", "office/account"
ACTS = {"propose": Role.CLERK, "take-back": Role.CLERK, "approve": Role.ADMIN}


async def change(request: Request) -> Response:
    """Show what is proposed, or the form to propose; take what was pressed."""
    if request.method == "POST":
        return await _take(request)
    asked = office_step_up.asked(form.PROPOSAL, second=office_step_up.second(request))
    return await _show(request, form_to_show(request, SCREEN, asked, id=request.path_params["id"]))


async def _show(request: Request, answers: Form) -> Response:
    services = services_of(request)
    async with services.read() as reads:
        account = await looks.account_of(reads, request)
        shut = await looks.shut(request, reads, account)
        if shut:
            return shut
        waiting, voided = await flow.waiting(reads, account.id)
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        offered=await office_step_up.offered(request),
        account=account,
        waiting=waiting,
        voided=voided,
        new_address=flow.new_address(services, waiting) if waiting else "",
        own=waiting is not None and waiting.proposed_by == staff(request).name,
        may_approve=staff(request).role.may(Role.ADMIN),
    )


async def _take(request: Request) -> Response:
    asked = office_step_up.asked(form.PROPOSAL, second=office_step_up.second(request))
    given = await read_form(request, "act", "change", *asked.names)
    async with services_of(request).read() as reads:
        account = await looks.account_of(reads, request)
    act, page = given["act"], {"id": account.id}
    if act == "look":
        return await looks.opened(request, account.id, looks.Page.ADDRESS, SCREEN, **page)
    if act not in ACTS:
        raise BadRequest("no such act")
    need(request, ACTS[act], act)
    await looks.note(request, account.id, looks.Page.ADDRESS)  # every answer shows the account
    answers = await office_step_up.judged(request, asked, given)
    if act == "propose" and answers.ok and answers.values[form.EMAIL.name] == account.admin_email:
        answers = answers.with_error(form.EMAIL.name, NOTHING_CHANGED)
    show = partial(_show, request)
    if act == "propose" and not answers.ok:
        return await redisplay(request, SCREEN, answers, show, kept=page, **page)
    try:
        await _do(request, account.id, act, given, answers)
    except WrongCode as wrong:
        shown = answers if act == "propose" else asked.blank()
        refused = shown.with_error(wrong.at, str(wrong))
        return await redisplay(request, SCREEN, refused, show, kept=page, **page)
    except (DoneBefore, SamePerson, flow.Voided) as why_not:
        return _refused(request, why_not)
    return redirect(request, url(request, ACCOUNT, **page, notice=f"office-address-{act}"))


def _refused(request: Request, why_not: Exception) -> Response:
    if isinstance(why_not, SamePerson):
        return errors.page(request, 403, words=office_errors.SAME_PERSON)
    if isinstance(why_not, flow.Voided):
        heading, message, next_step = office_errors.VOIDED
        said = (heading, message.format(flow.VOIDED[why_not.why]), next_step)
        return errors.page(request, 409, words=said)
    return errors.page(request, 409, words=office_errors.DONE_BEFORE)


async def _do(
    request: Request, account_id: str, act: str, given: Mapping[str, str], answers: Form
) -> None:
    """Do it, with the second factor of a 担当者 who has one; taking back needs none. Raises WrongCode."""
    who, values = staff(request).name, answers.values
    if act == "propose":
        new = (values[form.EMAIL.name], values[form.REASON.name])
        await office_step_up.act(request, given, flow.propose, account_id, who, *new)
    elif act == "approve":
        await office_step_up.act(request, given, flow.approve, account_id, who, given["change"])
    else:
        await services_of(request).write(flow.take_back, account_id, who, given["change"])
