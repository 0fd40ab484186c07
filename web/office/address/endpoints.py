"""The page of a lost address: proposed by one, approved by another."""

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import NOTHING_CHANGED, Form
from web.http.access import staff
from web.http.client import services_of
from web.http.render import render
from web.office import looks, step_up, two_persons
from web.office.address import flow, form
from web.office.two_persons import Matter
from web.store.accounts import Account
from web.store.staff import Role


def _judged(account: Account, answers: Form) -> Form:
    """Refuse the address that is registered already."""
    if answers.ok and answers.values[form.EMAIL.name] == account.admin_email:
        return answers.with_error(form.EMAIL.name, NOTHING_CHANGED)
    return answers


MATTER = Matter(
    screen="office/address",
    page=looks.Page.ADDRESS,
    proposal=form.PROPOSAL,
    propose=flow.propose,
    approve=flow.approve,
    take_back=flow.take_back,
    then="office/account",
    notice="office-address",
    judged=_judged,
)


async def change(request: Request) -> Response:
    """Show what is proposed, or the form to propose; take what was pressed."""
    if request.method == "POST":
        return await two_persons.take(request, MATTER, _show)
    return await _show(request, MATTER.form(request))


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
        MATTER.screen,
        status=200 if answers.ok else 422,
        form=answers,
        offered=await step_up.offered(request),
        account=account,
        waiting=waiting,
        voided=voided,
        new_address=flow.new_address(services, waiting) if waiting else "",
        own=waiting is not None and waiting.proposed_by == staff(request).name,
        may_approve=staff(request).role.may(Role.ADMIN),
    )
