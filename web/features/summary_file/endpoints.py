"""まとめ納付管理ファイル: the period, and the file."""

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.summary_file import flow, form
from web.http.access import account
from web.http.body import read_form
from web.http.client import services_of
from web.http.download import CsvFile
from web.http.htmx import redirect
from web.http.render import render, url

SCREEN = "summary_file/choose"


async def choose(request: Request) -> Response:
    """Show the choice of a period, or give the file."""
    if request.method != "POST":
        return await _show(request)
    services, signed_in, now = services_of(request), account(request), clock.now()
    given = await read_form(request, *form.CHOICE.names)
    answers = form.CHOICE.parse(given)
    # What was chosen goes back in the address: days are no secret.
    again = url(request, SCREEN, **given)
    if not answers.ok:
        return redirect(request, again)
    asked = form.period(answers, clock.in_tokyo(now).date())
    try:
        await services.write(flow.give, signed_in, asked)
    except flow.NothingInPeriod:
        return redirect(request, again)
    days = f"{asked.first:%Y%m%d}-{asked.last:%Y%m%d}"
    return CsvFile(
        f"まとめ納付管理ファイル_{signed_in.payment_user_id}_{days}.csv",
        f"summary_{signed_in.payment_user_id}_{days}.csv",
        flow.lines(services.database, signed_in, asked),
    )


async def _show(request: Request) -> Response:
    chosen = form.PERIOD.name in request.query_params
    answers = form.CHOICE.parse(request.query_params) if chosen else form.blank()
    empty = ""
    if chosen and answers.ok:
        asked = form.period(answers, clock.in_tokyo(clock.now()).date())
        async with services_of(request).read() as reads:
            found = await flow.any_of(reads, account(request), asked)
        empty = "" if found else asked.words
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        periods=form.PERIODS.items(),
        empty=empty,
    )
