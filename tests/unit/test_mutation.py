"""`make mutation`: what it changes, and that the change is what runs."""

import ast
import subprocess
import sys
import tomllib

import pytest

from tests.unit.parts import ROOT
from tools.mutation.__main__ import SETS, of_set
from tools.mutation.changes import changed, changes

CHANGED: dict[str, list[str]] = {
    "x = a < b": ["x = a <= b"],
    "x = a < b <= c": ["x = a <= b <= c", "x = a < b < c"],
    "x = a in b and not c": [
        "x = a in b or not c", "x = a not in b and (not c)", "x = a in b and bool(c)",
    ],
    "f(True, 3)": ["pass", "f(False, 3)", "f(True, 4)"],
    "x = f(key=a)": ["x = f(key=None)"],
    "x = 'ab' + b'c'": ["x = 'ab' - b'c'", "x = 'XXab' + b'c'", "x = 'ab' + b'XXc'"],
    "x = a if b else c": ["x = a if not b else c"],
    "if a:\n    raise B": ["if not a:\n    raise B", "if a:\n    pass"],
    "def f():\n    return a": ["def f():\n    return None"],
    "x = 'SELECT 1 WHERE a < :b AND c IS NULL'": [
        "x = 'SELECT 1 WHERE a < :b OR c IS NULL'",
        "x = 'SELECT 1 WHERE a <= :b AND c IS NULL'",
        "x = 'SELECT 1 WHERE a < :b AND c IS NOT NULL'",
    ],
    # what is for people, for the reader, or for mypy
    "x = '確認コード'": [],
    "def f(a: 'str' = b) -> 'int':\n    '''Give it.'''\n    return None": [],
    "@dataclass(frozen=True)\nclass A:\n    '''Be it.'''\n    a: 'B'": [],
    "T = TypeVar('T')": [],
    "raise NotProved('no such thing')": ["pass"],
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CHANGED.items())
def test_one_place_is_changed_at_a_time(source: str, expected: list[str]) -> None:
    """Every place once; nothing else is touched."""
    made = [ast.unparse(changed(source, each.number)) for each in changes(source)]
    assert made == [ast.unparse(ast.parse(each)) for each in expected]


def test_a_change_knows_the_function_that_it_is_in() -> None:
    """The outermost; defaults and decorators are done at import."""
    source = "@deco(1)\ndef f(a=2):\n    def g(b=3):\n        return b + 4\n    return g\nx = 5"
    where = {(each.line, each.function) for each in changes(source)}
    assert where == {(2, None), (3, 1), (4, 1), (5, 1), (6, None)}


@pytest.mark.parametrize("what", ["modules", "tests"])
@pytest.mark.parametrize("name", ["factors", "passwords"])
def test_every_line_of_a_set_finds_a_file(name: str, what: str) -> None:
    """Else a module that was renamed would never be judged again."""
    for line in tomllib.loads(SETS.read_text(encoding="utf-8"))[name][what]:
        assert list(ROOT.glob(line)), line
    found = of_set(name, what)
    assert len(found) == len(set(found))


def test_a_planted_change_is_what_everybody_calls() -> None:
    """Also who has imported the function before."""
    code = """
from tools.mutation import planting
from tools.mutation.changes import changes
from web.security.totp import step_at
file = "web/security/totp.py"
found = changes((planting.ROOT / file).read_text(encoding="utf-8"))
line = step_at.__code__.co_firstlineno
change = next(each for each in found if each.kind == "arithmetic" and each.function == line)
before = step_at(60)
assert planting.into_functions(file, change.number, frozenset())
print(before, step_at(60))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2", "1800"]


def test_a_fork_has_a_post_office_of_its_own() -> None:
    """Where changes are judged: its tests would wait for a thread that no fork has, and fail whatever is changed."""
    code = """
import os
from tests.support.post import PostOffice
def once():
    office = PostOffice()
    office.start()
    office.stop()
once()
pid = os.fork()
if pid == 0:
    once()
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "0\n"
