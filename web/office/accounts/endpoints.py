"""Accounts: the search, one account, and what is done to it."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.direct_debit import words
from web.fields.check_digit import grouped
from web.fields.form import Form
from web.http import errors, office_errors
from web.http.access import need, staff
from web.http.body import read_form
from web.http.browser import in_words
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import events, looks
from web.office import step_up as office_step_up
from web.office.accounts import flow, form
from web.office.support.accounts import NoSuchAccount
from web.services.error_numbers import given_at
from web.steps.days import by_day
from web.steps.step_up import WrongCode
from web.store import shown_errors
from web.store.staff import Role

SEARCH, SHOW = "office/accounts", "office/account"


async def search(request: Request) -> Response:
    """Show the search, or look for somebody; a name is in no address, so it is posted."""
    if request.method == "POST":
        await services_of(request).error_numbers.flush(services_of(request).database)
        answers = form.SEARCH.parse(await read_form(request, *form.SEARCH.names))
        await _note_found(request, answers)
        return await redisplay(request, SEARCH, answers, partial(_show_found, request))
    return await _show_found(request, form_to_show(request, SEARCH, form.SEARCH))


async def _note_found(request: Request, answers: Form) -> None:
    """Write down what a search showed: one account is looked at already, of many their number."""
    sought = answers[form.SOUGHT.name].value
    if not sought:
        return
    found = await services_of(request).read_one(flow.search, sought)
    if len(found) == 1:
        await looks.note(request, found[0].id, looks.Page.SEARCH)
    elif found:
        number = min(len(found), flow.MOST)
        await office_step_up.write(request, looks.record_list, staff(request).name, number)


async def _show_found(request: Request, answers: Form) -> Response:
    answer, found, shown = answers[form.SOUGHT.name], [], None
    number = form.error_number(answer.value)
    if answer.value:
        found = await services_of(request).read_one(flow.search, answer.value)
    if number:
        shown = await services_of(request).read_one(shown_errors.find, number)
    error_at = shown.shown_at if shown else given_at(number) if number else 0
    return render(
        request,
        SEARCH,
        status=422 if answer.error else 200,
        form=answers,
        asked=bool(answer.value),
        found=found[: flow.MOST],
        more=len(found) > flow.MOST,
        most=flow.MOST,
        error_of=next((each for each in found if shown and each.id == shown.account_id), None),
        error_at=error_at,
        error_day=clock.in_tokyo(error_at).date().isoformat(),
    )


async def show(request: Request) -> Response:
    """Show an account with all that the desk needs, once the look is written down."""
    if request.method == "POST":
        async with services_of(request).read() as reads:
            account = await looks.account_of(reads, request)
        return await looks.opened(request, account.id, looks.Page.ACCOUNT, SHOW, id=account.id)
    asked = office_step_up.asked(form.ACTING, second=office_step_up.second(request))
    return await _show(request, form_to_show(request, SHOW, asked, id=request.path_params["id"]))


async def _show(request: Request, answers: Form) -> Response:
    async with services_of(request).read() as reads:
        account = await looks.account_of(reads, request)
        shut = await looks.shut(request, reads, account)
        if shut:
            return shut
        found = await flow.view(reads, account)
    return render(
        request,
        SHOW,
        status=200 if answers.ok else 422,
        form=answers,
        offered=await office_step_up.offered(request),
        account=found.account,
        view=found,
        acts=_acts(request, found),
        may_change=staff(request).role.may(Role.CLERK),
        may_retire=found.retired_at is None and staff(request).role.may(Role.ADMIN),
        browser=in_words,
        mail_named=events.mail_named,
        not_sent=events.not_sent,
        mail_days=by_day(found.mails, lambda mail: int(mail["created_at"])),
        grouped=grouped,
        procedure=words.procedure,
        states=words.STATES,
        first_day=_first_day(request),
    )


def _first_day(request: Request) -> str:
    """Give the day from which the audit trail is kept."""
    kept = services_of(request).settings.audit_years * 366 * clock.DAY
    return clock.in_tokyo(clock.now() - kept).date().isoformat()


def _acts(request: Request, found: flow.View) -> list[tuple[str, str]]:
    """Offer what fits the account's state and the role."""
    fits = {
        form.UNLOCK: found.facts["locked"] or found.facts["second_locked"],
        form.END: bool(found.log_ins),
        form.DISABLE: found.account.disabled_at is None,
        form.ENABLE: found.account.disabled_at is not None and found.retired_at is None,
    }
    role = staff(request).role
    return [
        (what, label)
        for what, label in form.ACTS.items()
        if fits[what] and role.may(form.NEEDED[what])
    ]


async def act(request: Request) -> Response:
    """Do what was chosen, once, and write down who did it and why."""
    services, account_id = services_of(request), request.path_params["id"]
    asked = office_step_up.asked(form.ACTING, second=office_step_up.second(request))
    given = await read_form(request, *asked.names)
    wanted = given[form.ACT.name]
    if wanted in form.NEEDED:
        need(request, form.NEEDED[wanted], wanted)
    await services.read_one(looks.account_of, request)
    await looks.note(request, account_id, looks.Page.ACCOUNT)  # the answer shows the account
    answers = await office_step_up.judged(request, asked, given)
    address = {"id": account_id}
    again = partial(redisplay, request, SHOW)
    if not answers.ok:
        return await again(answers, partial(_show, request), kept=address, **address)
    what = answers[form.ACT.name].value
    try:
        by = (staff(request).name, answers[form.REASON.name].value)
        await office_step_up.act(request, given, flow.act, account_id, what, *by)
    except WrongCode as wrong:
        refused = answers.with_error(wrong.at, str(wrong))
        return await again(refused, partial(_show, request), kept=address, **address)
    except NoSuchAccount:
        raise HTTPException(404) from None
    except flow.DoneBefore:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    return redirect(request, url(request, SHOW, id=account_id, notice=f"office-{what}"))
