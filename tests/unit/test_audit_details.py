"""Every detail that the code records has words, for 利用者 and for 担当者: no code is ever shown."""

import ast
import importlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.parts import ROOT, WEB
from tests.unit.test_audit_events import PLACES
from web.features.activity import events as to_owner
from web.office import events as to_office
from web.office.looks import Page
from web.security.audit_events import LABELS
from web.steps.address_proposals import Why
from web.store.audit import Row
from web.store.credentials import CredentialKind
from web.store.staff import Role

# What is recorded by a variable: every value that it can have.
COMPUTED: dict[str, set[str]] = {
    "kind": set(CredentialKind),
    "role": set(Role),
    "of": {*LABELS, ""},
    "why": set(Why),
    "page": set(Page),
    "act": set(to_office.REFUSED),
}
# Variables whose values are texts, numbers, names or ids, which are shown as they are.
FREE = dict.fromkeys(
    ("who", "reason", "items", "item", "number", "first", "last", "mail", "name", "app", "row",
     "sessions", "links", "mails", "times")
)  # fmt: skip
WHOSE = {"who", "account_id"}  # one of them is in a dict that is passed on as details
PASSED_ON = {"asked_by"}  # parameters: what callers give for them is collected at the call
CALLS = {*PLACES, "current_password.prove"}


def pairs(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Find the details that a module records: keywords of the calls, and small dicts for them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS:
            for each in node.keywords:
                yield {"asked_by": "form"}.get(str(each.arg), str(each.arg)), each.value
        if isinstance(node, ast.Dict):
            keys = [ast.unparse(each).strip("'") for each in node.keys if each is not None]
            if {*keys} & WHOSE and {*keys} <= {*to_office.DETAILS, *WHOSE}:
                yield from zip(keys, node.values, strict=True)


def texts(node: ast.AST, path: Path) -> set[str] | None:
    """Give the texts that an expression can be, by following names and functions; None: any text."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        both = texts(node.body, path), texts(node.orelse, path)
        return None if None in both else set().union(*(each for each in both if each))
    name = ast.unparse(node.value.func if is_awaited_call(node) else node)  # type: ignore[attr-defined]
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if isinstance(getattr(module, name, None), str):
        return {getattr(module, name)}
    for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == name:
            return texts(each.value, path)
        if isinstance(each, ast.AsyncFunctionDef) and each.name == name:
            back = each.body[-1]
            return texts(back.value, path) if isinstance(back, ast.Return) and back.value else None
    return None


def is_awaited_call(node: ast.AST) -> bool:
    """Tell `await f(…)`."""
    return isinstance(node, ast.Await) and isinstance(node.value, ast.Call)


def recorded() -> dict[str, set[str]]:
    """Collect the codes of every detail; one that holds texts, numbers or ids has none."""
    found = defaultdict[str, set[str]](set)
    for path in set(WEB.rglob("*.py")) - {Path(str(to_office.__file__))}:
        for key, node in pairs(ast.parse(path.read_text(encoding="utf-8"))):
            if key in {"None", "account_id"} or ast.unparse(node) in PASSED_ON:
                continue
            codes = (
                COMPUTED.get(key, set()) if key in COMPUTED or key in FREE else texts(node, path)
            )
            assert codes is not None, f"{path}:{key}={ast.unparse(node)}"
            found[key] |= codes
    return found


CODES = sorted((key, code) for key, codes in recorded().items() for code in codes if code)


def test_the_search_finds_what_is_recorded() -> None:
    """A sweep over nothing would find no fault."""
    found = recorded()
    assert {"profile", "activity", "password_change", "office_password"} <= found["form"]
    assert found["device"] == {"known", "new"}
    assert found["kind"] == set(CredentialKind)


def test_every_detail_has_a_name() -> None:
    """操作履歴 of 担当者画面 names each in Japanese."""
    assert recorded().keys() - to_office.DETAILS.keys() == set()


@pytest.mark.parametrize(("key", "code"), CODES)
def test_the_office_reads_no_code(key: str, code: str) -> None:
    """What the trail keeps as a word of the code is shown in Japanese."""
    [(_, shown)] = to_office.details(json.dumps({key: code}))
    assert not shown.isascii()


@pytest.mark.parametrize(("key", "code"), CODES)
def test_the_owner_reads_no_code(key: str, code: str) -> None:
    """操作履歴 says it in words, whatever the event, or leaves it to the office."""
    detail = json.dumps({key: code})
    for event in LABELS:
        read = to_owner.read(Row(1, 0, event, "account", detail, "", "", b""))
        assert not [words for words in (read.what, *read.more) if words.isascii() or code in words]
        assert read.more or key not in {"form", "device"}
