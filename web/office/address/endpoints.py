"""The page of a lost address: proposed by one, approved by another."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.database import Tx
from web.fields.form import Form
from web.http import errors, office_errors
from web.http.access import need, services_of, staff
from web.http.body import BadRequest, read_form
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office.address import flow, form
from web.store import accounts
from web.store.accounts import Account
from web.store.staff import Role

SCREEN, ACCOUNT = "office/address", "office/account"


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
        account = await _account(reads, request)
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
    services, who = services_of(request), staff(request).name
    given = await read_form(request, "act", "change", *form.PROPOSAL.names)
    async with services.read() as reads:
        account = await _account(reads, request)
    write, act = services.write, given["act"]
    try:
        if act == "propose":
            answers = form.PROPOSAL.parse(given)
            if not answers.ok:
                page = {"id": account.id}
                show = partial(_show, request)
                return await redisplay(request, SCREEN, answers, show, kept=page, **page)
            await write(flow.propose, account.id, who, *answers.values.values())
        elif act == "approve":
            need(request, Role.ADMIN)
            await write(flow.approve, account.id, who, given["change"])
        elif act == "take-back":
            await write(flow.take_back, account.id, who, given["change"])
        else:
            raise BadRequest("no such act")
    except flow.DoneBefore:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    except flow.Voided as voided:
        heading, message, next_step = office_errors.VOIDED
        said = (heading, message.format(flow.VOIDED[voided.why]), next_step)
        return errors.page(request, 409, words=said)
    except flow.SamePerson:
        return errors.page(request, 403, words=office_errors.SAME_PERSON)
    return redirect(request, url(request, ACCOUNT, id=account.id, notice=f"office-address-{act}"))


async def _account(reads: Tx, request: Request) -> Account:
    account = await accounts.find(reads, request.path_params["id"])
    if account is None:
        raise HTTPException(404)
    return account
