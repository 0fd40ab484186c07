"""mypage office create-user, set-password, unlock, clear-factors, factor-key, disable-user, enable-user, list-users."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import click

from web import clock
from web.database import Violated
from web.fields.field import Refused
from web.office import factor_key, staff
from web.security.passwords import Passwords
from web.services import Services
from web.settings import Settings
from web.store import staff as staff_rows
from web.store.first_passwords import FirstPassword
from web.store.staff import Role

Command = Callable[..., Awaitable[str | bool | None]]
password_stdin = click.option(
    "--password-stdin", is_flag=True, required=True,
    help=f"Read the password, {staff.LEAST} characters or more, from standard input.",
)  # fmt: skip

must_change = click.option(
    "--must-change", "first",
    flag_value=FirstPassword.TO_CHANGE, default=FirstPassword.GIVEN, type=FirstPassword,
    help="Let the 担当者 do nothing before this password is changed.",
)  # fmt: skip


@click.group()
def office() -> None:
    """Look after the 担当者 of /office/."""


@office.command("create-user")
@click.argument("name")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]),
    help="What the 担当者 may do.",
)  # fmt: skip
@password_stdin
@must_change
def create_user(name: str, role: str, password_stdin: bool, first: FirstPassword) -> None:  # noqa: FBT001, ARG001
    """Make a 担当者: a reader looks, a clerk acts, an admin also shuts accounts."""
    settings = Settings.from_env()
    try:
        staff.check_name(name)
        asyncio.run(_do(settings, staff.add, name, Role(role), _hashed(settings, name), first))
    except Violated:
        raise click.ClickException(f"{name}: this name is taken") from None
    except Refused as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{name}: created, {role}")


@office.command("set-password")
@click.argument("name")
@password_stdin
@must_change
def set_password(name: str, password_stdin: bool, first: FirstPassword) -> None:  # noqa: FBT001, ARG001
    """Set a password; log-ins under the old one end, and a lock opens."""
    settings = Settings.from_env()
    try:
        _act(settings, staff.set_password, name, _hashed(settings, name), first)
    except Refused as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"{name}: password set")


@office.command()
@click.argument("name")
def unlock(name: str) -> None:
    """Let a 担当者 whom wrong passwords have locked try again."""
    opened = _act(Settings.from_env(), staff.unlock, name)
    click.echo(f"{name}: {'unlocked' if opened else 'was not locked'}")


@office.command("clear-factors")
@click.argument("name")
@click.option("--reason", required=True, help="How you made sure who asked; into the audit trail.")
def clear_factors(name: str, reason: str) -> None:
    """Take the second factors of a 担当者 away who has lost them; log-ins end."""
    cleared = _act(Settings.from_env(), staff.clear_factors, name, reason)
    click.echo(f"{name}: {'factors cleared' if cleared else 'had no factors'}")


@office.command("factor-key")
@click.argument("name")
def make_key(name: str) -> None:
    """Make the key that a 担当者 needs to register a first second factor; hand it over in person."""
    try:
        key = asyncio.run(_do(Settings.from_env(), factor_key.make, name))
    except staff.NoSuchStaff as unknown:
        raise click.ClickException(f"{unknown}: nobody has this name") from None
    except factor_key.HasFactor:
        raise click.ClickException(f"{name}: has a second factor; see clear-factors") from None
    click.echo(
        f"{key}\n{name}: good for {factor_key.LIFE // clock.DAY} days, until a factor is registered"
    )


@office.command("disable-user")
@click.argument("name")
def disable_user(name: str) -> None:
    """Shut a 担当者 out at once."""
    _act(Settings.from_env(), staff.disable, name)
    click.echo(f"{name}: disabled")


@office.command("enable-user")
@click.argument("name")
def enable_user(name: str) -> None:
    """Let a 担当者 in again."""
    _act(Settings.from_env(), staff.enable, name)
    click.echo(f"{name}: enabled")


@office.command("list-users")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_users(as_json: bool) -> None:  # noqa: FBT001
    """List every 担当者."""
    found = asyncio.run(_everybody(Settings.from_env()))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for each in found:
        click.echo(f"{each['name']:30} {each['role']:8} {'disabled' if each['disabled'] else ''}")


def _hashed(settings: Settings, name: str) -> str:
    typed = sys.stdin.readline().rstrip("\r\n")
    return asyncio.run(_hash(settings, name, typed))


async def _hash(settings: Settings, name: str, typed: str) -> str:
    passwords = Passwords(filter_file=settings.password_filter)
    try:
        return await staff.hashed(passwords, name, typed, most=settings.password_max_length)
    finally:
        passwords.close()


def _act(settings: Settings, work: Command, *values: Any) -> str | bool | None:
    try:
        return asyncio.run(_do(settings, work, *values))
    except staff.NoSuchStaff as unknown:
        raise click.ClickException(f"{unknown}: nobody has this name") from None


async def _do(settings: Settings, work: Command, *values: Any) -> str | bool | None:
    async with Services.opened(settings) as services:
        return await services.write(work, *values)


async def _everybody(settings: Settings) -> list[dict[str, Any]]:
    async with Services.opened(settings) as services, services.read() as reads:
        return [
            {
                "name": each.name,
                "role": each.role.value,
                "created_at": clock.iso_utc(each.created_at),
                "disabled": each.disabled_at is not None,
                "first_password": bool(each.first_password),
                "second_factor": bool(each.second),
            }
            for each in await staff_rows.everybody(reads)
        ]
