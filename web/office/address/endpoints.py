"""The page of a lost address: proposed by one, approved by another."""

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
from web.office.address import flow, form
from web.store.staff import Role

SCREEN, ACCOUNT = "office/address", "office/account"
ACTS = {"propose": Role.CLERK, "take-back": Role.CLERK, "approve": Role.ADMIN}


async def change(request: Request) -> Response:
    """Show what is proposed, or the form to propose; take what was pressed."""
    if request.method == "POST":
        return await _take(request)
    return await _show(
        request, form_to_show(request, SCREEN, form.PROPOSAL, id=request.path_params["id"])
    )


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
        account=account,
        waiting=waiting,
        voided=voided,
        new_address=flow.new_address(services, waiting) if waiting else "",
        own=waiting is not None and waiting.proposed_by == staff(request).name,
        may_approve=staff(request).role.may(Role.ADMIN),
    )


async def _take(request: Request) -> Response:
    given = await read_form(request, "act", "change", *form.PROPOSAL.names)
    async with services_of(request).read() as reads:
        account = await looks.account_of(reads, request)
    act, page = given["act"], {"id": account.id}
    if act == "look":
        return await looks.opened(request, account.id, looks.Page.ADDRESS, SCREEN, **page)
    if act not in ACTS:
        raise BadRequest("no such act")
    need(request, ACTS[act], act)
    await looks.note(request, account.id, looks.Page.ADDRESS)  # every answer shows the account
    answers = form.PROPOSAL.parse(given)
    if act == "propose" and not answers.ok:
        show = partial(_show, request)
        return await redisplay(request, SCREEN, answers, show, kept=page, **page)
    try:
        await _do(request, account.id, act, given["change"], answers)
    except flow.DoneBefore:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    except flow.Voided as voided:
        heading, message, next_step = office_errors.VOIDED
        said = (heading, message.format(flow.VOIDED[voided.why]), next_step)
        return errors.page(request, 409, words=said)
    except flow.SamePerson:
        return errors.page(request, 403, words=office_errors.SAME_PERSON)
    return redirect(request, url(request, ACCOUNT, **page, notice=f"office-address-{act}"))


async def _do(request: Request, account_id: str, act: str, change_id: str, answers: Form) -> None:
    write, who = services_of(request).write, staff(request).name
    if act == "propose":
        await write(flow.propose, account_id, who, *answers.values.values())
    elif act == "approve":
        await write(flow.approve, account_id, who, change_id)
    else:
        await write(flow.take_back, account_id, who, change_id)
