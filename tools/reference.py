"""Writes docs/reference.md: every command, setting and address, as the code declares them.

Run as `make reference`, or `python -m tools.reference`.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from starlette.routing import BaseRoute, Route

from web.cli import mypage
from web.demo import gallery
from web.demo.inbox import Inbox
from web.demo.moving_clock import MovingClock
from web.http.access import Access
from web.routes import ROUTES
from web.settings import described
from web.store.staff import Role

FILE = Path(__file__).parents[1] / "docs" / "reference.md"
WIDTH = 100  # columns of a command's help
VISITORS = {
    Access.ANYONE: "anyone",
    Access.SIGNED_IN: "利用者",
    Access.SIGNED_IN_CHECK: "利用者",
    Access.SIGNED_IN_UNSEEN: "利用者",
    Role.READER: "担当者",
    Role.CLERK: "担当者: clerk, admin",
    Role.ADMIN: "担当者: admin",
}
HEAD = """\
# Reference

Every command, setting and address. `make reference` writes this file from the code; change it there.
"""
COMMANDS = """\

## Commands
`.venv/bin/mypage`, or `python -m web`. Each takes `--help`.
"""
SETTINGS = """\

## Settings
Environment variables, read once at start-up. A bad or missing one stops start-up with a line that names it. The demo reads none of them: it brings the
values of the manual.

| setting | default | meaning |
|---|---|---|
"""
ADDRESSES = """\

## Addresses
利用者 and 担当者 are those who have logged in; others are sent to log-in, or get a bare 401 where only scripts ask. Style and script below `/static/` are
there for anyone. What follows an `INIT` goes on only in the browser that opened the mailed URL.

| address | methods | name | who | what |
|---|---|---|---|---|
"""
DEMO = """\

In the demo only:

| address | methods | name | who | what |
|---|---|---|---|---|
"""


def text() -> str:
    """Give the whole file."""
    demo = [*Inbox(Path()).routes(), *MovingClock().routes(), *gallery.routes()]
    parts = [HEAD, COMMANDS, *helps(mypage, "mypage"), SETTINGS, *settings()]
    return "".join([*parts, ADDRESSES, *addresses(ROUTES), DEMO, *addresses(demo)])


def helps(command: click.Command, typed: str) -> Iterator[str]:
    """Give the help of a command, and of all commands below it."""
    # --help is left out, for all of them have it
    context = click.Context(command, info_name=typed, terminal_width=WIDTH, help_option_names=[])
    yield f"\n### {typed}\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from helps(command.commands[name], f"{typed} {name}")


def settings() -> Iterator[str]:
    """Give a row for each setting."""
    for each in described():
        default = {None: "must be set", "": "(empty)"}.get(each["default"], f"`{each['default']}`")
        yield f"| `{each['name']}` | {default} | {each['meaning']} |\n"


def addresses(routes: Iterable[BaseRoute]) -> Iterator[str]:
    """Give a row for each route."""
    for route in routes:
        if isinstance(route, Route):
            endpoint, who = guarded(route)
            methods = " ".join(sorted((route.methods or set()) - {"HEAD"}))
            what = (inspect.getdoc(endpoint) or "").partition("\n")[0]
            yield f"| `{path(route)}` | {methods} | `{route.name}` | {who} | {what} |\n"


def path(route: Route) -> str:
    """Give a route's path; a part that can only be one of some words shows them."""
    shown = re.sub(r":\w+\}", "}", route.path)
    for name, convertor in route.param_convertors.items():
        if re.fullmatch(r"[\w|]+", convertor.regex):
            shown = shown.replace(f"{{{name}}}", f"{{{convertor.regex.replace('|', ',')}}}")
    return shown


def guarded(route: Route) -> tuple[Callable[..., Any], str]:
    """Give the endpoint behind what guards it, and whom the guard lets in."""
    endpoint: Callable[..., Any] = route.endpoint
    who: Access | Role = Access.ANYONE
    while True:  # a guard is a function around the endpoint, which holds that and who may enter
        held = inspect.getclosurevars(endpoint).nonlocals.values()
        found = (each for kind in (Role, Access) for each in held if isinstance(each, kind))
        who = next(found, who)
        inner = next(filter(inspect.iscoroutinefunction, held), None)
        if inner is None:
            return endpoint, VISITORS[who]
        endpoint = inner


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
