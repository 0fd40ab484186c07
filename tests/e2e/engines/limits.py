"""What a driver cannot do, and what is not on this machine: left out of a run, counted, and named with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from . import text

LEFT_OUT = "left out: "  # how such a line begins
LINES = pytest.StashKey[set[str]]()


@dataclass(frozen=True)
class Limit:
    """`lacks`: what the driver does not have. `instead`: the test that shows the same with what it has."""

    lacks: str
    instead: str


CLOCK = Limit(
    "no clock of the page's own", "test_the_end_of_a_log_in_is_announced_by_the_servers_clock"
)
# By engine and test, or the beginning of its name with its mode; each runs in the other engines.
LIMITS: dict[str, dict[str, Limit]] = {
    "webkit": {
        "test_the_dialog_before_the_end_is_answered_by_a_key_and_extends_as_often_as_it_comes": CLOCK,
        "test_before_the_last_two_minutes_there_is_no_dialog": CLOCK,
        "test_when_the_time_is_over_the_page_leads_to_log_in_and_back_to_the_input": CLOCK,
        # WebKit heeds the header that empties the memory of Back by https alone; with script the page asks.
        "test_after_logging_out_going_back_shows_nothing_personal[no-javascript": Limit(
            "no https here", "test_the_browser_forgets_its_pages_at_log_out"
        ),
        "test_the_paper_is_printed_on_a4": Limit(
            "no printing", "test_the_style_of_the_paper_leaves_the_paper"
        ),
    }
}


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out of a collection what cannot be run here."""
    limits = LIMITS.get(config.option.browser_engine, {})
    reasons = {item: reason for item in items if (reason := _reason(item, limits))}
    config.hook.pytest_deselected(items=list(reasons))
    items[:] = [each for each in items if each not in reasons]
    lines = {f"{LEFT_OUT}{item.nodeid}: {reason}" for item, reason in reasons.items()}
    config.stash[LINES] = lines
    if hasattr(config, "workeroutput"):  # of xdist: the one who asked for the run tells
        config.workeroutput[LEFT_OUT] = sorted(lines)


def _reason(item: pytest.Item, limits: dict[str, Limit]) -> str:
    asked: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    name = str(asked.get("browser_name_here", ""))
    if name and not text.found(name):
        return f"{name} is not there"
    for test, limit in limits.items():
        if item.name.startswith(f"{test}[" if "[" not in test else test):
            return f"the driver has {limit.lacks}; instead {limit.instead}"
    return ""


def hear(config: pytest.Config, told: dict[str, Any]) -> None:
    """Take down what a worker of xdist has left out; all leave out the same."""
    config.stash.setdefault(LINES, set()).update(told.get(LEFT_OUT, ()))


def lines(config: pytest.Config) -> Iterator[str]:
    """Give a line for each test that was left out."""
    found = config.stash.get(LINES, None)
    yield from sorted(found or ())
