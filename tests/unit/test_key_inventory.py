"""docs/security.md, Keys: every key that is derived from a secret, and what it is for (ASVS 11.1.2)."""

import ast
import re
from collections.abc import Iterator

from tests.unit.parts import WEB
from tests.unit.test_security_doc import section

ENCRYPT, SIGN, COUNT = {"seal", "open", "seal_text", "open_text"}, {"sign", "signed"}, {"count"}
CALLS = {
    call: kind
    for kind, calls in (("AES-GCM", ENCRYPT), ("HMAC", SIGN), ("counter", COUNT))
    for call in calls
}


def _texts(tree: ast.Module) -> dict[str, str]:
    """Give the texts that a module names, and those of properties, with * for what is put in."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = _text(node.value, {})
        elif isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
            found[node.name] = _text(node.body[-1].value, found)
    return {name: text for name, text in found.items() if text}


def _text(node: ast.expr | None, named: dict[str, str]) -> str:
    found = ""
    match node:
        case ast.Constant(value=str(text)):
            found = text
        case ast.JoinedStr(values=parts):
            found = "".join(_text(each, named) for each in parts)
        case ast.FormattedValue(value=value):
            found = _text(value, named) or "*"
        case ast.Tuple(elts=[first, *_]):
            found = _text(first, named)
        case ast.Starred(value=ast.Call(func=ast.Name(id=name))):
            found = named.get(name, "")
        case ast.Name(id=name) | ast.Attribute(attr=name):
            found = named.get(name, "")
    return found


def used() -> Iterator[tuple[str, str]]:
    """Read off the source for what a key is derived, and how it is used."""
    for path in WEB.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = _texts(tree)
        for node in ast.walk(tree):
            if (
                not isinstance(node, ast.Call)
                or not isinstance(node.func, ast.Attribute)
                or not node.args
            ):
                continue
            if not ast.unparse(node.func.value).endswith("vault"):
                continue
            kind, purpose = CALLS.get(node.func.attr), _text(node.args[0], named)
            if kind and purpose:
                yield purpose, kind


def test_every_purpose_of_a_key_is_in_the_inventory_with_its_algorithm() -> None:
    """And nothing is listed that no code derives."""
    rows = re.findall(r"^\| (.+?) \| (AES-GCM|HMAC|counter) \|", section("Keys"), re.MULTILINE)
    listed = {
        (purpose, kind) for names, kind in rows for purpose in re.findall(r"`([^`]+)`", names)
    }
    assert listed == set(used())
    assert len(listed) > 25
