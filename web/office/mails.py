"""Mails that could not be delivered, and sending them again."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.features.support import mails
from web.features.support.accounts import Act
from web.http import errors, office_errors
from web.http.body import read_form
from web.http.htmx import leave
from web.http.render import render, url
from web.http.services import services
from web.http.staff_entry import staff
from web.office import events
from web.store import accounts
from web.store.staff import Role

SCREEN = "office/mails"
MOST = 100


async def show(request: Request) -> Response:
    """List what was given up, newest first."""
    async with services(request).database.read() as reads:
        found = await mails.listed(reads, payment_user_id=None, state="dead", most=MOST)
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
        may_resend=staff(request).role.may(Role.CLERK),
    )


async def resend(request: Request) -> Response:
    """Let a mail be tried once more."""
    parts = services(request)
    await read_form(request)
    act = Act(parts.vault, staff(request).name)
    mail_id = request.path_params["id"]
    try:
        again = await parts.database.write(mails.retry_dead, act, mail_id, now=clock.now())
    except mails.NoSuchMail:
        raise HTTPException(404) from None
    if not again:
        return errors.page(request, 409, words=office_errors.DONE_BEFORE)
    return leave(request, url(request, SCREEN, notice="office-resent"))
