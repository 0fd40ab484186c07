"""What can be changed in a module: one place at a time, by its number."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add,
}  # fmt: skip
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b")
_IN_SQL = {r"\bAND\b": "OR", r" < ": " <= ", r" > ": " >= ", r"IS NULL": "IS NOT NULL", r"IS NOT NULL": "IS NULL",
           r" DESC\b": "", r"\bNOT (?=IN|EXISTS)": ""}  # fmt: skip
# Their texts are for people and the log; tests compare what is answered.
_REASONS = {"NotProved", "BadRequest", "ValueError"}
_TYPES = {"TypeVar", "ParamSpec"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Change:
    """One place, and what becomes of it."""

    number: int
    kind: str
    line: int
    function: int | None  # the line of the outermost function around it; None: done at import


@dataclass(frozen=True, slots=True)
class _Site:
    node: ast.AST
    kind: str
    at: int = 0  # which of several in this node
    function: Function | None = None


def changes(source: str) -> list[Change]:
    """List what can be changed in a module."""
    return [
        Change(
            number,
            site.kind,
            _line(site.node),
            first_line(site.function) if site.function else None,
        )
        for number, site in enumerate(_sites(ast.parse(source)))
    ]


def changed(source: str, number: int) -> ast.Module:
    """Make one change."""
    tree = ast.parse(source)
    site = list(_sites(tree))[number]
    _Put(site).visit(tree)
    return ast.fix_missing_locations(tree)


def first_line(function: Function) -> int:
    """Give the line at which the code object of a function begins: that of its first decorator."""
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _line(node: ast.AST) -> int:
    inner = node.value if isinstance(node, ast.keyword) else node
    return int(getattr(inner, "lineno", 0))


def _sites(tree: ast.Module) -> Iterator[_Site]:
    inside = _functions(tree)
    left_out = {id(each) for each in _left_out(tree)}
    for node in ast.walk(tree):
        if id(node) not in left_out:
            for kind, at in _kinds(node):
                yield _Site(node, kind, at, inside.get(id(node)))


def _functions(tree: ast.Module) -> dict[int, Function]:
    """Find which outermost function holds a node in its body; defaults and decorators are done at import."""
    found: dict[int, Function] = {}
    for function in ast.walk(tree):
        if isinstance(function, Function) and id(function) not in found:
            for statement in function.body:
                found.update((id(each), function) for each in ast.walk(statement))
    return found


def _left_out(tree: ast.Module) -> Iterator[ast.AST]:
    """Find docstrings, decorators, types, and reasons that nobody is answered with."""
    for node in ast.walk(tree):
        for part in _parts_left_out(node):
            if part is not None:
                yield from ast.walk(part)


def _parts_left_out(node: ast.AST) -> Iterator[ast.AST | None]:
    if isinstance(node, ast.Module | ast.ClassDef | Function):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first
    if isinstance(node, ast.ClassDef | Function):
        yield from node.decorator_list
    if isinstance(node, Function):
        yield node.returns
    elif isinstance(node, ast.arg | ast.AnnAssign):
        yield node.annotation
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in _REASONS | _TYPES:
        yield from node.args


def _kinds(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Name what can be done to a node."""
    if isinstance(node, ast.Compare):
        yield from (("compare", at) for at, each in enumerate(node.ops) if type(each) in _OTHER)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node.value)
    else:
        yield from ((kind, 0) for kind, fits in _FITS.items() if fits(node))


def _of_constant(value: object) -> Iterator[tuple[str, int]]:
    if isinstance(value, bool):
        yield "flip", 0
    elif isinstance(value, int):
        yield "one more", 0
    elif isinstance(value, str) and _SQL.match(value):
        yield from (("sql", at) for at in range(len(_in_sql(value))))
    elif isinstance(value, bytes) or (isinstance(value, str) and value.isascii()):
        yield "text", 0  # Japanese is for people


def _in_sql(statement: str) -> list[str]:
    """Give the statements that a statement can become."""
    return [
        statement[: found.start()] + other + statement[found.end() :]
        for pattern, other in _IN_SQL.items()
        for found in re.finditer(pattern, statement)
    ]


def _raises(node: Any) -> bool:
    return isinstance(node, ast.Raise) and node.exc is not None


def _returns(node: Any) -> bool:
    return isinstance(node, ast.Return) and getattr(node.value, "value", node.value) is not None


_FITS: dict[str, Callable[[Any], bool]] = {
    "and/or": lambda node: isinstance(node, ast.BoolOp),
    "without not": lambda node: isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not),
    "no raise": _raises,
    "return None": _returns,
    "arithmetic": lambda node: isinstance(node, ast.BinOp) and type(node.op) in _OTHER,
    "no call": lambda node: isinstance(node, ast.Expr),
    "condition": lambda node: (
        isinstance(node, ast.If | ast.IfExp) and not isinstance(node.test, ast.Compare)
    ),
    "argument None": lambda node: (
        isinstance(node, ast.keyword) and not isinstance(node.value, ast.Constant)
    ),
}


class _Put(ast.NodeTransformer):
    def __init__(self, site: _Site) -> None:
        self.site = site

    def visit(self, node: ast.AST) -> Any:
        if node is not self.site.node:
            return self.generic_visit(node)
        return ast.copy_location(self._instead(node), node)

    def _instead(self, node: Any) -> Any:
        match self.site.kind:
            case "without not":
                return ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
            case "no raise" | "no call":
                return ast.Pass()
            case "condition":
                node.test = ast.UnaryOp(ast.Not(), node.test)
            case "return None" | "argument None":
                node.value = ast.Constant(None)
            case "compare":
                node.ops[self.site.at] = _OTHER[type(node.ops[self.site.at])]()
            case "and/or" | "arithmetic":
                node.op = _OTHER[type(node.op)]()
            case _:
                node.value = self._value(node.value)
        return node

    def _value(self, value: Any) -> object:
        match self.site.kind:
            case "flip":
                return not value
            case "one more":
                return value + 1
            case "sql":
                return _in_sql(value)[self.site.at]
        return b"XX" + value if isinstance(value, bytes) else f"XX{value}"
