"""The page of 確認手段の解除: proposed by one, approved by another, done when its time is over."""

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form
from web.http.access import staff
from web.http.client import services_of
from web.http.render import render
from web.office import looks, step_up, two_persons
from web.office.factor_reset import flow, form
from web.office.two_persons import Matter
from web.steps import factor_resets as ends
from web.steps import factors
from web.store import factor_resets
from web.store.staff import Role

MATTER = Matter(
    screen="office/factor_reset",
    page=looks.Page.FACTORS,
    proposal=form.PROPOSAL,
    propose=flow.propose,
    approve=flow.approve,
    take_back=flow.take_back,
    then="office/factor_reset",
    notice="office-factor",
    noted="factor-",
)


async def change(request: Request) -> Response:
    """Show what waits, or the form to propose; take what was pressed."""
    if request.method == "POST":
        return await two_persons.take(request, MATTER, _show)
    return await _show(request, MATTER.form(request))


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
        MATTER.screen,
        status=200 if answers.ok else 422,
        form=answers,
        offered=await step_up.offered(request),
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
