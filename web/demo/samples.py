"""What lies in the demo from the start: まとめ納付 in every state, a 届出書 that waits for its arrival."""

import os

from web import clock
from web.database import Tx
from web.direct_debit.details import Details
from web.fields.check_digit import with_check_digit
from web.security import tokens, totp
from web.services import Work
from web.steps import second_factor
from web.store import accounts, code_apps, direct_debit_forms, payments
from web.store.direct_debit_forms import Action, Kind, Mandate, State

_KINDS = ("national", "local", "general")
_STATES = ("unpaid", "paid", "paid", "failed", "cancelled", "paid")
NUMBER = 24
FORM = "201909240"  # 整理番号 without its check digit


async def add_payments(tx: Tx, payment_user_id: str) -> None:
    """Put the samples into an account."""
    await tx.many(
        payments.PUT, [_payment(index, payment_user_id, tx.now) for index in range(NUMBER)]
    )


async def add_form(tx: Work, payment_user_id: str) -> None:
    """Put a 届出書 on its way to the office, without the mail that its owner would have had."""
    account = await accounts.find_by_payment_id(tx, payment_user_id)
    if account is None:
        return
    form_id, said = (
        tokens.new_id(),
        Details(
            "0005", "三菱ＵＦＪ", "001", "本店", "ordinary", "0012345", "ﾕ)ﾐﾄﾞﾘｼﾞﾄﾞｳｼﾔ", account.name
        ),
    )
    await direct_debit_forms.add(
        tx,
        Mandate(
            form_id, with_check_digit(FORM), account.id, Kind.NATIONAL, Action.NEW, State.MADE,
            version=1, latest=1, target_id="", receipt_id=tokens.new_id(),
            sealed=said.seal(tx.vault, form_id), key_id=tx.vault.key_id, last_digits=said.last_digits,
            reason="", made_at=tx.now, changed_at=tx.now,
        ),
    )  # fmt: skip


def _payment(index: int, payment_user_id: str, now: int) -> dict[str, str | int]:
    made = now - index * 5 * clock.DAY // 2
    state = _STATES[index % len(_STATES)]
    return {
        "payment_user_id": payment_user_id,
        "number": f"{clock.in_tokyo(made):%Y%m%d}{NUMBER - index:06d}",
        "application_number": f"K{1_000_000 + 37 * index}",
        "created_at": made,
        "kind": _KINDS[index % len(_KINDS)],
        "items": index % 4 + 1,
        "amount": 3_300 * (index % 4 + 1),
        "state": state,
        "paid_on": f"{clock.in_tokyo(made + clock.DAY):%Y-%m-%d}" if state == "paid" else "",
    }


async def add_app(tx: Work, payment_user_id: str) -> None:
    """Give an account an app whose codes the inbox shows."""
    account = await accounts.find_by_payment_id(tx, payment_user_id)
    if account is None:
        return
    app_id, secret = tokens.new_id(), os.urandom(totp.SECRET)
    sealed = second_factor.sealed(tx.vault, app_id, secret)
    name = "デモの認証アプリ"
    await code_apps.add(tx, app_id, account.id, name, sealed, tx.vault.key_id, last_step=0)
    await tx.audit("app.added", account.id, app=name)


async def code_now(tx: Work, payment_user_id: str) -> str:
    """Give the code that the app of the demo shows now; '' once its owner has removed it."""
    account = await accounts.find_by_payment_id(tx, payment_user_id)
    apps = await code_apps.of_owner(tx, account.id) if account else []
    if not apps:
        return ""
    # of two codes in half a minute the second is refused: the next one, which counts already, is shown
    step = max(totp.step_at(tx.now), apps[0].last_step + 1)
    return totp.code(second_factor.secret_of(tx.vault, apps[0]), step)
