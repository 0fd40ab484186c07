"""The router finds what Starlette's own would find, row by row."""

import re

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.routing import Router as RowByRow

from web.http.router import Router
from web.routes import ROUTES

pytestmark = pytest.mark.anyio

VALUES = {"kind": "Pay", "debit": "national", "action": "new"}  # of their convertors
_PART = re.compile(r"\{\w+:?(\w*)\}")
METHODS = ("GET", "HEAD", "POST", "DELETE")


async def _named(request: Request) -> Response:
    return PlainTextResponse(f"{request.scope['route'].name} {request.path_params}")


def table() -> list[Route]:
    """Give the table of routes, each of which answers with its name."""
    rows = [row for row in ROUTES if isinstance(row, Route)]
    return [Route(row.path, _named, methods=row.methods, name=row.name) for row in rows]


def addresses() -> list[str]:
    """Give an address of every route, and some that are nearly one."""
    paths = [_PART.sub(lambda part: VALUES.get(part[1], "x"), row.path) for row in table()]
    return [*paths, *(f"{path}/" for path in paths), "/nothing", "//", ""]


async def test_every_address_leads_where_the_table_says() -> None:
    """With every method, with a slash too many, and where nothing is."""
    ours = Router(table(), None)  # type: ignore[arg-type]  # nothing starts
    theirs = RowByRow(table(), redirect_slashes=False)
    for path in addresses():
        for method in METHODS:
            answers = []
            for router in (ours, theirs):
                transport = httpx.ASGITransport(router)
                async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
                    answer = await client.request(method, path)
                answers.append((answer.status_code, answer.text, answer.headers.get("allow")))
            assert answers[0] == answers[1], f"{method} {path}"
