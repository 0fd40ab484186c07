"""What somebody who has a second factor is offered to prove it with."""

from dataclasses import dataclass

from starlette.requests import Request

from web.fields.form import Form, FormSpec, Given
from web.http.client import services_of
from web.services import Services
from web.steps import passkeys, second_form
from web.store import second_factors


@dataclass(frozen=True, slots=True)
class Offered:
    """Whether there is an app, and the request that a passkey answers; "" where there is none, or it is of no use here."""

    app: bool = False
    passkey: str = ""


async def to_owner(request: Request, owner_id: str, purpose: str) -> Offered:
    """Find what an owner has."""
    has = await services_of(request).read_one(second_factors.means, owner_id)
    return Offered(has.app, passkeys.to_use(request, purpose, has.passkeys))


async def judged(services: Services, owner_id: str, spec: FormSpec, given: Given) -> Form:
    """Judge what was typed where a second factor is asked for; what is missing is said where it is shown."""
    form = second_form.judge(spec, given)
    if second_form.CODE.name not in form.messages:
        return form
    has = await services.read_one(second_factors.means, owner_id)
    return form if has.app else second_form.without_app(form)
