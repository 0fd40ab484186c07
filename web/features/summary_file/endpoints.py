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
from web.store import payments
from web.store.payments import Payment, Total

SCREEN = "summary_file/choose"
SHOW, MOST = "show", 200  # rows on the screen; the file has all of them
LONGEST_DAY = 40  # characters: more is no day, and would make an address that nobody takes


async def choose(request: Request) -> Response:
    """Show the choice of a period, or give the file."""
    if request.method != "POST":
        return await _show(request)
    services, signed_in, now = services_of(request), account(request), clock.now()
    given = await read_form(request, SHOW, *form.CHOICE.names)
    answers = form.CHOICE.parse(given)
    # What was chosen goes back in the address: days are no secret, and short.
    again = url(request, SCREEN, **{name: text[:LONGEST_DAY] for name, text in given.items()})
    if given[SHOW] or not answers.ok:
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
    empty, made, totals, words = "", list[Payment](), list[Total](), ""
    if chosen and answers.ok:
        asked = form.period(answers, clock.in_tokyo(clock.now()).date())
        words, own = asked.words, account(request).id
        async with services_of(request).read() as reads:
            made, totals = await payments.shown(
                reads, own, since=asked.since, before=asked.before, most=MOST
            )
        empty = "" if made else words
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        periods=form.PERIODS.items(),
        empty=empty,
        payments=made if request.query_params.get(SHOW) else [],
        totals=totals,
        words=words,
        most=MOST,
        kinds=payments.KINDS,
        states=payments.STATES,
    )
