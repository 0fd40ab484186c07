"""Moving 届出書 on: one or many at once, all or none, and never twice."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from web.direct_debit import acts, states, words
from web.direct_debit.states import Act, Actor, NewBankFirst, NotAllowed, OutOfDate
from web.fields.check_digit import grouped
from web.services import Work
from web.store import direct_debit_forms
from web.store.direct_debit_forms import Action, Mandate, State

Move = Callable[..., Awaitable[Mandate]]
MOVES: Mapping[Act, Move] = {
    Act.RECEIVE: acts.receive,
    Act.SEND: acts.send,
    Act.APPROVE: acts.approve,
    Act.RETURN: acts.return_with_reason,
}
LABELS = {
    Act.RECEIVE: "受付",
    Act.SEND: "金融機関へ送付",
    Act.APPROVE: "承認",
    Act.RETURN: "不備返却",
}
_APPROVED = {Action.NEW: "利用可能", Action.CHANGE: "新しい内容に変更", Action.STOP: "利用中止"}


class Stale(Exception):
    """A 届出書 cannot be moved like this any more; nothing was written."""

    def __init__(self, mandate: Mandate | None) -> None:
        super().__init__()
        self.number = grouped(mandate.number) if mandate else ""
        self.state = words.STATES[mandate.state] if mandate else ""


@dataclass(frozen=True, slots=True)
class Pick:
    """A 届出書 as it was when somebody chose it."""

    id: str
    version: int


def open_acts(state: State) -> list[Act]:
    """List what the office can do with a 届出書 in a state: the table of transitions says so."""
    return [line.act for line in states.TABLE if line.actor is Actor.OFFICE and state in line.start]


def outcome(act: Act, action: Action) -> str:
    """Say what a 届出書, or the account behind it, becomes."""
    if act is Act.APPROVE:
        return _APPROVED[action]
    return words.STATES[next(line.end for line in states.TABLE if line.act is act)]


async def move_all(tx: Work, who: str, act: Act, picks: Sequence[Pick], reason: str) -> None:
    """Move every 届出書 that was picked. Raises Stale for the first that has moved on, NewBankFirst."""
    given = {"reason": reason} if act is Act.RETURN else {}
    # read before anything moves: a refusal undoes all and must name the state that remains
    found = {pick.id: await direct_debit_forms.find(tx, pick.id) for pick in picks}
    for pick in sorted(picks, key=lambda pick: _stops(found[pick.id])):
        try:
            await MOVES[act](tx, pick.id, pick.version, by=who, **given)
        except NewBankFirst:
            raise
        except (NotAllowed, OutOfDate):
            raise Stale(found[pick.id]) from None


def _stops(mandate: Mandate | None) -> bool:
    """Tell whether a 届出書 is a 中止: it is approved after the 新規 of another bank, so it comes last."""
    return mandate is not None and mandate.action is Action.STOP
