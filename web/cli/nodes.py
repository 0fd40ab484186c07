"""mypage nodes: which processes serve from a database that many may serve from."""

import asyncio
from dataclasses import asdict

import click

from web.cli import common
from web.database import at
from web.settings import Settings


@click.command()
@common.as_json
def nodes(as_json: bool) -> None:  # noqa: FBT001
    """List the processes that serve from the database; on SQLite there is one at most, which is not listed."""
    found = asyncio.run(at(Settings.database_from_env()).nodes())
    common.print_rows([common.with_moments(asdict(node)) for node in found], as_json=as_json)
