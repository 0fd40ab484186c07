"""利用者ID廃止: a page of its own, because nothing brings an ID back; its 納付利用者ID has to be typed."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form
from web.http import errors, office_errors
from web.http.access import staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import looks
from web.office import step_up as office_step_up
from web.office.accounts import flow, form
from web.steps.step_up import WrongCode

SCREEN, ACCOUNT = "office/retire", "office/account"


async def retire(request: Request) -> Response:
    """Show what 廃止 does, or do it."""
    if request.method == "POST":
        return await _take(request)
    spec = office_step_up.asked(form.RETIRING, second=office_step_up.second(request))
    page = {"id": request.path_params["id"]}
    return await _show(request, form_to_show(request, SCREEN, spec, **page))


async def _show(request: Request, answers: Form) -> Response:
    async with services_of(request).read() as reads:
        account = await looks.account_of(reads, request)
        shut = await looks.shut(request, reads, account)
    return shut or render(
        request, SCREEN, status=200 if answers.ok else 422, form=answers, account=account,
        offered=await office_step_up.offered(request),
    )  # fmt: skip


async def _take(request: Request) -> Response:
    services = services_of(request)
    spec = office_step_up.asked(form.RETIRING, second=office_step_up.second(request))
    given = await read_form(request, "act", *spec.names)
    account = await services.read_one(looks.account_of, request)
    page = {"id": account.id}
    if given["act"] == "look":
        return await looks.opened(request, account.id, looks.Page.ACCOUNT, SCREEN, **page)
    await looks.note(request, account.id, looks.Page.ACCOUNT)  # every answer shows the account
    answers = await office_step_up.judged(request, spec, given)
    if answers.ok and answers[form.TYPED_ID.name].value != account.payment_user_id:
        answers = answers.with_error(form.TYPED_ID.name, form.OTHER_ID)
    show = partial(_show, request)
    if not answers.ok:
        return await redisplay(request, SCREEN, answers, show, kept=page, **page)
    try:
        by = (staff(request).name, answers[form.REASON.name].value)
        await office_step_up.act(request, given, flow.act, account.id, form.RETIRE, *by)
    except WrongCode as wrong:
        refused = answers.with_error(wrong.at, str(wrong))
        return await redisplay(request, SCREEN, refused, show, kept=page, **page)
    except flow.StillUsed:
        return errors.page(request, 409, words=office_errors.STILL_USED)
    except flow.DoneBefore:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    return redirect(request, url(request, ACCOUNT, **page, notice=f"office-{form.RETIRE}"))
