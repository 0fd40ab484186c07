"""What a store function answers about its success is looked at: a claim that failed is no success."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

from tests.unit.parts import ROOT, WEB

# Where it does not matter whether there was something to do.
EITHER_WAY = {("web/direct_debit/acts.py", "direct_debit_accounts.end")}  # 承認 of a 中止


def modules(tree: ast.Module) -> dict[str, Any]:
    """Give the modules of the store by the names under which a module knows them."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "web.store":
            for each in node.names:
                found[each.asname or each.name] = importlib.import_module(f"web.store.{each.name}")
    return found


def ignored(tree: ast.Module) -> Iterator[str]:
    """Find calls of the store whose answer, yes or no, is thrown away."""
    known = modules(tree)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Await)):
            continue
        call = node.value.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        module = known.get(ast.unparse(call.func.value))
        function = getattr(module, call.func.attr, None)
        if function and get_type_hints(function).get("return") is bool:
            yield ast.unparse(call.func)


def test_no_answer_of_the_store_is_thrown_away() -> None:
    """Two 担当者 at once, or an owner and a 担当者: one of them was too late, and has to be told."""
    found = {
        (str(path.relative_to(ROOT)), name)
        for path in WEB.rglob("*.py")
        for name in ignored(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == EITHER_WAY


def test_the_search_sees_what_is_thrown_away() -> None:
    """Only answers that are yes or no."""
    python = """
from web.store import accounts, address_changes as changes
async def f(tx):
    await changes.decide(tx, '')
    taken = await changes.decide(tx, '')
    await accounts.find(tx, '')
"""
    assert list(ignored(ast.parse(python))) == ["changes.decide"]


def test_the_folder_is_that_of_the_product() -> None:
    """A search in the wrong place finds nothing."""
    assert (Path(WEB) / "store" / "accounts.py").exists()
