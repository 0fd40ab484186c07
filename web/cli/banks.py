"""mypage banks check: is the list of banks and branches still what it should be?"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from web.banks.comparing import Row, compare
from web.banks.directory import BANK_DIGITS, BRANCH_DIGITS, banks_dated
from web.banks.directory import banks as listed
from web.cli.common import as_json, print_rows
from web.cli.csv_rows import Bad, BadRow, rows

COLUMNS = ("bank_code", "bank_name", "bank_kana", "branch_code", "branch_name", "branch_kana")
_WIDTHS = {"bank_code": BANK_DIGITS, "branch_code": BRANCH_DIGITS}


@click.group()
def banks() -> None:
    """Look after the list of banks and branches."""


@banks.command(epilog=f"Columns: {', '.join(COLUMNS)}; codes of 4 and 3 digits, in any order.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
def check(file: Path, as_json: bool) -> None:  # noqa: FBT001
    """Print what a newer list in FILE would change; fail if anything.

    FILE is a UTF-8 CSV of the whole list, a line for every branch, with a header.
    """
    try:
        given = list(_read(file))
    except BadRow as wrong:
        raise click.ClickException(f"{file}: {wrong}; nothing was compared") from None
    if not given:
        raise click.ClickException(f"{file}: no branches in it; nothing was compared")
    found = [dataclasses.asdict(each) for each in compare(listed(), given)]
    print_rows(found, as_json=as_json)
    if found:
        raise click.ClickException(
            f"{len(found)} differences from the list of {banks_dated().isoformat()}"
        )


def _read(file: Path) -> Iterator[Row]:
    bad = Bad()
    with file.open("rb") as source:
        for each in rows(source, COLUMNS, _row, bad):
            yield each["row"]
    bad.check()


def _row(given: Mapping[str, str]) -> dict[str, Any]:
    for column, digits in _WIDTHS.items():
        if re.fullmatch(f"[0-9]{{{digits}}}", given[column]) is None:
            raise ValueError(f"{column}: {digits} digits are needed")
    for column in COLUMNS:
        if not given[column].strip():
            raise ValueError(f"{column}: must not be empty")
    bank, branch = ([given[each].strip() for each in part] for part in (COLUMNS[:3], COLUMNS[3:]))
    return {"row": Row((bank[0], bank[1], bank[2]), (branch[0], branch[1], branch[2]))}
