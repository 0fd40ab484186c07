"""Where an account's procedures of a kind stand: 未登録, 変更手続中 …, and what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from web.direct_debit import states, words
from web.store.direct_debit_forms import Action, Kind, Mandate, Mark, State


@dataclass(frozen=True, slots=True, eq=False)
class DebitStatus:
    """What My Page says about a kind; most people's are the same few objects."""

    kind: Kind
    label: str
    next_step: str
    actions: tuple[Action, ...]  # that can be started now
    known: bool  # there is something to look at
    under_way: bool  # a 届出書 waits for a decision

    @property
    def product(self) -> str:
        """Name the account."""
        return words.product(self.kind)

    @property
    def called(self) -> Mapping[Action, str]:
        """Name what can be started."""
        return words.ACTIONS


def marks(mandates: Iterable[Mandate]) -> tuple[Mark, ...]:
    """Give of each 届出書 what tells where things stand."""
    return tuple(Mark(each.kind, each.action, each.state, each.target_id) for each in mandates)


@lru_cache(maxsize=1000)
def status_of(kind: Kind, live_id: str, latest: tuple[Mark, ...], arrives_by: str) -> DebitStatus:
    """Tell where things stand from the live account, if any, and the latest 届出書.

    `arrives_by`: the day by which a 届出書 that was made must arrive.
    """
    of_kind = [each for each in latest if each.kind == kind]
    waiting = states.under_way(of_kind, live_id)
    actions = tuple(
        each for each in Action if states.may_make(each, live_id=live_id, waiting=waiting)
    )
    label, next_step = _words(bool(live_id), waiting, of_kind, arrives_by)
    known, under_way = bool(live_id or of_kind), bool(waiting)
    return DebitStatus(kind, label, next_step, actions, known=known, under_way=under_way)


def _words(
    live: bool,  # noqa: FBT001 private, read right above
    waiting: set[Action],
    latest: list[Mark],
    arrives_by: str,
) -> tuple[str, str]:
    state = {each.action: each.state for each in latest}
    for action, label in (
        (Action.CHANGE, "変更手続中"),
        (Action.NEW, "変更手続中" if live else ""),
        (Action.STOP, "利用中止手続中"),
    ):
        if action in waiting:
            at = state[action]
            shown = f"{label}（{words.STATES[at]}）" if label else words.STATES[at]
            return shown, words.next_step(at, arrives_by)
    if State.RETURNED in state.values():
        label = "利用可能（届出書は不備返却）" if live else words.STATES[State.RETURNED]
        return label, words.next_step(State.RETURNED, "")
    if live:
        return "利用可能", ""
    stopped = state.get(Action.STOP) is State.APPROVED
    return "利用中止" if stopped else "未登録", "新規作成から届出書を作成してください。"
