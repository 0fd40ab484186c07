"""Drafts: what was typed, sealed, kept from 入力 to 確定.

A draft never changes; each 次へ makes a new one. The browser carries an id, not the data.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from web import clock
from web.fields.field import Field
from web.http.errors import OtherAccount
from web.security import tokens
from web.security.vault import Vault
from web.services import Work
from web.steps import receipts
from web.store import drafts
from web.store.receipts import Receipt

CONFIRMABLE = 2 * clock.HOUR
KEPT = clock.DAY
UNCHECKED_PER_OWNER = 5
PER_OWNER = 20
BYTES_PER_OWNER = 256 * 1024  # besides the newest
_PURPOSE = "draft"
_DIGITS = 10  # a version never has that many
_HALF = 16  # hexadecimal digits of a flow id that are random; the other half is a MAC


class Owner(Protocol):
    """Whose a flow and its drafts are: an account, or the mailed link of a 利用者ID発行."""

    @property
    def id(self) -> str:
        """Give the id, unlike any other owner's of either kind."""


class NothingToConfirm(Exception):
    """There is no such draft, or it is not checked; `query` leads to 入力, which says why."""

    notice = "nothing-to-confirm"

    @property
    def query(self) -> dict[str, str]:
        """Give what the address of 入力 says."""
        return {"notice": self.notice}


class TooOld(NothingToConfirm):
    """The draft can no longer be confirmed; its values are still there."""

    notice = "draft-too-old"

    def __init__(self, flow_id: str) -> None:
        super().__init__(flow_id)
        self.flow_id = flow_id

    @property
    def query(self) -> dict[str, str]:
        """Give what the address of 入力 says."""
        return {"flow": self.flow_id, "notice": self.notice}


class AppliedBefore(Exception):
    """The draft was confirmed by an earlier press; this is the receipt of it."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__(receipt.id)
        self.receipt = receipt


class Conflict(Exception):
    """Somebody changed the same thing since the flow started."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form on its way: checked, with the values to be registered, or as typed with its errors."""

    id: str
    flow_id: str
    checked: bool
    base_version: int
    values: Mapping[str, str]


def read_version(given: str) -> int:
    """Read the profile version a form was filled from; a forged one fits no account."""
    return int(given) if given.isascii() and given.isdigit() and len(given) < _DIGITS else 0


@dataclass(frozen=True, slots=True)
class DraftStore:
    """The drafts of one kind of form; `fields` are what people type into it."""

    name: str
    fields: tuple[Field, ...] = ()

    def typed(self, given: Mapping[str, str]) -> dict[str, str]:
        """Give what a draft keeps of a form that nobody judged: its fields, but no password."""
        return {
            field.name: given[field.name]
            for field in self.fields
            if field.name in given and not field.secret
        }

    def new_flow_id(self, vault: Vault, owner: Owner) -> str:
        """Make the id of a flow, which says whose it is.

        A second tab may have logged in as somebody else meanwhile: what the first tab still
        shows must not be taken for that other account.
        """
        start = tokens.new_id()[:_HALF]
        return start + vault.sign(self._purpose, _owned(owner, start)).hex()[:_HALF]

    def owns_flow(self, vault: Vault, owner: Owner, flow_id: str) -> bool:
        """Tell whether a flow was started by this owner."""
        if not tokens.is_id(flow_id):
            return False
        start, mac = flow_id[:_HALF], bytes.fromhex(flow_id[_HALF:])
        return vault.signed(self._purpose, _owned(owner, start), mac)

    def flow_to_take(self, vault: Vault, owner: Owner, given: str) -> str:
        """Give the flow that a POST belongs to, a new one if it names none. Raises OtherAccount."""
        if self.owns_flow(vault, owner, given):
            return given
        if tokens.is_id(given):
            raise OtherAccount
        return self.new_flow_id(vault, owner)

    @property
    def _purpose(self) -> str:
        return f"run of {self.name}"

    async def keep(
        self,
        tx: Work,
        owner: Owner,
        flow_id: str,
        values: Mapping[str, str],
        *,
        base_version: str = "",
        checked: bool = True,
    ) -> Draft:
        """Keep the values of a checked form, or what was typed, as the newest draft of its flow.

        `base_version`: the version that the form was filled from, as the form says it.
        """
        version = read_version(base_version)
        cut = {
            each.name: each.cut(values[each.name]) for each in self.fields if each.name in values
        }
        values = {**values, **cut}
        draft = Draft(tokens.new_id(), flow_id, checked, version, values)
        sealed = tx.vault.seal(_PURPOSE, dict(values), bound_to=owner.id + draft.id)
        row = drafts.Row(
            draft.id, owner.id, self.name, flow_id, int(checked), version, sealed, tx.now
        )
        await drafts.add(tx, row)
        # Or one log-in, or one mailed URL, fills the disk as fast as it can press 次へ.
        await drafts.drop_beyond(
            tx,
            owner.id,
            newest=draft.id,
            others=PER_OWNER - 1,
            bytes=BYTES_PER_OWNER,
            unchecked=UNCHECKED_PER_OWNER - 1,
        )
        return draft

    async def latest(self, tx: Work, owner: Owner, flow_id: str) -> Draft | None:
        """Find the newest draft of a flow."""
        row = await drafts.latest(tx, owner.id, self.name, flow_id)
        return _opened(tx, row) if row else None

    async def find(self, tx: Work, owner: Owner, draft_id: str) -> Draft:
        """Find a draft to be confirmed. Raises AppliedBefore, NothingToConfirm, TooOld."""
        row = await drafts.find(tx, draft_id, owner.id, self.name)
        if row is None and (receipt := await receipts.find(tx, draft_id, owner.id, self.name)):
            raise AppliedBefore(receipt)
        if row is None or not row.checked:
            raise NothingToConfirm
        if row.created_at <= tx.now - CONFIRMABLE:
            raise TooOld(row.flow_id)
        return _opened(tx, row)

    async def claim(self, tx: Work, owner: Owner, draft_id: str) -> Draft:
        """Take a draft so that it is applied once only. Raises what find() raises."""
        row = await drafts.take(tx, draft_id, owner.id, self.name, since=tx.now - CONFIRMABLE)
        if row is None:
            return await self.find(tx, owner, draft_id)  # which says what is wrong
        return _opened(tx, row)


def _opened(tx: Work, row: drafts.Row) -> Draft:
    values = tx.vault.open(_PURPOSE, row.sealed, bound_to=row.owner_id + row.id)
    return Draft(row.id, row.flow_id, bool(row.checked), row.base_version, values)


def _owned(owner: Owner, start: str) -> bytes:
    return f"{owner.id}:{start}".encode()
