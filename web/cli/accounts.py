"""mypage accounts create, import, show, unlock, disable, enable, end-sessions."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from web.cli import common, import_file
from web.cli.csv_rows import BadRow
from web.database import Violated
from web.features.issuance import flow, form
from web.fields.field import Refused
from web.office import looks
from web.office.support import accounts as support
from web.security import new_password
from web.security.passwords import Passwords
from web.services import Services, Work
from web.settings import Settings
from web.store.accounts import ProfileKind
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword

BY_COMMAND = "cli"
Command = Callable[..., Awaitable[bool]]


_KINDS = [kind.value for kind in ProfileKind]


@click.group()
def accounts() -> None:
    """Look after accounts."""


@accounts.command()
@click.option("--payment-id", required=True, help="納付利用者ID, e.g. KNCA6288.")
@click.option("--bulk-id", required=True, help="一括利用者ID, e.g. KICA6288.")
@click.option("--kind", required=True, type=click.Choice(_KINDS), help="利用者区分.")
@click.option("--name", required=True, help="会社・団体名 or 氏名.")
@click.option("--kana", required=True, help="Its フリガナ.")
@click.option("--representative", default="", help="代表者名, for corporate.")
@click.option("--email", required=True, help="利用者管理用メールアドレス.")
@click.option("--notice-email", default="", help="申請状況通知用メールアドレス.")
@click.option(
    "--passwords-stdin",
    is_flag=True,
    required=True,
    help="Read the payment password and the bulk password, a line each, from standard input.",
)
@click.option(
    "--must-change",
    is_flag=True,
    help="Let the first log-in lead to パスワード変更: nobody keeps a password that you know.",
)
def create(passwords_stdin: bool, must_change: bool, **given: str) -> None:  # noqa: FBT001, ARG001
    """Make one account."""
    settings = Settings.from_env()
    given_columns = {
        "payment_user_id": given["payment_id"],
        "bulk_user_id": given["bulk_id"],
        "kind": given["kind"],
        "name": given["name"],
        "name_kana": given["kana"],
        "representative": given["representative"],
        "admin_email": given["email"],
        "notice_email": given["notice_email"],
    }
    try:
        new = form.parse_columns(settings, given_columns)
        passwords = _two_lines(settings)
        first = FirstPassword.TO_CHANGE if must_change else FirstPassword.GIVEN
        asyncio.run(_create(settings, new, passwords, first))
    except (form.BadColumn, Refused) as wrong:
        raise click.ClickException(str(wrong)) from None
    except Violated as taken:
        raise click.ClickException(f"an ID is taken: {taken}") from None
    click.echo(f"{new.payment_user_id} / {new.bulk_user_id}: created")


def _two_lines(settings: Settings) -> dict[CredentialKind, str]:
    """Read the two passwords. Raises Refused when one is too short, too long or unusable."""
    lines = [line.rstrip("\r\n") for line in sys.stdin.readlines()[:2]]
    if len(lines) != len(CredentialKind):
        raise click.ClickException("standard input: two lines needed, payment and bulk password")
    passwords = dict(zip((CredentialKind.PAYMENT, CredentialKind.BULK), lines, strict=True))
    for kind, typed in passwords.items():
        answer = new_password.field(f"{kind} password", f"{kind} password", settings).check(typed)
        if answer.error:
            raise Refused(f"{kind} password: {answer.error}")
    return passwords


async def _create(
    settings: Settings,
    new: form.NewAccount,
    typed: dict[CredentialKind, str],
    first: FirstPassword,
) -> None:
    passwords = Passwords(filter_file=settings.password_filter)
    try:
        for kind, password in typed.items():
            easy = await passwords.weakness(password, [new.payment_user_id, new.bulk_user_id])
            if (
                easy
            ):  # the operator decides; the holder is asked for a better one at the next change
                click.echo(f"warning: {kind} password: {easy}", err=True)
        hashes = {kind: await passwords.hash(password) for kind, password in typed.items()}
    finally:
        passwords.close()
    async with Services.opened(settings) as services:
        await services.write(flow.add, new, hashes, first=first)


@accounts.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(file: Path) -> None:
    """Bring in accounts from a UTF-8 CSV while no server runs: all rows or none."""
    settings = Settings.from_env()
    try:
        number = asyncio.run(_import(settings, file))
    except BadRow as wrong:
        raise click.ClickException(f"{file}: {wrong}; nothing was imported") from None
    click.echo(f"{number} accounts imported")


async def _import(settings: Settings, file: Path) -> int:
    """Bring them in while nobody serves: an import would keep everybody else's writes waiting."""
    work: Callable[..., Awaitable[int]] = import_file.import_all
    async with Services.opened(settings) as services, services.database.silence():
        return await services.write(work, file)


@accounts.command()
@click.argument("payment_id")
@common.as_json
def show(payment_id: str, as_json: bool) -> None:  # noqa: FBT001
    """Show an account: what is registered, whether it is locked, what happened last. The trail notes the look."""
    settings = Settings.from_env()
    with _known(payment_id):
        facts = asyncio.run(_facts(settings, payment_id))
    common.print_facts(common.with_moments(facts), as_json=as_json)


async def _facts(settings: Settings, payment_id: str) -> dict[str, Any]:
    async with Services.opened(settings) as services:
        return await services.write(_looked_at, payment_id)


async def _looked_at(tx: Work, payment_id: str) -> dict[str, Any]:
    facts = await support.state(tx, payment_id)
    await tx.audit("account.viewed", facts["id"], who=BY_COMMAND, page=looks.Page.COMMAND)
    return facts


@contextmanager
def _known(payment_id: str) -> Iterator[None]:
    try:
        yield
    except support.NoSuchAccount:
        raise click.ClickException(f"{payment_id}: no such account") from None


def _act_command(name: str, work: Command, done: str, not_needed: str, about: str) -> None:
    """Add a command that does something to one account and notes who did it and why."""

    @accounts.command(name, help=about)
    @click.argument("payment_id")
    @click.option("--reason", default="", help="Why; it goes into the audit trail.")
    @common.as_json
    def act(payment_id: str, reason: str, as_json: bool) -> None:  # noqa: FBT001
        settings = Settings.from_env()
        with _known(payment_id):
            changed = asyncio.run(_act(settings, work, payment_id, reason))
        user_id, said = payment_id.strip().upper(), done if changed else not_needed
        if as_json:
            common.print_facts(
                {"payment_user_id": user_id, "changed": changed, "state": said}, as_json=True
            )
        else:
            click.echo(f"{user_id}: {said}")


async def _act(settings: Settings, work: Command, payment_id: str, reason: str) -> bool:
    act = support.Act(BY_COMMAND, reason)
    async with Services.opened(settings) as services:
        return await services.write(work, act, payment_id)


_act_command(
    "unlock", support.unlock, "unlocked", "was not locked",
    "Let devices that have not logged in before try passwords again.",
)  # fmt: skip
_act_command(
    "disable", support.disable, "disabled", "was disabled already",
    "Shut an account: its log-ins and mailed URLs end, and there are no new ones.",
)  # fmt: skip
_act_command("enable", support.enable, "enabled", "was not disabled", "Open an account again.")
_act_command(
    "end-sessions", support.end_sessions, "log-ins ended", "had no log-ins",
    "End all log-ins of an account.",
)  # fmt: skip
