"""心当たりがない操作の届出 at the desk: one of them, and closing it with a note."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.fields.field import Field
from web.fields.form import Form, FormSpec
from web.http import errors, office_errors
from web.http.access import need, staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.mail import messages
from web.office import looks, step_up
from web.office.reason import reason as as_reason
from web.security import audit_events
from web.services import Work
from web.store import accounts, reports
from web.store.reports import Report
from web.store.staff import Role

SCREEN = "office/report"
MOST = 50  # on the desk
NOTE = Field(
    "note", "対応の内容", as_reason,
    hint="操作履歴に記録されます。例：ご本人に電話し、パスワードの変更を確認した。",
)  # fmt: skip
CLOSING = FormSpec((NOTE,))


class DoneBefore(Exception):
    """Somebody has closed it already."""


async def show(request: Request) -> Response:
    """Show a report with its account, or close it."""
    report = await services_of(request).read_one(reports.find, request.path_params["id"])
    if report is None:
        raise HTTPException(404)
    page = {"id": report.id}
    if request.method == "POST":
        return await _take(request, report)
    return await _show(request, report, form_to_show(request, SCREEN, CLOSING, **page))


async def _show(request: Request, report: Report, answers: Form) -> Response:
    async with services_of(request).read() as reads:
        account = await accounts.find(reads, report.account_id)
        if account is None:
            raise HTTPException(404)
        shut = await looks.shut(request, reads, account)
    return shut or render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        form=answers,
        report=report,
        account=account,
        what=audit_events.label(report.event) if report.event else "",
        may_close=report.closed_at is None and staff(request).role.may(Role.CLERK),
    )


async def _take(request: Request, report: Report) -> Response:
    given, page = await read_form(request, "act", NOTE.name), {"id": report.id}
    if given["act"] == "look":
        return await looks.opened(request, report.account_id, looks.Page.REPORT, SCREEN, **page)
    need(request, Role.CLERK, "close")
    await looks.note(
        request, report.account_id, looks.Page.REPORT
    )  # every answer shows the account
    answers = CLOSING.parse(given)
    if not answers.ok:
        show = partial(_show, request, report)
        return await redisplay(request, SCREEN, answers, show, kept=page, **page)
    try:
        await step_up.write(request, _close, report, staff(request).name, answers[NOTE.name].value)
    except DoneBefore:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    return redirect(request, url(request, SCREEN, **page, notice="office-closed"))


async def _close(tx: Work, report: Report, who: str, note: str) -> None:
    if not await reports.close(tx, report.id, who, note):
        raise DoneBefore
    await tx.audit("activity.closed", report.account_id, who=who, reason=note, number=report.number)
    owner = await accounts.find(tx, report.account_id)
    if owner is None:
        raise HTTPException(404)
    message = messages.report_closed(
        tx.settings, owner.admin_email, owner.payment_user_id, report.number, report.reported_at,
        at=tx.now,
    )  # fmt: skip
    await tx.mail(message, f"report_closed:{report.id}", account_id=owner.id)
