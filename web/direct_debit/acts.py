"""What is done with a 届出書, each act in one transaction with its audit row and its mail."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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

WAITED_FOR = 90 * clock.DAY  # then a 届出書 that never arrived is taken back

_MOST = 100  # 届出書 of one upkeep


@dataclass(frozen=True, slots=True)
class Wish:
    """A 届出書 to be made."""

    kind: Kind
    action: Action
    details: Details


async def make(tx: Work, account_id: str, wishes: Sequence[Wish], receipt_id: str) -> list[Mandate]:
    """Make the 届出書 of one 確定. Raises NotAllowed, then none is made."""
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
        mandate = await _write(tx, account_id, wish, target, receipt_id)
        await _record(tx, mandate, "made")
        await _tell(tx, mandate, words.made(_day(mandate)))
        made.append(mandate)
    return made


async def _write(tx: Work, account_id: str, wish: Wish, target: str, receipt_id: str) -> Mandate:
    mandate_id = tokens.new_id()
    mandate = Mandate(
        id=mandate_id,
        number=await _new_number(tx),
        account_id=account_id,
        kind=wish.kind,
        action=wish.action,
        state=State.MADE,
        version=1,
        latest=1,
        target_id=target,
        receipt_id=receipt_id,
        sealed=wish.details.seal(tx.vault, mandate_id),
        key_id=tx.vault.key_id,
        last_digits=wish.details.last_digits,
        reason="",
        made_at=tx.now,
        changed_at=tx.now,
    )
    await direct_debit_forms.add(tx, mandate)
    return mandate


async def _new_number(tx: Tx) -> str:
    number = check_digit.with_check_digit(f"{secrets.randbelow(10**9):09d}")
    taken = await direct_debit_forms.find_by_number(tx, number)
    return await _new_number(tx) if taken else number


async def receive(tx: Work, mandate_id: str, version: int, *, by: str = "") -> Mandate:
    """Note that the paper arrived: 受付. Raises NotAllowed, OutOfDate."""
    return await _move(tx, mandate_id, version, Act.RECEIVE, Actor.OFFICE, by=by)


async def send(tx: Work, mandate_id: str, version: int, *, by: str = "") -> Mandate:
    """Note that the paper went on to the bank: 金融機関審査中. Raises NotAllowed, OutOfDate."""
    return await _move(tx, mandate_id, version, Act.SEND, Actor.OFFICE, by=by)


async def return_with_reason(
    tx: Work, mandate_id: str, version: int, reason: str, *, by: str = ""
) -> Mandate:
    """Send a 届出書 back: 不備返却, with what is wrong. Raises NotAllowed, OutOfDate."""
    return await _move(tx, mandate_id, version, Act.RETURN, Actor.OFFICE, by=by, reason=reason)


async def withdraw(tx: Work, mandate_id: str, version: int) -> Mandate:
    """Take a 届出書 back for its owner: 取下げ. Raises NotAllowed, OutOfDate."""
    return await _move(tx, mandate_id, version, Act.WITHDRAW, Actor.USER)


async def approve(tx: Work, mandate_id: str, version: int, *, by: str = "") -> Mandate:
    """Note the bank's 承認 and let it work on the account. Raises NotAllowed, OutOfDate."""
    mandate = await _move(tx, mandate_id, version, Act.APPROVE, Actor.OFFICE, by=by)
    live = await direct_debit_accounts.find_live(tx, mandate.account_id, mandate.kind)
    if mandate.action is Action.STOP:
        latest = await direct_debit_forms.latest(tx, mandate.account_id, mandate.kind)
        if live and live.id == mandate.target_id and states.under_way(latest, live.id):
            raise NewBankFirst(mandate.number)
        # with another bank's 新規 it has ended already, when that was approved
        await direct_debit_accounts.end(tx, mandate.target_id)
        return mandate
    if mandate.action is Action.CHANGE and (live is None or live.id != mandate.target_id):
        raise NotAllowed("the account to be changed has ended")
    if live and not await direct_debit_accounts.end(tx, live.id):
        raise NotAllowed("the account to be replaced has ended")
    await direct_debit_accounts.add(
        tx,
        DebitAccount(  # with the 届出書's id, so that its seal opens here too
            mandate.id, mandate.account_id, mandate.kind, mandate.sealed, mandate.key_id, mandate.last_digits,
            approved_at=tx.now, ended_at=None,
        ),
    )  # fmt: skip
    return mandate


def arrives_by(made_at: int) -> date:
    """Give the last whole day on which a 届出書 may arrive."""
    return clock.in_tokyo(made_at + WAITED_FOR - clock.DAY).date()


def _day(mandate: Mandate) -> str:
    return clock.day_style(arrives_by(mandate.made_at))


async def take_back_old(tx: Work) -> int:
    """Take back the 届出書 that did not arrive in 90 days; count them."""
    ids = await direct_debit_forms.left_lying(tx, before=tx.now - WAITED_FOR, most=_MOST)
    for mandate_id in ids:
        mandate = await direct_debit_forms.find(tx, mandate_id)
        if mandate:
            await _move(tx, mandate_id, mandate.version, Act.EXPIRE, Actor.CLOCK)
    return len(ids)


async def _move(tx: Work, mandate_id: str, version: int, act: Act, actor: Actor, *, by: str = "", reason: str = "") -> Mandate:  # fmt: skip
    mandate = await direct_debit_forms.find(tx, mandate_id)
    if mandate is None:
        raise NotAllowed("no such mandate")
    end = states.transition(act, actor, mandate.state).end
    if not await direct_debit_forms.move(tx, mandate_id, version=version, state=end, reason=reason):
        raise OutOfDate(mandate_id)
    await _record(tx, mandate, act, by=by)
    await _tell(tx, mandate, words.mailed(act, mandate.action, _day(mandate)), reason=reason)
    return mandate


async def _record(tx: Work, mandate: Mandate, event: str, *, by: str = "") -> None:
    who = {"who": by} if by else {}
    await tx.audit(f"direct_debit.{event}", mandate.account_id, item=words.procedure(mandate.kind, mandate.action), number=mandate.number, **who)  # fmt: skip


async def _tell(tx: Work, mandate: Mandate, said: tuple[str, str], *, reason: str = "") -> None:
    """Mail the 利用者管理用メールアドレス; no account number is in it."""
    owner = await accounts.find(tx, mandate.account_id)
    if owner is None:
        raise NotAllowed("a mandate without its owner")
    subject, text = said
    await tx.mail(messages.direct_debit(
            tx.settings, owner.admin_email, f"{words.product(mandate.kind)}{subject}", text,
            [
                ("納付利用者ID", owner.payment_user_id),
                ("手続", words.procedure(mandate.kind, mandate.action)),
                ("整理番号", check_digit.grouped(mandate.number)),
                ("日時", clock.mail_style(tx.now)),
                *([("不備の内容", reason)] if reason else []),
            ],
        ), f"direct_debit:{mandate.id}:{subject}", account_id=owner.id)  # fmt: skip
