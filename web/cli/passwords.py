"""mypage passwords build-filter."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import click

from web import clock
from web.fields.field import Refused
from web.security import listed
from web.security.passwords import prepare
from web.settings import LOWEST_PASSWORD_LENGTH

LONGEST_LINE = 4096  # bytes; a file without line ends is not read at once
# As Have I Been Pwned gives them out, a hash and how often it was found.
_HASHED = re.compile(rb"([0-9A-Fa-f]{40}):(\d{1,12})\s*")
_OTHER_HASH = re.compile(rb"[0-9A-Fa-f]{32}:\d+\s*")


class _BadLine(ValueError):
    """A line of the list cannot be read."""


@click.group()
def passwords() -> None:
    """Look after the list of passwords that may not be set."""


@passwords.command("build-filter")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), default="passwords.filter",
    show_default=True, help="Where the filter goes; a file that is there is replaced.",
)  # fmt: skip
def build_filter(file: Path, out: Path) -> None:
    """Make a filter for MYPAGE_PASSWORD_FILTER from a list of leaked passwords.

    FILE: a password a line, the most common first; or SHA-1:count lines as of Have I Been Pwned, of
    which those with the highest counts are taken. At most 11.6 million go in.
    """
    try:
        digests = (
            bytearray()
        )  # 16 bytes each; as a list of objects it would take four times as much
        for each in islice(_digests(file), listed.MOST):
            digests += each
    except _BadLine as wrong:
        raise click.ClickException(f"{file}: {wrong}; nothing was written") from None
    if not digests:
        raise click.ClickException(f"{file}: holds no password that could be set")
    content = listed.build(bytes(digests), now=clock.now())
    beside = out.with_name(f"{out.name}.new")
    try:
        beside.write_bytes(content)
        os.replace(beside, out)  # noqa: PTH105 whole or not at all
    except OSError as wrong:
        raise click.ClickException(f"{out}: {wrong.strerror}") from None
    click.echo(f"{out}: {len(digests) // listed.KEPT:,} passwords, {len(content):,} bytes")


def _digests(file: Path) -> Iterator[bytes]:
    """Give the digests of a list, the most common first as far as the list says. Raises _BadLine."""
    first = next(_lines(file), b"")
    if _OTHER_HASH.fullmatch(first):
        raise _BadLine("hashes of 32 characters (NTLM); those by SHA-1 are needed")
    return _of_hashes(file) if _HASHED.fullmatch(first) else _of_passwords(file)


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        yield from iter(lambda: opened.readline(LONGEST_LINE), b"")


def _of_passwords(file: Path) -> Iterator[bytes]:
    """Hash each as if it were typed; leave out what nobody can set anyway."""
    for line in _lines(file):
        try:
            prepared = prepare(line.rstrip(b"\r\n").decode())
        except (UnicodeDecodeError, Refused):
            continue
        if len(prepared) >= LOWEST_PASSWORD_LENGTH:
            yield listed.digest(prepared)


def _of_hashes(file: Path) -> Iterator[bytes]:
    """Take those found most often: such lists are in the order of the hashes."""
    least = _least(Counter(count for _, count in _hashed(file)))
    for hashed, count in _hashed(file):
        if count >= least:
            yield hashed[: listed.KEPT]


def _least(found: Mapping[int, int]) -> int:
    """Give the lowest count at which all that were found so often, or more often, fit."""
    room, least = listed.MOST, max(found)
    for count, number in sorted(found.items(), reverse=True):
        room -= number
        if room < 0:
            break
        least = count
    return least


def _hashed(file: Path) -> Iterator[tuple[bytes, int]]:
    for number, line in enumerate(_lines(file), 1):
        parts = _HASHED.fullmatch(line)
        if parts is None:
            raise _BadLine(f"line {number}: no SHA-1:count, as in line 1")
        yield bytes.fromhex(parts[1].decode()), int(parts[2])
