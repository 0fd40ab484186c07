"""A live check: the field that was just left, judged by the code of the submit."""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from web.fields.field import Answer
from web.http.body import BadRequest, read_exactly
from web.http.render import partial


async def judged(request: Request, judge: Callable[[Mapping[str, str]], Answer | None]) -> Response:
    """Answer with words and badge. Raises BadRequest for fields that no live check sends."""
    answer = judge(await read_exactly(request))
    if answer is None:
        raise BadRequest("fields that no live check sends")
    return partial(request, "partials/field_check.html", answer=answer)
