"""The states of a 届出書 and its transitions: who may do what, from where to where."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from web.store.direct_debit_forms import OPEN, Action, Mandate, Mark, State


class Act(StrEnum):
    """What somebody does with a 届出書."""

    RECEIVE = "receive"
    SEND = "send"
    APPROVE = "approve"
    RETURN = "return"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


class Actor(StrEnum):
    """Who does it."""

    USER = "user"
    OFFICE = "office"
    CLOCK = "clock"


class NotAllowed(Exception):
    """The act does not fit the state; nothing was written."""


class NewBankFirst(NotAllowed):
    """The old account ends with the 承認 of another bank's 新規, which still waits."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class OutOfDate(Exception):
    """Somebody else moved the 届出書 on since it was shown; nothing was written."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A line of the table."""

    act: Act
    actor: Actor
    start: frozenset[State]
    end: State


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


# A 届出書 that is not fit to be sent goes back without troubling the bank: 受付 → 不備返却.
TABLE = (
    Transition(Act.RECEIVE, Actor.OFFICE, _from(State.MADE), State.RECEIVED),
    Transition(Act.SEND, Actor.OFFICE, _from(State.RECEIVED), State.AT_BANK),
    Transition(Act.APPROVE, Actor.OFFICE, _from(State.AT_BANK), State.APPROVED),
    Transition(Act.RETURN, Actor.OFFICE, _from(State.RECEIVED, State.AT_BANK), State.RETURNED),
    Transition(Act.WITHDRAW, Actor.USER, _from(State.MADE), State.WITHDRAWN),
    Transition(Act.EXPIRE, Actor.CLOCK, _from(State.MADE), State.WITHDRAWN),
)


def transition(act: Act, actor: Actor, state: State) -> Transition:
    """Find the line for an act. Raises NotAllowed."""
    for line in TABLE:
        if (line.act, line.actor) == (act, actor) and state in line.start:
            return line
    raise NotAllowed(f"{actor} {act} {state}")


def under_way(mandates: Iterable[Mandate | Mark], live_id: str) -> set[Action]:
    """Tell which 届出書 wait for a decision; a 中止 of an account that has ended waits for none."""
    return {
        each.action
        for each in mandates
        if each.state in OPEN and (each.action is not Action.STOP or each.target_id == live_id)
    }


def may_make(action: Action, *, live_id: str, waiting: set[Action]) -> bool:
    """Tell whether a 届出書 may be made beside the live account, if any, and those that wait.

    Another bank is a 中止 and a 新規 together; then each may be made again after 不備返却.
    """
    if action is Action.NEW:
        return waiting == {Action.STOP} if live_id else not waiting
    if action is Action.STOP:
        return bool(live_id) and waiting <= {Action.NEW}
    return bool(live_id) and not waiting
