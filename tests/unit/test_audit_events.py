"""Every event that the code records has its Japanese words, and no words are left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.parts import ROOT, WEB
from web.direct_debit.states import Act
from web.security.audit_events import LABELS, UNKNOWN, label

# What a module computes, or passes on from its own callers.
COMPUTED = {
    "web/direct_debit/acts.py": {f"direct_debit.{each}" for each in ("made", *Act)},
    "web/steps/second_factor.py": {  # Owner.note, of a 利用者 or a 担当者
        f"{whose}{each}"
        for whose in ("", "office.")
        for each in (
            "app.added", "app.removed", "app.renamed",
            "codes.made", "codes.used", "second.failed", "second.locked",
            "passkey.added", "passkey.refused", "passkey.removed", "passkey.renamed",
        )
    },
    "web/office/support/accounts.py": set(),  # Act.note, whose callers name the event
    "web/cli/announce.py": {
        "notice.set", "notice.cleared", "maintenance.on", "maintenance.off",
    },
}  # fmt: skip


# Work.audit passes on what flows name.
IN_BETWEEN = {"web/services/services.py"}
# Where the calls that record an event name it.
PLACES = {"tx.audit": 0, "tx.audit_repeated": 0, "act.note": 1, "by.note": 1, "self.record": 1}


def constants(tree: ast.Module) -> dict[str, str]:
    """Give the texts that a module names."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def events(tree: ast.Module, path: Path) -> Iterator[str]:
    """Find what a module gives audit.record() as the event; a computed one is a fault."""
    known = constants(tree)
    for node in ast.walk(tree):
        place = PLACES.get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
        if place is None or not isinstance(node, ast.Call) or str(path) in IN_BETWEEN:
            continue
        event = node.args[place]
        if isinstance(event, ast.Constant):
            yield str(event.value)
        elif str(path) in COMPUTED:
            yield from COMPUTED[str(path)]
        else:
            assert isinstance(event, ast.Name), f"{path}:{node.lineno}: {ast.unparse(event)}"
            yield known[event.id]


def recorded() -> set[str]:
    """Collect the events of the whole product."""
    found = set()
    for path in WEB.rglob("*.py"):
        found |= set(events(ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT)))
    return found


def test_every_event_has_words_and_every_word_an_event() -> None:
    """操作履歴 must not say その他 of what this release does itself."""
    assert recorded() == set(LABELS)


def test_no_two_events_share_their_words() -> None:
    """Whoever reads the list can tell them apart."""
    assert len(set(LABELS.values())) == len(LABELS)
    assert UNKNOWN not in LABELS.values()


def test_an_event_of_a_newer_release_has_words_too() -> None:
    """After going back a release the list is still shown."""
    assert label("moon.landed") == UNKNOWN


@pytest.mark.parametrize(
    ("python", "found"),
    [
        ("tx.audit('a.b', 'account')", {"a.b"}),
        ("DONE = 'c.d'\ntx.audit(DONE)", {"c.d"}),
    ],
)
def test_the_search_sees_events(python: str, found: set[str]) -> None:
    """Written out, or by the name of a constant."""
    assert set(events(ast.parse(python), Path("x.py"))) == found


def test_a_computed_event_is_a_fault() -> None:
    """Nobody could say beforehand what it will be."""
    with pytest.raises(AssertionError):
        list(events(ast.parse("tx.audit(f'{a}.b')"), Path("x.py")))
