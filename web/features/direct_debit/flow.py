"""新規作成, 情報変更, 利用中止: proposed at 次へ, made into forms once at 確定."""

from dataclasses import dataclass

from web.database import Tx
from web.direct_debit import acts, status
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details, opened
from web.direct_debit.states import NotAllowed
from web.direct_debit.status import DebitStatus
from web.features.direct_debit import form
from web.services import Services, Work
from web.steps import receipts
from web.steps.drafts import Conflict, Draft, DraftStore, NothingToConfirm
from web.store import accounts, direct_debit_accounts, direct_debit_forms
from web.store.accounts import Account
from web.store.direct_debit_accounts import DebitAccount
from web.store.direct_debit_forms import Action, Kind, Mandate, State
from web.store.receipts import Receipt

NAME = "direct_debit"


@dataclass(frozen=True, slots=True)
class Procedure:
    """What is done with which account, as the address says."""

    kind: Kind
    action: Action

    @property
    def key(self) -> str:
        """Name it inside a draft, so that a draft fits no other procedure."""
        return f"{self.kind}-{self.action}"


@dataclass(frozen=True, slots=True)
class Current:
    """Where an account's procedures of a kind stand."""

    version: int  # raised by every form, every transition and every change of the profile
    live: DebitAccount | None
    details: Details | None
    forms: list[Mandate]
    status: DebitStatus


def drafts(services: Services) -> DraftStore:
    """Give the drafts of this flow."""
    return DraftStore(NAME, services.vault)


async def current(tx: Work, account: Account, kind: Kind) -> Current:
    """Read where things stand."""
    live = await direct_debit_accounts.find_live(tx, account.id, kind)
    forms = await direct_debit_forms.latest(tx, account.id, kind)
    version = await direct_debit_forms.version(tx, account.id, kind)
    return Current(
        version + account.profile_version,
        live,
        opened(tx.vault, live.id, live.sealed) if live else None,
        forms,
        status.status_of(kind, live.id if live else "", status.marks(forms)),
    )


async def own_form(tx: Tx, account: Account, kind: Kind, form_id: str) -> Mandate | None:
    """Find a form of this account and kind."""
    found = await direct_debit_forms.find(tx, form_id)
    return found if found and (found.account_id, found.kind) == (account.id, kind) else None


def fits(draft: Draft, procedure: Procedure) -> Draft:
    """Give the draft, if it is one of this procedure. Raises NothingToConfirm."""
    if draft.typed.get("procedure") != procedure.key:
        raise NothingToConfirm
    return draft


async def find(tx: Work, account: Account, procedure: Procedure, draft_id: str) -> Draft:
    """Find a draft of this procedure that may be confirmed. Raises NothingToConfirm, TooOld."""
    return fits(await drafts(tx.services).find(tx, account, draft_id), procedure)


def wishes(procedure: Procedure, now: Current, typed: Draft) -> list[Wish]:
    """Tell which forms a draft asks for: another bank needs a 中止 and a 新規. Raises Conflict."""
    kind, action = procedure.kind, procedure.action
    if action is not Action.NEW and now.details is None:
        raise Conflict
    if action is Action.STOP and now.details:
        return [Wish(kind, action, now.details)]
    new = form.details(form.parse(kind, form.complete(kind, typed.typed)))
    if action is Action.CHANGE and now.details and now.details.bank_code != new.bank_code:
        return [Wish(kind, Action.STOP, now.details), Wish(kind, Action.NEW, new)]
    return [Wish(kind, action, new)]


async def apply(tx: Work, signed_in: Account, procedure: Procedure, draft_id: str) -> Receipt:
    """Make the forms that 確認 showed; every repeated press finds the same receipt.

    Raises NothingToConfirm, TooOld, Conflict; then nothing is made and the draft stays.
    """
    done = await receipts.find(tx, draft_id, signed_in.id, NAME)
    if done is not None:
        return done
    draft = fits(await drafts(tx.services).claim(tx, signed_in, draft_id), procedure)
    account = await accounts.find(tx, signed_in.id)
    if account is None:
        raise Conflict
    here = await current(tx, account, procedure.kind)
    if here.version != draft.base_version:
        raise Conflict
    wished = wishes(procedure, here, draft)
    try:
        await acts.make(tx, account.id, wished, draft_id)
    except NotAllowed as refusal:
        raise Conflict from refusal
    return await receipts.issue(tx, draft_id, account.id, NAME)


async def withdraw(tx: Work, form: Mandate, version: int) -> None:
    """Take a form back, and the other one that was made with it, if it has not arrived yet.

    Raises NotAllowed, OutOfDate.
    """
    await acts.withdraw(tx, form.id, version)
    for other in await direct_debit_forms.of_receipt(tx, form.receipt_id):
        if other.state is State.MADE:
            await acts.withdraw(tx, other.id, other.version)
