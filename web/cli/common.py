"""What commands share: the database for one command, and how facts are printed."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from web import clock

as_json = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


def with_moments(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write every time of the facts as people and programs read it."""
    return {
        key: clock.iso_utc(value) if key.endswith("_at") and value is not None else value
        for key, value in facts.items()
    }


def print_facts(facts: Mapping[str, Any], *, as_json: bool) -> None:
    """Print one thing, a fact a line."""
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for key, value in facts.items():
        click.echo(f"{key:28} {'' if value is None else value}")


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print many things, one a line, under a heading; the ids come last to be copied."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("none")
        return
    lines = [list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _cell(value: Any) -> str:
    return "-" if value is None or value == "" else str(value)
