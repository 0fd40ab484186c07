"""What the demo's company has paid: まとめ納付 of the last two months, in every state."""

from web import clock
from web.database import Tx
from web.store import payments

_KINDS = ("national", "local", "general")
_STATES = ("unpaid", "paid", "paid", "failed", "cancelled", "paid")
NUMBER = 24


async def add_payments(tx: Tx, payment_user_id: str, *, now: int) -> None:
    """Put the samples into an account."""
    await tx.many(payments.PUT, [_payment(index, payment_user_id, now) for index in range(NUMBER)])


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
