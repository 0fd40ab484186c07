"""担当者: who there is, and unlocking one whom wrong passwords or codes have shut out."""

from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from web.fields.form import Form, FormSpec
from web.http.access import staff
from web.http.body import read_form
from web.http.client import services_of
from web.http.htmx import redirect
from web.http.redisplay import form_to_show, redisplay
from web.http.render import render, url
from web.office import step_up as office_step_up
from web.office.staff import NoSuchStaff, throttled_as, unlock
from web.security import second_throttle, throttle
from web.steps.step_up import WrongCode
from web.store import staff as staff_rows

SCREEN = "office/people"
NOTHING = FormSpec(())


async def show(request: Request) -> Response:
    """List every 担当者 and whether a lock keeps them out."""
    return await _show(
        request,
        form_to_show(
            request, SCREEN, office_step_up.asked(NOTHING, second=office_step_up.second(request))
        ),
    )


async def _show(request: Request, answers: Form) -> Response:
    vault = services_of(request).vault
    async with services_of(request).read() as reads:
        people = [
            (
                each,
                await throttle.locked(reads, vault, throttled_as(each.name)),
                await second_throttle.locked(reads, vault, each.id),
            )
            for each in await staff_rows.everybody(reads)
        ]
    return render(
        request,
        SCREEN,
        status=200 if answers.ok else 422,
        people=people,
        any_locked=any(password or codes for _, password, codes in people),
        form=answers,
        offered=await office_step_up.offered(request),
    )


async def open_lock(request: Request) -> Response:
    """Let a 担当者 who was locked try again."""
    asked = office_step_up.asked(NOTHING, second=office_step_up.second(request))
    given = await read_form(request, "name", *asked.names)
    answers = await office_step_up.judged(request, asked, given)
    again = partial(redisplay, request, SCREEN)
    if not answers.ok:
        return await again(answers, partial(_show, request))
    try:
        await office_step_up.act(request, given, unlock, given["name"], who=staff(request).name)
    except WrongCode as wrong:
        return await again(answers.with_error(wrong.at, str(wrong)), partial(_show, request))
    except NoSuchStaff:
        raise HTTPException(404) from None
    return redirect(request, url(request, SCREEN, notice="office-unlocked"))
