"""The floor: a bare Starlette page of the same size, one read, a small template, the same server."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

SQL = """
    SELECT a.* FROM sessions AS s JOIN accounts AS a ON a.id = s.account_id
     WHERE s.token_hash = ?
"""
PAGE = """<!DOCTYPE html><html lang="ja"><title>floor</title><main><h1>floor</h1>
<dl>{% for name, value in rows %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<p>{{ filler }}</p></main></html>"""


def create_app() -> Starlette:
    """Make the application from BENCH_DATABASE, BENCH_TOKEN_HASH and BENCH_BYTES."""
    token_hash = bytes.fromhex(os.environ["BENCH_TOKEN_HASH"])
    template = Environment(loader=DictLoader({"page": PAGE}), autoescape=True).get_template("page")
    filler = "x" * int(os.environ["BENCH_BYTES"])

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with aiosqlite.connect(os.environ["BENCH_DATABASE"]) as connection:
            connection.row_factory = sqlite3.Row
            app.state.connection = connection
            yield

    async def page(request: Request) -> Response:
        connection: aiosqlite.Connection = request.app.state.connection
        (row,) = await connection.execute_fetchall(SQL, (token_hash,))
        html = template.render(rows=zip(row.keys(), tuple(row), strict=True), filler=filler)
        return HTMLResponse(html)

    return Starlette(routes=[Route("/", page)], lifespan=lifespan)
