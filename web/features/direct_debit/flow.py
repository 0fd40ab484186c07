"""新規作成, 情報変更, 利用中止: proposed at 次へ, made into 届出書 once at 確定."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from web import clock
from web.database import Tx
from web.direct_debit import acts, status, words
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details, opened
from web.direct_debit.states import NotAllowed
from web.direct_debit.status import DebitStatus
from web.features.direct_debit import form
from web.fields.form import Form
from web.services import Services, Work
from web.steps import receipts, step_up
from web.steps.drafts import AppliedBefore, Conflict, Draft, DraftStore, NothingToConfirm
from web.store import accounts, direct_debit_accounts, direct_debit_forms
from web.store.accounts import Account
from web.store.direct_debit_accounts import DebitAccount
from web.store.direct_debit_forms import Action, Kind, Mandate, State
from web.store.receipts import Receipt
from web.store.sessions import Session

NAME = "direct_debit"
DRAFTS = DraftStore(NAME, form.KEPT)
_UNDER_WAY = {State.MADE, State.RECEIVED, State.AT_BANK}


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is done with which account, as the address says."""

    kind: Kind
    action: Action

    @property
    def key(self) -> str:
        """Name it inside a draft, so that a draft fits no other procedure."""
        return f"{self.kind}-{self.action}"

    @property
    def title(self) -> str:
        """Name it as the menu does."""
        return words.procedure(self.kind, self.action)


@dataclass(frozen=True, slots=True)
class Current:
    """Where an account's procedures of a kind stand."""

    version: int  # raised by every 届出書, every transition and every change of the profile
    live: DebitAccount | None
    details: Details | None
    mandates: list[Mandate]
    status: DebitStatus

    def allows(self, procedure: Procedure) -> bool:
        """Tell whether a procedure can be started now."""
        return procedure.action in self.status.actions


async def current(tx: Work, account: Account, kind: Kind) -> Current:
    """Read where things stand."""
    live = await direct_debit_accounts.find_live(tx, account.id, kind)
    mandates = await direct_debit_forms.latest(tx, account.id, kind)
    version = await direct_debit_forms.version(tx, account.id, kind)
    waits = [each.made_at for each in mandates if each.state is State.MADE]
    arrives_by = clock.day_style(acts.arrives_by(min(waits))) if waits else ""
    return Current(
        version + account.profile_version,
        live,
        opened(tx.vault, live.id, live.sealed) if live else None,
        mandates,
        status.status_of(kind, live.id if live else "", status.marks(mandates), arrives_by),
    )


async def own_mandate(tx: Tx, account: Account, kind: Kind, mandate_id: str) -> Mandate | None:
    """Find a 届出書 of this account and kind."""
    found = await direct_debit_forms.find(tx, mandate_id)
    return found if found and (found.account_id, found.kind) == (account.id, kind) else None


def _of(procedure: Procedure, draft: Draft) -> Draft:
    """Give the draft, if it is one of this procedure. Raises NothingToConfirm."""
    if draft.values.get("procedure") != procedure.key:
        raise NothingToConfirm
    return draft


async def find(tx: Work, account: Account, procedure: Procedure, draft_id: str) -> Draft:
    """Find a draft of this procedure. Raises AppliedBefore, NothingToConfirm, TooOld."""
    return _of(procedure, await DRAFTS.find(tx, account, draft_id))


async def of_other_kind(tx: Work, account: Account, kind: Kind) -> Details | None:
    """Give the bank account and address of the other kind: the live one, else the newest on its way."""
    other = await current(tx, account, Kind.LOCAL if kind is Kind.NATIONAL else Kind.NATIONAL)
    if other.details:
        return other.details
    going = [
        each
        for each in other.mandates
        if each.action is not Action.STOP and each.state in _UNDER_WAY
    ]
    newest = max(going, key=lambda each: each.made_at, default=None)
    return opened(tx.vault, newest.id, newest.sealed) if newest else None


def judged(procedure: Procedure, now: Current, given: Mapping[str, str]) -> Form:
    """Judge what was typed; a 情報変更 that changes nothing is refused as a whole."""
    answers = form.form_of(procedure.kind, procedure.action).parse(given)
    if procedure.action is Action.CHANGE and now.details and answers.ok:
        rows = form.rows(now.details, form.details(answers.values))
        return answers.must_change(changes=any(row.changed for row in rows))
    return answers


def wishes(procedure: Procedure, now: Current, draft: Draft) -> list[Wish]:
    """Tell which 届出書 a draft asks for: another bank needs a 中止 and a 新規. Raises Conflict."""
    kind, action = procedure.kind, procedure.action
    if draft.base_version != now.version or (action is not Action.NEW and now.details is None):
        raise Conflict
    if action is Action.STOP and now.details:
        return [Wish(kind, action, now.details)]
    new = form.details(draft.values)
    if action is Action.CHANGE and now.details and now.details.bank_code != new.bank_code:
        return [Wish(kind, Action.STOP, now.details), Wish(kind, Action.NEW, new)]
    return [Wish(kind, action, new)]


async def confirm(
    services: Services,
    current: Session,
    procedure: Procedure,
    draft_id: str,
    typed: Mapping[str, str],
) -> Receipt:
    """Make the 届出書, once the second factor of whoever has one is right.

    Raises WrongPassword, TooMany and what apply() raises.
    """
    signed_in = current.account
    if not current.second:
        return await services.write(apply, signed_in, procedure, draft_id)
    who = step_up.asker(current, NAME)
    done = partial(receipts.find, receipt_id=draft_id, account_id=signed_in.id, flow=NAME)
    return await step_up.by_factor(
        services, who, typed, done, apply, signed_in, procedure, draft_id
    )


async def apply(tx: Work, signed_in: Account, procedure: Procedure, draft_id: str) -> Receipt:
    """Make the 届出書 that 確認 showed; every repeated press finds the same receipt.

    Raises NothingToConfirm, TooOld, Conflict, Shut; then nothing is made and the draft stays.
    """
    try:
        draft = _of(procedure, await DRAFTS.claim(tx, signed_in, draft_id))
    except AppliedBefore as before:
        return before.receipt
    account = await accounts.find_open(tx, signed_in.id)
    now = await current(tx, account, procedure.kind)
    wished = wishes(procedure, now, draft)
    if any(each.action is Action.CHANGE and each.details == now.details for each in wished):
        raise NothingToConfirm
    try:
        await acts.make(tx, account.id, wished, draft_id)
    except NotAllowed as refusal:
        raise Conflict from refusal
    return await receipts.issue(tx, draft_id, account.id, NAME)


async def withdraw(tx: Work, mandate: Mandate, version: int) -> None:
    """Take a 届出書 back, and the other one that was made with it, if it has not arrived yet.

    Raises NotAllowed, OutOfDate, Shut.
    """
    await accounts.find_open(tx, mandate.account_id)
    await acts.withdraw(tx, mandate.id, version)
    for other in await direct_debit_forms.of_receipt(tx, mandate.receipt_id):
        if other.state is State.MADE:
            await acts.withdraw(tx, other.id, other.version)
