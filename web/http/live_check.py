"""A live check: the field that was just left, judged by the code of the submit."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from web.fields.field import Answer, Field
from web.http.body import BadRequest, read_exactly
from web.http.client import judging, kept_back, may_judge
from web.http.render import partial
from web.security.throttle import TooMany


async def judged(request: Request, judge: Callable[[Mapping[str, str]], Answer | None]) -> Response:
    """Answer with words and badge. Raises BadRequest for fields that no live check sends."""
    answer = judge(await read_exactly(request))
    if answer is None:
        raise BadRequest("fields that no live check sends")
    return partial(request, "partials/field_check.html", answer=answer)


async def new_password(
    request: Request, field: Field, weakness: Callable[[str], Awaitable[str]] | None
) -> Response:
    """Judge a new password, which comes alone; without `weakness` by its looks only.

    Raises TooMany, Busy, and BadRequest for fields that no live check sends.
    """
    given = await read_exactly(request)
    if set(given) != {field.name}:
        raise BadRequest("fields that no live check sends")
    async with kept_back(request, TooMany):
        if weakness:
            may_judge(request)
        answer = field.check(given[field.name])
        if answer.good and weakness:
            with judging(request):
                why_not = await weakness(answer.value)
            answer = answer.refused(why_not) if why_not else answer
    return partial(request, "partials/field_check.html", answer=answer)
