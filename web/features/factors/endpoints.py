"""ログインの方法: the factors of an account."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from web import clock
from web.http.access import session
from web.http.body import read_form
from web.http.client import attempt_of, services_of
from web.security import factor_policy
from web.settings import Settings
from web.steps import current_password, factor_new, passkey_new, passkeys, step_up
from web.steps.check_password import Still
from web.steps.factor_pages import Pages, Person

NAME = "factors"


def _person(request: Request) -> Person:
    current = session(request)
    owner = step_up.owner_of(current)
    return Person(owner, current.id, current.second, current.method, current.started_at)


def _allowed(settings: Settings) -> bool:
    return settings.second_factor != "off"


def _required(request: Request) -> bool:
    settings, kind = services_of(request).settings, session(request).account.kind
    return factor_policy.of_account(settings, kind, clock.now())


async def _check_first(request: Request, typed: Mapping[str, str]) -> Still:
    signed_in, password = session(request).account, typed[current_password.FIELD.name]
    attempt = attempt_of(request, signed_in.payment_user_id)
    return await current_password.prove(
        services_of(request), signed_in, attempt, password, asked_by=NAME
    )


def _by_mail(request: Request) -> bool:
    """Tell whether a password alone registers nothing: where one is required, also before its day."""
    return factor_policy.concerns(services_of(request).settings, session(request).account.kind)


PAGES = Pages(NAME, "mypage/show", _person, _allowed, _required, _check_first, _by_mail)
show, prove, edit = PAGES.show, PAGES.prove, PAGES.edit


async def mailed(request: Request) -> Response:
    """Ask the code that was mailed, before the first factor of whoever must have one."""
    return await factor_new.mailed(PAGES, request)


async def app(request: Request) -> Response:
    """Show the QR code and the key of a new app, or take its first code."""
    return await factor_new.app(PAGES, request)


async def codes(request: Request) -> Response:
    """Show ten new 予備コード, or put them in force once one was typed back."""
    return await factor_new.codes(PAGES, request)


async def passkey(request: Request) -> Response:
    """Show the form of a new passkey, or take what the browser has made."""
    return await passkey_new.passkey(PAGES, request)


async def renew(request: Request) -> Response:
    """Give another challenge to a page that stays open: for what the old one was for, and nothing else.

    It changes nothing, and keeps no log-in alive.
    """
    given = await read_form(request, "challenge")
    renewed = passkeys.renewed(services_of(request), given["challenge"])
    if renewed is None:
        raise HTTPException(410)
    return JSONResponse({"challenge": renewed})
