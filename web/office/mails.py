"""Mails that could not be delivered, and sending them again."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.http import errors, office_errors
from web.http.access import staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.render import render, url
from web.office import events, step_up
from web.office.support import mails
from web.office.support.accounts import Act
from web.steps.days import by_day
from web.store import accounts
from web.store.listed_mails import State
from web.store.staff import Role

SCREEN = "office/mails"
MOST = 100


async def show(request: Request) -> Response:
    """List what was given up, newest first."""
    async with services_of(request).read() as reads:
        found = await mails.listed(reads, payment_user_id=None, state=State.DEAD, most=MOST)
        owners = {
            user_id: await accounts.find_by_payment_id(reads, user_id)
            for user_id in {mail["payment_user_id"] for mail in found}
            if user_id
        }
    return render(
        request,
        SCREEN,
        mails=found,
        owners=owners,
        most=MOST,
        mail_named=events.mail_named,
        not_sent=events.not_sent,
        mail_days=by_day(found, lambda mail: int(mail["dead_at"])),
        may_resend=staff(request).role.may(Role.CLERK),
    )


async def resend(request: Request) -> Response:
    """Let a mail be tried once more."""
    await read_form(request)
    act = Act(staff(request).name)
    mail_id = request.path_params["id"]
    try:
        again = await step_up.write(request, mails.retry_dead, act, mail_id)
    except mails.NoSuchMail:
        raise HTTPException(404) from None
    if not again:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    return redirect(request, url(request, SCREEN, notice="office-resent"))
