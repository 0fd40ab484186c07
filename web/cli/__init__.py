"""The `mypage` command: one module per command group."""

import os
import sys
from contextlib import suppress

import click

from web.cli.accounts import accounts
from web.cli.announce import maintenance, notice
from web.cli.audit import audit
from web.cli.backup import backup, restore
from web.cli.banks import banks
from web.cli.check import check
from web.cli.demo import demo
from web.cli.mail import mail
from web.cli.move import move
from web.cli.nodes import nodes
from web.cli.office import office
from web.cli.passwords import passwords
from web.cli.payments import payments
from web.cli.rest import rest
from web.cli.serve import init_db, serve, show_settings
from web.database import DatabaseUnavailable, InUse, NewerSchema, Unusable
from web.settings import BadSetting

_FAULTS = (BadSetting, DatabaseUnavailable, InUse, NewerSchema, Unusable)


@click.group()
def mypage() -> None:
    """利用者情報マイページ: serve it, look after its accounts."""


for command in (
    serve,
    init_db,
    show_settings,
    accounts,
    payments,
    banks,
    mail,
    audit,
    office,
    nodes,
    passwords,
    backup,
    restore,
    rest,
    move,
    check,
    notice,
    maintenance,
    demo,
):
    mypage.add_command(command)


def main() -> int:
    """Run the command line; a fault that the operator can mend is one line."""
    try:
        mypage.main(standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except click.Abort:
        # The interpreter would wait for the database's threads, which nothing ends after more than one Ctrl+C.
        with suppress(OSError):
            sys.stdout.flush()
        os._exit(130)
    except _FAULTS as wrong:
        print(f"mypage: {wrong}", file=sys.stderr)  # noqa: T201
        return 1
    return 0
