"""mypage check: is everything as it should be?"""

import asyncio
import dataclasses
import json
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from web import clock
from web.banks.directory import banks_age, banks_dated
from web.database import Database, DatabaseUnavailable, Unusable, at
from web.database.database import MOST_SKEW
from web.database.migrations import newest
from web.security import audit_proof, listed
from web.services import Services
from web.settings import BadSetting, Settings
from web.store import first_passwords, outbox, second_factors

RUNNING = sys.version_info[:3]
# The first release of each line without a hole by which a request keeps the processor busy.
MENDED = {(3, 11): (3, 11, 10), (3, 12): (3, 12, 6)}
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is good, and what was seen."""

    name: str
    ok: bool
    seen: str
    warns: bool = False  # good enough, but should be mended


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def check(as_json: bool) -> None:  # noqa: FBT001
    """Look at settings, database, mail queue, file modes and the end of the audit trail; fail if anything is wrong."""
    findings = list(_findings())
    wrong = [each.name for each in findings if not each.ok]
    if as_json:
        rows = [dataclasses.asdict(each) for each in findings]
        click.echo(json.dumps({"ok": not wrong, "checks": rows}, ensure_ascii=False, indent=2))
    else:
        for each in findings:
            verdict = "WRONG" if not each.ok else "warn " if each.warns else "ok   "
            click.echo(f"{verdict}  {each.name:16}  {each.seen}")
    if wrong:
        raise click.ClickException(f"not as it should be: {', '.join(wrong)}")


def _findings() -> Iterator[Finding]:
    try:
        settings = Settings.from_env()
    except BadSetting as wrong:
        yield Finding("settings", ok=False, seen=str(wrong))
        return
    yield Finding("settings", ok=True, seen=settings.base_url)
    yield _interpreter(RUNNING)
    leaked = _listed(settings)
    yield leaked
    database = at(settings.database_url)
    current = _schema(database)
    yield current
    yield from _faults(database)
    yield _modes(settings, database)
    yield _banks()
    yield _clock(database)
    if current.ok and leaked.ok:
        yield asyncio.run(_queue(settings))
        yield asyncio.run(_first_passwords(settings))
        yield asyncio.run(_factors(settings))
        yield asyncio.run(_trail(settings))


def _listed(settings: Settings) -> Finding:
    """Say which list of leaked passwords is in use."""
    try:
        found = listed.read(settings.password_filter)
    except BadSetting as wrong:
        return Finding("leaked passwords", ok=False, seen=str(wrong))
    whose = "a list of your own" if settings.password_filter else "the list that ships"
    made = clock.in_tokyo(found.made_at).date()
    return Finding("leaked passwords", ok=True, seen=f"{whose}: {found.count:,}, made {made}")


def _interpreter(version: tuple[int, int, int]) -> Finding:
    """Warn of an interpreter with known holes; the product does not use the functions concerned."""
    said = f"Python {'.'.join(map(str, version))}"
    if version >= MENDED.get(version[:2], version):
        return Finding("interpreter", ok=True, seen=said)
    mended = ".".join(map(str, MENDED[version[:2]]))
    seen = f"{said}: cookies of strangers can take minutes to unquote (CVE-2024-7592); use {mended}"
    return Finding("interpreter", ok=True, seen=seen, warns=True)


def _schema(database: Database) -> Finding:
    try:
        found, wanted = asyncio.run(database.version()), newest()
    except (Unusable, DatabaseUnavailable) as wrong:
        return Finding("schema", ok=False, seen=str(wrong))
    if found < wanted:
        return Finding("schema", ok=False, seen=f"version {found}, {wanted} needed: mypage init-db")
    return Finding("schema", ok=found == wanted, seen=f"version {found}, newest known {wanted}")


def _faults(database: Database) -> Iterator[Finding]:
    """Tell what the engine finds wrong with itself."""
    try:
        found = asyncio.run(database.faults())
    except DatabaseUnavailable as wrong:
        yield Finding("database", ok=False, seen=str(wrong))
        return
    for name, faults in found.items():
        yield Finding(name, ok=not faults, seen="; ".join(faults) or "sound")


def _modes(settings: Settings, database: Database) -> Finding:
    """Look for files that others than the owner may open (ASVS 13.3.2, 14.2.4)."""
    ours = [*database.files]
    if settings.secret_key_file:
        ours.append(Path(settings.secret_key_file))
    modes = {path: path.stat().st_mode for path in ours if path.is_file()}
    open_to_others = [
        f"{path}: mode {stat.S_IMODE(mode):04o}, 0600 needed"
        for path, mode in sorted(modes.items())
        if mode & OTHERS
    ]
    return Finding("file modes", not open_to_others, "; ".join(open_to_others) or "owner only")


def _clock(database: Database) -> Finding:
    """Compare the clocks: counters, links and log-ins of all nodes go by them."""
    try:
        ahead = asyncio.run(database.skew())
    except DatabaseUnavailable as wrong:
        return Finding("clock", ok=False, seen=str(wrong))
    return Finding("clock", abs(ahead) <= MOST_SKEW, f"{ahead} s ahead of the database's")


def _banks() -> Finding:
    """Tell how old the list of banks is; nobody but its operator can say what is too old."""
    days = banks_age(clock.now())
    return Finding("banks", ok=True, seen=f"list of {banks_dated().isoformat()}, {days} days old")


async def _trail(settings: Settings) -> Finding:
    """Look at the end of the audit trail; all of it is for `mypage audit verify`."""
    async with Services.opened(settings) as services, services.read() as reads:
        try:
            end = await audit_proof.verify_end(reads, services.vault)
        except audit_proof.Broken as wrong:
            return Finding("audit trail", ok=False, seen=str(wrong))
    return Finding("audit trail", ok=True, seen=f"end {end}")


async def _queue(settings: Settings) -> Finding:
    async with Services.opened(settings) as services, services.read() as reads:
        overdue = await outbox.overdue(reads)
    return Finding(
        "mail queue",
        overdue <= settings.mail_overdue_minutes * clock.MINUTE,
        f"overdue for {overdue} s",
    )


async def _factors(settings: Settings) -> Finding:
    """Count who may log in with a password alone (ASVS 6.3.3)."""
    async with Services.opened(settings) as services, services.read() as reads:
        found = await second_factors.without(reads)
    concerned = {"all": found.accounts, "corporate": found.companies}
    late = concerned.get(settings.second_factor, 0)
    late += found.staff if settings.office_second_factor == "required" else 0
    accounts = f"{found.accounts} of accounts, {found.companies} of them companies"
    seen = f"without: {accounts}; {found.staff} of 担当者"
    return Finding("second factors", ok=True, seen=seen, warns=late > 0)


async def _first_passwords(settings: Settings) -> Finding:
    """Count passwords that somebody else than their holder has known from the beginning (ASVS 6.4.1)."""
    async with Services.opened(settings) as services, services.read() as reads:
        of_accounts, of_staff = await first_passwords.count(reads)
    seen = f"never changed: {of_accounts} of accounts, {of_staff} of 担当者"
    return Finding("first passwords", ok=True, seen=seen, warns=of_accounts + of_staff > 0)
