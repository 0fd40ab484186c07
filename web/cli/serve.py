"""mypage serve, init-db, settings."""

import asyncio
import json

import click

from web import log
from web.app import create_app
from web.cli import server
from web.database import Database, DatabaseUnavailable, at
from web.database.database import FRESH
from web.database.migrations import what_differs
from web.http.templating import compile_all
from web.security import counter_key, upgrading
from web.security.audit import Trail
from web.security.vault import Vault
from web.settings import BadSetting, Settings, described


@click.command()
def serve() -> None:
    """Serve the product, configured by the environment alone."""
    settings = Settings.from_env()
    asyncio.run(_look(settings, at(settings.database_url)))
    log.start()
    log.event("serve.started", base_url=settings.base_url)
    app = create_app(settings)
    compile_all(app.state.templates)
    server.run(app, settings)


async def _look(settings: Settings, database: Database) -> None:
    """Let no server start on another schema, on a database whose newest part may be lost, or without others' key."""
    if differs := what_differs(await database.version()):
        raise DatabaseUnavailable(f"MYPAGE_DATABASE_URL: {differs}")
    if not await database.is_the_one_noted():
        raise DatabaseUnavailable(
            f"MYPAGE_DATABASE_URL: {database.name} is another server, or was put back, or promoted while"
            " no node served; run `mypage rest` (docs/operations.md)"
        )
    if not await database.only_server() and (missing := await _missing_key(settings)):
        await asyncio.sleep(FRESH)  # after an outage the others come back with their next beats
        if await database.nodes():
            raise BadSetting(
                f"MYPAGE_SECRET_KEY: another node seals with key {missing!r}, which is not held here;"
                " a new key is first written second, on all nodes (docs/operations.md)"
            )


async def _missing_key(settings: Settings) -> str:
    """Name a key that was sealed with last and is not held; '' if there is none, or it is gone for good."""
    database, vault = at(settings.database_url), Vault(settings.secret_key)
    await database.open(command=True)
    try:
        async with database.read() as reads:
            of_the_trail = await Trail(vault).missing_key(reads)
            return of_the_trail or await counter_key.missing_key(reads, vault)
    finally:
        await database.close()


@click.command("init-db")
def init_db() -> None:
    """Create the database or bring it up to date; safe to repeat."""
    database = at(Settings.database_from_env())
    before, now = asyncio.run(upgrading.upgrade(database, Settings.from_env))
    if before == now:
        click.echo(f"{database.name}: up to date (version {now})")
    else:
        click.echo(f"{database.name}: version {before} → {now}")


@click.command("settings")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show_settings(as_json: bool) -> None:  # noqa: FBT001
    """List every setting with its default and its meaning."""
    rows = [
        {"name": row["name"], "default": row["default"], "meaning": row["meaning"]}
        for row in described()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        default = "(must be set)" if row["default"] is None else row["default"] or "(empty)"
        click.echo(f"{row['name']:34} {default:34} {row['meaning']}")
