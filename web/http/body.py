"""Reads form bodies strictly: what no browser sends is a 400, not a guess."""

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
SENT = "mypage.sent"  # where in the scope an error page finds what was sent


class BadRequest(HTTPException):
    """A request that no browser sends."""

    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


async def read_form(request: Request, *names: str) -> dict[str, str]:
    """Read the named fields; missing ones are empty, unknown ones ignored. Raises BadRequest."""
    given = await _pairs(request)
    return {name: given.get(name, "") for name in names}


async def read_exactly(request: Request) -> dict[str, str]:
    """Read all fields as they came, for live checks, whose sets are declared. Raises BadRequest."""
    return await _pairs(request)


async def _pairs(request: Request) -> dict[str, str]:
    body = await request.body()
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if body and media_type != FORM:  # a form without fields may come without a type
        raise BadRequest("not a form")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as wrong:  # bytes that are no UTF-8, raw or percent-encoded; too many fields
        raise BadRequest("unreadable form") from wrong
    # A doubled field would mean one thing to us and another to a proxy (ASVS 15.3.7).
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadRequest("doubled field")
    # An error page that follows offers to send it once more.
    request.scope[SENT] = fields
    return fields.copy()
