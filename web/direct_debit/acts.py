"""What is done with a 届出書, each act in one transaction with its audit row and its mail."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from web import clock
from web.database import Tx
from web.direct_debit import states, words
from web.direct_debit.details import Details
from web.direct_debit.states import Act, Actor, NewBankFirst, NotAllowed, OutOfDate
from web.fields import check_digit
from web.mail import messages
from web.security import tokens
from web.services import Work
from web.store import accounts, direct_debit_accounts, direct_debit_forms
from web.store.direct_debit_accounts import DebitAccount
from web.store.direct_debit_forms import Action, Kind, Mandate, State

WAITED_FOR = 90 * clock.DAY  # then a form that never arrived is taken back
_MOST = 100  # forms of one upkeep


@dataclass(frozen=True, slots=True)
class Wish:
    """A 届出書 to be made."""

    kind: Kind
    action: Action
    details: Details


@dataclass(frozen=True, slots=True)
class By:
    """Who acts; the office's people by name."""

    actor: Actor
    name: str = ""


async def make(tx: Work, account_id: str, wishes: Sequence[Wish], receipt_id: str) -> list[Mandate]:
    """Make the forms of one 確定. Raises NotAllowed, then none is made."""
    kind = wishes[0].kind
    live = await direct_debit_accounts.find_live(tx, account_id, kind)
    waiting = states.under_way(
        await direct_debit_forms.latest(tx, account_id, kind), live.id if live else ""
    )
    made = []
    for wish in wishes:
        if not states.may_make(wish.action, live_id=live.id if live else "", waiting=waiting):
            raise NotAllowed(f"{wish.action} beside {sorted(waiting)}")
        waiting.add(wish.action)
        target = live.id if live and wish.action is not Action.NEW else ""
        form = await _write(tx, account_id, wish, target, receipt_id)
        await _record(tx, form, "made")
        await _tell(tx, form, words.MADE)
        made.append(form)
    return made


async def _write(tx: Work, account_id: str, wish: Wish, target: str, receipt_id: str) -> Mandate:
    form_id = tokens.new_id()
    form = Mandate(
        id=form_id,
        number=await _new_number(tx),
        account_id=account_id,
        kind=wish.kind,
        action=wish.action,
        state=State.MADE,
        version=1,
        latest=1,
        target_id=target,
        receipt_id=receipt_id,
        sealed=wish.details.seal(tx.vault, form_id),
        key_id=tx.vault.key_id,
        last_digits=wish.details.last_digits,
        reason="",
        made_at=tx.now,
        changed_at=tx.now,
    )
    await direct_debit_forms.add(tx, form)
    return form


async def _new_number(tx: Tx) -> str:
    number = check_digit.with_check_digit(f"{secrets.randbelow(10**9):09d}")
    taken = await direct_debit_forms.find_by_number(tx, number)
    return await _new_number(tx) if taken else number


async def receive(tx: Work, form_id: str, version: int, *, by: str = "") -> Mandate:
    """Note that the paper arrived: 受付. Raises NotAllowed, OutOfDate."""
    return await _move(tx, form_id, version, Act.RECEIVE, By(Actor.OFFICE, by))


async def send(tx: Work, form_id: str, version: int, *, by: str = "") -> Mandate:
    """Note that the paper went on to the bank: 金融機関審査中. Raises NotAllowed, OutOfDate."""
    return await _move(tx, form_id, version, Act.SEND, By(Actor.OFFICE, by))


async def return_with_reason(
    tx: Work, form_id: str, version: int, reason: str, *, by: str = ""
) -> Mandate:
    """Send a form back: 不備返却, with what is wrong. Raises NotAllowed, OutOfDate."""
    return await _move(tx, form_id, version, Act.RETURN, By(Actor.OFFICE, by), reason=reason)


async def withdraw(tx: Work, form_id: str, version: int) -> Mandate:
    """Take a form back for its owner: 取下げ. Raises NotAllowed, OutOfDate."""
    return await _move(tx, form_id, version, Act.WITHDRAW, By(Actor.USER))


async def approve(tx: Work, form_id: str, version: int, *, by: str = "") -> Mandate:
    """Note the bank's 承認 and let it work on the account. Raises NotAllowed, OutOfDate."""
    form = await _move(tx, form_id, version, Act.APPROVE, By(Actor.OFFICE, by))
    live = await direct_debit_accounts.find_live(tx, form.account_id, form.kind)
    if form.action is Action.STOP:
        forms = await direct_debit_forms.latest(tx, form.account_id, form.kind)
        if live and live.id == form.target_id and states.under_way(forms, live.id):
            raise NewBankFirst(form.number)
        await direct_debit_accounts.end(tx, form.target_id)
        return form
    if form.action is Action.CHANGE and (live is None or live.id != form.target_id):
        raise NotAllowed("the account to be changed has ended")
    if live:
        await direct_debit_accounts.end(tx, live.id)
    await direct_debit_accounts.add(
        tx,
        DebitAccount(  # with the form's id, so that the form's seal opens here too
            form.id, form.account_id, form.kind, form.sealed, form.key_id, form.last_digits,
            approved_at=tx.now, ended_at=None,
        ),
    )  # fmt: skip
    return form


async def take_back_old(tx: Work) -> int:
    """Take back the forms that did not arrive in 90 days; count them."""
    ids = await direct_debit_forms.left_lying(tx, before=tx.now - WAITED_FOR, most=_MOST)
    for form_id in ids:
        form = await direct_debit_forms.find(tx, form_id)
        if form:
            await _move(tx, form_id, form.version, Act.EXPIRE, By(Actor.CLOCK))
    return len(ids)


async def _move(tx: Work, form_id: str, version: int, act: Act, by: By, *, reason: str = "") -> Mandate:  # fmt: skip
    form = await direct_debit_forms.find(tx, form_id)
    if form is None:
        raise NotAllowed("no such form")
    end = states.transition(act, by.actor, form.state).end
    if not await direct_debit_forms.move(tx, form_id, version=version, state=end, reason=reason):
        raise OutOfDate(form_id)
    await _record(tx, form, act, by=by.name)
    await _tell(tx, form, words.mailed(act, form.action), reason=reason)
    return form


async def _record(tx: Work, form: Mandate, event: str, *, by: str = "") -> None:
    who = {"who": by} if by else {}
    await tx.audit(f"direct_debit.{event}", form.account_id, item=words.procedure(form.kind, form.action), number=form.number, **who)  # fmt: skip


async def _tell(tx: Work, form: Mandate, said: tuple[str, str], *, reason: str = "") -> None:
    """Mail the 利用者管理用メールアドレス; no account number is in it."""
    owner = await accounts.find(tx, form.account_id)
    if owner is None:
        raise NotAllowed("a form without its owner")
    subject, text = said
    await tx.mail(messages.direct_debit(
            tx.settings, owner.admin_email, f"{words.product(form.kind)}{subject}", text,
            [
                ("納付利用者ID", owner.payment_user_id),
                ("手続", words.procedure(form.kind, form.action)),
                ("整理番号", check_digit.grouped(form.number)),
                ("日時", clock.mail_style(tx.now)),
                *([("不備の内容", reason)] if reason else []),
            ],
        ), f"direct_debit:{form.id}:{subject}", account_id=owner.id)  # fmt: skip
