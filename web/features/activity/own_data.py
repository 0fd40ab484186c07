"""Everything held about an account, as its owner gets it."""

from typing import Any

from web import clock
from web.database import Tx
from web.features.activity import events
from web.features.activity.flow import NAME
from web.http.services import Services
from web.security import audit
from web.security.throttle import Attempt
from web.steps import current_password
from web.store import audit as rows
from web.store import held
from web.store.accounts import Account

_MOMENT = "日時"  # what a name ends with whose value is a moment
_WHICH_MAIL = "どのメールか"
_ALL = 2**31


async def save(
    services: Services, signed_in: Account, attempt: Attempt, typed: str, *, now: int
) -> dict[str, Any]:
    """Check the password, note it, and give the content of the file. Raises TooMany, WrongPassword."""
    await current_password.prove(services, signed_in, attempt, typed, asked_by=NAME, now=now)
    await services.database.write(_note, services, signed_in, now=now)
    async with services.database.read() as reads:
        return await _collect(reads, signed_in, now=now)


async def _note(tx: Tx, services: Services, signed_in: Account, *, now: int) -> None:
    await audit.record(tx, services.vault, "activity.saved", now=now, account_id=signed_in.id)


async def _collect(tx: Tx, signed_in: Account, *, now: int) -> dict[str, Any]:
    """Collect what is held about an account: no hashes, no keys, nothing of anybody else."""
    found = await held.of_account(tx, signed_in.id)
    trail = await rows.newer_of_account(tx, signed_in.id, after=0, most=_ALL)
    return {
        "作成日時": clock.iso_tokyo(now),
        **{name: [_readable(each) for each in part] for name, part in found.items()},
        "操作履歴": [
            {"日時": clock.iso_tokyo(each.at), "内容": each.what, "補足": list(each.more)}
            for each in map(events.read, trail)
        ],
    }


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Write moments as people in Japan read them; of a mail's key only which mail it is."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if name.endswith(_MOMENT) and value is not None:
        return clock.iso_tokyo(value)
    return value.partition(":")[0] if name == _WHICH_MAIL else value
