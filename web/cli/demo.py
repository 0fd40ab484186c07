"""mypage demo: what `make run` starts."""

from pathlib import Path

import click

from web import log
from web.cli import server


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--host", default="localhost", show_default=True, help="Loopback name to listen on.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Folder for the demo's database and mails.",
)
@click.option("--database", help="Address of another database than a file in that folder.")
@click.option(
    "--second-factor",
    type=click.Choice(["off", "optional", "corporate", "all"]),
    default="optional",
    show_default=True,
    help="Who of the 利用者 must have a second factor; all: every 担当者, too.",
)
def demo(port: int, host: str, data: Path, database: str | None, second_factor: str) -> None:
    """Run the product with demo data and its own mailbox."""
    try:
        from web.demo import run
    except ModuleNotFoundError as missing:
        raise click.ClickException(f"the demo needs {missing.name}: pip install …[demo]") from None
    log.start()
    with run.prepared(data, host, port, database, second_factor) as (app, settings, words):
        click.echo("\n".join(words))
        server.run(app, settings)
