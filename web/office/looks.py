"""Looks at an account: written down by a POST before any page of the account is shown to a 担当者."""

from enum import StrEnum
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.database import Tx
from web.http.access import staff, staff_session
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.render import render, url
from web.services import Work
from web.store import accounts, audit
from web.store.accounts import Account

SCREEN = "office/look"
LASTS = 30 * clock.MINUTE  # reloads and the way from page to page are one look


class Page(StrEnum):
    """Where an account was looked at, as the trail keeps it."""

    SEARCH = "search"
    ACCOUNT = "account"
    ADDRESS = "address"
    FACTORS = "factors"
    FORM = "form"
    REPORT = "report"
    COMMAND = "command"


async def account_of(reads: Tx, request: Request) -> Account:
    """Find the account of an address; without one the answer is a 404."""
    account = await accounts.find(reads, request.path_params["id"])
    if account is None:
        raise HTTPException(404)
    return account


async def record(tx: Work, account_id: str, who: str, since: int, page: Page) -> None:
    """Write down that a 担当者 looks at an account, unless an earlier look of the log-in still lasts."""
    if not await _lasts(tx, account_id, who, since):
        await tx.audit("account.viewed", account_id, who=who, page=page)


async def record_list(tx: Work, who: str, number: int) -> None:
    """Write down that a search showed a 担当者 so many accounts: ID and name of each."""
    await tx.audit("accounts.listed", who=who, number=number)


async def note(request: Request, account_id: str, page: Page) -> None:
    """Write down the look of whoever is logged in."""
    session = staff_session(request)
    write = services_of(request).write
    await write(record, account_id, session.staff.name, session.started_at, page)


async def opened(
    request: Request, account_id: str, page: Page, name: str, **values: Any
) -> Response:
    """Write the look down, and go to the page that it opens."""
    await note(request, account_id, page)
    return redirect(request, url(request, name, **values))


async def shut(request: Request, reads: Tx, account: Account) -> Response | None:
    """Give the page that asks for the look to be written down; None while one lasts.

    A GET may not write the look down, so it may not show the account without one.
    """
    if await _lasts(reads, account.id, staff(request).name, staff_session(request).started_at):
        return None
    return render(request, SCREEN, account=account, action=request.scope["path"])


async def _lasts(tx: Tx, account_id: str, who: str, since: int) -> bool:
    looks = await audit.looks(tx, account_id, since=max(since, tx.now - LASTS + 1))
    return any(each.detail["who"] == who for each in looks)
