"""Everything held about an account, as its owner gets it."""

from typing import Any

from web import clock
from web.database import Tx
from web.direct_debit.details import opened
from web.direct_debit.lines import lines_to_keep
from web.features.activity import events
from web.features.activity.flow import NAME
from web.security.throttle import Attempt
from web.security.vault import NotSealedHere, Vault
from web.services import Services, Work
from web.steps import current_password
from web.store import audit as rows
from web.store import held
from web.store.accounts import Account
from web.store.held import Sealed

_MOMENT = "日時"  # what a name ends with whose value is a moment
_WHICH_MAIL = "どのメールか"
_UNREADABLE = "読み取れません。お問い合わせ窓口にご連絡ください。"
_ALL = 2**31


async def save(
    services: Services, signed_in: Account, attempt: Attempt, typed: str
) -> dict[str, Any]:
    """Check the password, note it, and give the content of the file. Raises TooMany, WrongPassword."""
    await current_password.prove(services, signed_in, attempt, typed, asked_by=NAME)
    await services.write(_note, signed_in)
    async with services.read() as reads:
        return await _collect(reads, services.vault, signed_in)


async def _note(tx: Work, signed_in: Account) -> None:
    await tx.audit("activity.saved", signed_in.id)


async def _collect(tx: Tx, vault: Vault, signed_in: Account) -> dict[str, Any]:
    """Collect what is held about an account: no hashes, no keys, nothing of anybody else."""
    found = await held.of_account(tx, signed_in.id)
    trail = await rows.newer_of_account(tx, signed_in.id, after=0, most=_ALL)
    return {
        "作成日時": clock.iso_tokyo(tx.now),
        **{name: [_readable(vault, each) for each in part] for name, part in found.items()},
        "操作履歴": [
            {"日時": clock.iso_tokyo(each.at), "内容": each.what, "補足": list(each.more)}
            for each in map(events.read, trail)
        ],
    }


def _readable(vault: Vault, row: dict[str, Any]) -> dict[str, Any]:
    """Write moments as people in Japan read them; of a mail's key only which mail it is."""
    return {name: _value(vault, name, value) for name, value in row.items()}


def _value(vault: Vault, name: str, value: Any) -> Any:
    if isinstance(value, Sealed):
        return _opened(vault, value)
    if name.endswith(_MOMENT) and value is not None:
        return clock.iso_tokyo(value)
    return value.partition(":")[0] if name == _WHICH_MAIL else value


def _opened(vault: Vault, sealed: Sealed) -> dict[str, str] | str:
    """Open a bank account; a damaged one keeps nobody from the rest."""
    try:
        return dict(lines_to_keep(opened(vault, sealed.row_id, sealed.content)))
    except NotSealedHere:
        return _UNREADABLE
