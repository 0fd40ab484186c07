"""Drafts: what was typed, sealed, kept from 入力 to 確定.

A draft never changes; each 次へ makes a new one. The browser carries an id, not the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from web import clock
from web.database import Tx
from web.security import tokens
from web.security.vault import Vault
from web.store import drafts

CONFIRMABLE = 2 * clock.HOUR
KEPT = clock.DAY
UNCHECKED_PER_OWNER = 5
_PURPOSE = "draft"
_DIGITS = 10  # a version never has that many
_HALF = 16  # hexadecimal digits of a run's id that are random; the other half is a MAC


class Owner(Protocol):
    """Whose a run and its drafts are: an account, or the mailed link of a 利用者ID発行."""

    @property
    def id(self) -> str:
        """Give the id, unlike any other owner's of either kind."""


class NothingToConfirm(Exception):
    """There is no such draft, or it is not checked."""


class TooOld(Exception):
    """The draft can no longer be confirmed; its values are still there."""

    def __init__(self, flow_id: str) -> None:
        super().__init__(flow_id)
        self.flow_id = flow_id


class Conflict(Exception):
    """Somebody changed the same thing since the draft's run started."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way: checked and ready for 確認, or as typed with its errors."""

    id: str
    flow_id: str
    checked: bool
    base_version: int
    typed: Mapping[str, str]


def read_version(given: str) -> int:
    """Read the profile version a form was filled from; a forged one fits no account."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < _DIGITS else 0


@dataclass(frozen=True, slots=True)
class DraftStore:
    """The drafts of one kind of form."""

    name: str
    vault: Vault

    def new_flow_id(self, owner: Owner) -> str:
        """Make the id of a run, which says whose it is.

        A second tab may have logged in as somebody else meanwhile: what the first tab still
        shows must not be taken for that other account.
        """
        start = tokens.new_id()[:_HALF]
        return start + self.vault.sign(self._purpose, _owned(owner, start)).hex()[:_HALF]

    def owns_flow(self, owner: Owner, flow_id: str) -> bool:
        """Tell whether a run was started by this owner."""
        if not tokens.is_id(flow_id):
            return False
        start, mac = flow_id[:_HALF], bytes.fromhex(flow_id[_HALF:])
        return self.vault.signed(self._purpose, _owned(owner, start), mac)

    @property
    def _purpose(self) -> str:
        return f"run of {self.name}"

    async def keep(
        self,
        tx: Tx,
        owner: Owner,
        flow_id: str,
        typed: Mapping[str, str],
        *,
        base_version: int,
        checked: bool,
    ) -> str:
        """Keep what was typed as the newest draft of its run; give the draft's id."""
        draft_id = tokens.new_id()
        sealed = self.vault.seal(_PURPOSE, dict(typed), bound_to=owner.id + draft_id)
        await drafts.add(
            tx,
            drafts.Row(
                draft_id, owner.id, self.name, flow_id, int(checked), base_version, sealed, tx.now
            ),
        )
        await drafts.drop_unchecked(tx, owner.id, newest=draft_id, others=UNCHECKED_PER_OWNER - 1)
        return draft_id

    async def latest(self, tx: Tx, owner: Owner, flow_id: str) -> Draft | None:
        """Find the newest draft of a run."""
        row = await drafts.latest(tx, owner.id, self.name, flow_id)
        return self._opened(row) if row else None

    async def find(self, tx: Tx, owner: Owner, draft_id: str) -> Draft:
        """Find a draft to be confirmed. Raises NothingToConfirm, TooOld."""
        row = await drafts.find(tx, draft_id, owner.id, self.name)
        if row is None or not row.checked:
            raise NothingToConfirm
        if row.created_at <= tx.now - CONFIRMABLE:
            raise TooOld(row.flow_id)
        return self._opened(row)

    async def claim(self, tx: Tx, owner: Owner, draft_id: str) -> Draft:
        """Take a draft so that it is applied once only. Raises NothingToConfirm, TooOld."""
        row = await drafts.take(tx, draft_id, owner.id, self.name, since=tx.now - CONFIRMABLE)
        if row is None:
            return await self.find(tx, owner, draft_id)  # which says what is wrong
        await drafts.drop_older(tx, row)
        return self._opened(row)

    def _opened(self, row: drafts.Row) -> Draft:
        typed = self.vault.open(_PURPOSE, row.sealed, bound_to=row.owner_id + row.id)
        return Draft(row.id, row.flow_id, bool(row.checked), row.base_version, typed)


def _owned(owner: Owner, start: str) -> bytes:
    return f"{owner.id}:{start}".encode()
