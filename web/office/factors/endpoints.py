"""ログインの方法: the factors of a 担当者."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from web import clock
from web.http.access import staff, staff_session
from web.http.client import attempt_of, services_of
from web.office import factor_key
from web.office.staff import PASSWORDS, throttled_as
from web.office.step_up import owner_of
from web.security import factor_policy
from web.services import Work
from web.settings import Settings
from web.steps import current_password, factor_new, passkey_new
from web.steps.check_password import Still, WrongPassword, check_password
from web.steps.factor_pages import Pages, Person
from web.steps.step_up import WrongCode
from web.store.staff import Staff

NAME = "office/factors"


def _person(request: Request) -> Person:
    current, settings = staff_session(request), services_of(request).settings
    asked = factor_policy.concerns_staff(settings) and not factor_key.spares(staff(request))
    key = (factor_key.KEY,) if asked else ()
    return Person(
        owner_of(request), current.id, current.second, current.method, current.started_at, key
    )


def _allowed(settings: Settings) -> bool:
    return settings.office_second_factor != "off"


def _required(request: Request) -> bool:
    return factor_policy.of_staff(services_of(request).settings, clock.now())


async def _check_first(request: Request, typed: Mapping[str, str]) -> Still:
    """Compare with the password of the 担当者, under log-in's counters, and with the 登録キー.

    Raises TooMany, WrongPassword, WrongCode.
    """
    person, services = _person(request), services_of(request)
    answers = person.asked.parse(typed)
    if not answers.ok:
        wrong = answers.errors[0]
        raise WrongCode(wrong.error, wrong.field.name)
    attempt = attempt_of(request, throttled_as(staff(request).name))
    password = answers[current_password.FIELD.name].value
    try:
        checked = await check_password(services, PASSWORDS, attempt, password, _note_failure)
    except WrongPassword:
        raise WrongPassword(current_password.WRONG) from None
    for field in person.key:
        key = answers[field.name].value
        if not await services.write(factor_key.fits, person.owner, key):
            raise WrongCode(factor_key.WRONG, field.name)
    return PASSWORDS.still(attempt, checked, current_password.WRONG)


async def _note_failure(tx: Work, found: Staff, _: bool) -> None:  # noqa: FBT001
    await tx.audit("office.login.failed", who=found.name)


def _by_mail(_: Request) -> bool:
    """Mail nothing: a 担当者 has no address here."""
    return False


PAGES = Pages(NAME, "office/desk", _person, _allowed, _required, _check_first, _by_mail)
show, prove, edit = PAGES.show, PAGES.prove, PAGES.edit


async def app(request: Request) -> Response:
    """Show the QR code and the key of a new app, or take its first code."""
    return await factor_new.app(PAGES, request)


async def codes(request: Request) -> Response:
    """Show ten new 予備コード, or put them in force once one was typed back."""
    return await factor_new.codes(PAGES, request)


async def passkey(request: Request) -> Response:
    """Show the form of a new passkey, or take what the browser has made."""
    return await passkey_new.passkey(PAGES, request)
