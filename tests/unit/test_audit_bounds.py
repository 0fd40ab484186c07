"""No event can be written into the audit trail without end: the next one fails here until somebody says why not."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.unit.parts import WEB
from tests.unit.test_audit_events import constants

pytestmark = pytest.mark.slow

PLACES = {
    "audit": 0,
    "audit_repeated": 0,
    "note": 1,
    "note_repeated": 1,
}  # of the event among the arguments


class Written(NamedTuple):
    """A place that writes an event: the file, the function, and by which call."""

    event: str
    path: str
    function: str
    call: str


def _text(node: ast.expr, known: dict[str, str]) -> str | None:
    """Give the name of an event, with * for what is put in; None for one that is only handed on."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "*" for each in node.values
        )
    return known.get(node.id) if isinstance(node, ast.Name) else None


def written() -> Iterator[Written]:
    """Read every place off the source."""
    for path in WEB.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = constants(tree)
        for function in ast.walk(tree):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                call = (
                    node.func.attr
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    else ""
                )
                if isinstance(node, ast.Call) and len(node.args) > PLACES.get(call, 99):
                    event = _text(node.args[PLACES[call]], known)
                    if event and "." in event:
                        yield Written(
                            event, str(path.relative_to(WEB)), ast.unparse(function), call
                        )


def _by_receipt(place: Written) -> bool:
    return "receipts.issue(" in place.function


def _by_act(place: Written) -> bool:
    return "throttle.act(" in place.function


def _rarer(place: Written) -> bool:
    return place.call in {"audit_repeated", "note_repeated"}


def _counted(place: Written) -> bool:
    """Tell whether a failure is written by check_password, which notes so many of an ID."""
    return "note_failure" in place.function


def _by_factor(place: Written) -> bool:
    """Tell whether it is an act on factors: factor_pages counts them, and each needs a step of its own."""
    return Path(place.path).name in {"factors.py", "second_factor.py"}


def _of_staff(place: Written) -> bool:
    """Tell whether a 担当者 causes it, whose trail stays whole (docs/adr/0047)."""
    return place.path.startswith("office/") or "office." in place.event


def _of_command(place: Written) -> bool:
    return place.path.startswith(("cli/", "demo/"))


def _if(call: str) -> Callable[[Written], bool]:
    """Tell whether it is written only if this call has used something up or ended it, which can be done once."""

    def asked(place: Written) -> bool:
        """In the branch, or behind one that leaves when it was done before."""
        (function,) = ast.parse(place.function).body
        assert isinstance(function, ast.AsyncFunctionDef)
        for number, each in enumerate(function.body):
            if isinstance(each, ast.If) and f"await {call}(" in ast.unparse(each.test):
                leaves = isinstance(each.body[-1], ast.Return | ast.Raise)
                then = function.body[number + 1 :] if leaves else each.body
                return any(f"{place.event!r}" in ast.unparse(line) for line in then)
        return False

    return asked


def _by_mail(place: Written) -> bool:
    """Tell whether it is written with a mail of a URL, of which three an hour go out to an address."""
    return "tx.mail(" in place.function and "tokens.new_link_key()" in place.function


def _once(_: Written) -> bool:
    """Trust the words beside it."""
    return True


# By event: what bounds it. Beside _once: once for what.
BOUNDS: dict[str, Callable[[Written], bool]] = {
    "profile.changed": _by_receipt, "activity.disowned": _by_receipt, "password.changed": _by_receipt,
    "issuance.issued": _by_receipt, "address.changed": _by_receipt,
    "activity.saved": _by_act, "summary_file.downloaded": _by_act, "email.asked": _by_act, "factors.asked": _by_act,
    "login.done": _rarer, "login.first": _rarer, "login.expired": _rarer, "logout.done": _rarer, "sessions.ended": _rarer,
    "issuance.too_many": _rarer, "reset.mismatched": _rarer, "reset.too_many": _rarer,
    "passkey.refused": _rarer, "second.failed": _rarer,
    "login.failed": _counted, "password.refused": _counted, "office.login.failed": _counted,
    "app.added": _by_factor, "passkey.added": _by_factor, "codes.made": _by_factor, "*.renamed": _by_factor,
    "*.removed": _by_factor, "codes.used": _by_factor,  # ten of each set
    "second.locked": _by_factor,  # the hundredth in a row; then the office alone opens it
    "email.confirmed": _if("address_confirmations.use"), "reset.used": _if("reset_links.use"),
    "reset.asked": _by_mail, "issuance.asked": _by_mail,
    # those of 担当者
    "factors.stopped": _if("factor_resets.end"), "factors.voided": _if("factor_resets.end"),
    "factors.cleared": _if("factor_resets.end"), "address.voided": _if("address_changes.void"),
    "direct_debit.*": _once,  # a 届出書, which has a receipt, and a state that it leaves once
    "login.unknown": _once,  # an hour
    "office.refused": _of_staff,
    "account.created": _once,  # by the operator's command; issue() writes an event of its own
}  # fmt: skip


def test_every_event_has_a_bound_that_the_code_shows() -> None:
    """Of whoever is no 担当者 and no operator: a receipt, a count, a rarer row, or something used up."""
    found = list(written())
    assert len(found) > 60
    for place in found:
        if place.event not in BOUNDS:
            assert _of_staff(place) or _of_command(place), f"what bounds {place.event}?"
        elif not _of_staff(place) and not _of_command(place):
            assert BOUNDS[place.event](place), f"{place.event} in {place.path}"


def test_no_bound_is_left_of_an_event_that_is_gone() -> None:
    """The table says nothing that the code does not."""
    assert BOUNDS.keys() - {each.event for each in written()} == set()
