"""Every SQL statement: it fits the schema, is one, is portable, and nobody glues it together."""

import ast
import importlib
import pkgutil
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.unit.parts import ROOT, WEB
from web import paths, store

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "DROP", "CREATE", "ANALYZE")
LOOKS_LIKE_SQL = re.compile(
    r"\b(?:SELECT\s.*\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|WHERE\s+\w+\s*(?:=|IN|<|>)"
    r"|ORDER\s+BY|VALUES\s*\()",
    re.DOTALL,
)
NAME = re.compile(r":([a-z_]+)")
TEXT = re.compile(r"'[^']*'")
NOT_PORTABLE = re.compile(
    r"\b(?:rowid|_rowid_|oid|last_insert_rowid|INSERT\s+OR|UPDATE\s+OR|REPLACE\s+INTO|datetime|"
    r"strftime|julianday|unixepoch|CURRENT_TIMESTAMP|CURRENT_DATE|NOCASE|GLOB|PRAGMA|x(?='))\b",
    re.IGNORECASE,
)
EVERYTHING = re.compile(r"(?:SELECT|RETURNING|,)\s+(?:\w+\.)?\*", re.IGNORECASE)
RUNNERS = frozenset({"one", "all", "run", "many", "each"})


def constants() -> dict[str, str]:
    """Collect the SQL constants of web/store by module and name."""
    found = {}
    for module in pkgutil.iter_modules(store.__path__):
        content = vars(importlib.import_module(f"web.store.{module.name}"))
        for name, value in content.items():
            if name.isupper() and isinstance(value, str):
                found[f"{module.name}.{name}"] = value
    return found


SQL = constants()


@pytest.mark.parametrize("name", SQL)
def test_no_statement_holds_words_of_a_screen(name: str) -> None:
    """Words stand in Python, once, where a reader looks for them."""
    assert SQL[name].isascii()


@pytest.fixture(scope="module")
def schema() -> Iterator[sqlite3.Connection]:
    """Make the schema in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(paths.SCHEMA.read_text(encoding="utf-8"))
        yield connection


def test_the_sweep_finds_the_statements() -> None:
    """A sweep over nothing would pass for ever."""
    assert len(SQL) > 40
    assert all(sql.split()[0] in VERBS for sql in SQL.values())


@pytest.mark.parametrize("sql", SQL.values(), ids=SQL)
def test_a_statement_fits_the_schema(sql: str, schema: sqlite3.Connection) -> None:
    """SQLite compiles it with nothing bound but its own names."""
    schema.execute(f"EXPLAIN {sql}", dict.fromkeys(NAME.findall(sql)))


def those(wrong: Callable[[str], object]) -> list[str]:
    """Name the statements of which something is true."""
    return [name for name, sql in SQL.items() if wrong(sql)]


def test_a_constant_holds_one_statement() -> None:
    """No second statement hides behind a semicolon, none in a comment."""
    assert those(re.compile(r";|--|/\*").search) == []


def test_a_statement_names_its_columns() -> None:
    """A column added to a table must not change what a row holds."""
    assert those(EVERYTHING.search) == []


def test_a_statement_names_its_parameters() -> None:
    """No value is bound by its position, or by a notation that another database lacks."""
    assert those(lambda sql: re.search(r"[?@$%]|::", TEXT.sub("''", sql))) == []


def test_a_statement_would_run_on_postgresql() -> None:
    """Nothing that only SQLite has: row ids, INSERT OR, its clock."""
    assert those(NOT_PORTABLE.search) == []


def test_a_statement_changes_only_what_it_names() -> None:
    """Every UPDATE and DELETE says which rows."""
    whole_table = re.compile(r"\s*(?:UPDATE|DELETE)\b(?!.*\bWHERE\b)", re.DOTALL)
    assert those(whole_table.match) == []


def test_every_statement_is_run_by_somebody() -> None:
    """No statement outlives the function it stood beside."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in WEB.rglob("*.py"))
    times = Counter(re.findall(r"\w+", source))
    unused = [name for name in SQL if times[name.partition(".")[2]] < 2]
    assert unused == []


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Parse every module of the product."""
    for path in sorted(WEB.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def glued(node: ast.AST) -> bool:
    """Tell whether an expression makes a text out of pieces: f"", %, +, format, join."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod | ast.Add)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "format_map", "join", "replace"}
    return isinstance(node, ast.JoinedStr)


def pieces(node: ast.AST) -> str:
    """Give the fixed texts inside an expression."""
    return " ".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def test_nobody_glues_a_statement_together() -> None:
    """A value can only be bound, never written into SQL."""
    found = [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if glued(node) and LOOKS_LIKE_SQL.search(pieces(node))
    ]
    assert found == []


def test_a_transaction_runs_nothing_but_constants() -> None:
    """Whoever holds a Tx gives it an upper-case name, so the sweeps above have seen the SQL."""
    wrong = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if ast.unparse(node.func.value) in {"tx", "reads"} and node.func.attr in RUNNERS:
                constant = node.args[0]
                if isinstance(constant, ast.Subscript):  # one of a table of constants
                    constant = constant.value
                given = ast.unparse(constant).rpartition(".")[2]
                if not (given.isupper() and isinstance(constant, ast.Name | ast.Attribute)):
                    wrong.append(f"{path}:{node.lineno}: {given}")
    assert wrong == []


def test_statements_live_in_the_store_alone() -> None:
    """Features, pages and the command line hold no SQL."""
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        if path.parts[:2] not in {("web", "store"), ("web", "database")}
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and LOOKS_LIKE_SQL.search(str(node.value))
    ]
    assert found == []
