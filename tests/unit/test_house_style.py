"""Sizes, docstrings and the places of things, as docs/architecture.md and CONTRIBUTING.md set them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.unit.parts import ROOT, WEB

MODULES = sorted(WEB.rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
OURS = [
    *MODULES,
    *TEMPLATES,
    *sorted((ROOT / "static").glob("*.*")),
    *sorted((ROOT / "db").rglob("*.sql")),
    ROOT / "Makefile",
]
LONGEST_MODULE = 250
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 80
Function = ast.FunctionDef | ast.AsyncFunctionDef

# A docstring commands: "Give the …", not "Gives …", "Giving …" or "The …".
SCREENS = re.compile(r"^[A-Z]\d(?:, [A-Z]\d)*: ")
NOT_A_COMMAND = re.compile(
    r"(?!Bring)(?:The|An?|This|It|Whether|Helper|Function|Method|[A-Z][a-z]+(?:ing|[^s]s))\b"
)


def is_command(line: str) -> bool:
    """Tell whether a docstring's first line says what to do."""
    return NOT_A_COMMAND.match(SCREENS.sub("", line)) is None


def named(path: Path) -> str:
    """Give a file's name in the repository."""
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def tree(path: Path) -> ast.Module:
    """Parse a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def places(path: Path, *forbidden: str) -> Iterator[str]:
    """Find where a module uses a name such as `os.environ`, or imports it by itself."""
    last = {name.rpartition(".")[2] for name in forbidden}
    if not any(name in path.read_text(encoding="utf-8") for name in last):
        return
    for node in ast.walk(tree(path)):
        used = set()
        if isinstance(node, ast.Attribute) and node.attr in last:
            used = {ast.unparse(node)}
        elif isinstance(node, ast.ImportFrom):
            used = {f"{node.module}.{alias.name}" for alias in node.names}
        for name in used.intersection(forbidden):
            yield f"{named(path)}:{getattr(node, 'lineno', 0)}: {name}"


def test_no_module_is_longer_than_250_lines() -> None:
    """Nobody has to scroll for long."""
    assert {named(path): n for path in MODULES if (n := lines(path)) > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    """A function fits on a screen."""
    too_long = {
        f"{named(path)}:{node.name}": length
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, Function)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_no_template_is_longer_than_80_lines() -> None:
    """A template fits on a screen, nearly."""
    assert {named(path): n for path in TEMPLATES if (n := lines(path)) > LONGEST_TEMPLATE} == {}


def test_only_the_settings_read_the_environment() -> None:
    """`mypage settings` can name everything an operator may set, because nothing else reads."""
    found = [
        place
        for path in MODULES
        if named(path) != "web/settings.py"
        for place in places(path, "os.environ", "os.getenv", "os.environb")
    ]
    assert found == []


def test_only_the_clock_reads_the_time_of_day() -> None:
    """Tests can freeze the time, because it comes from one place."""
    asked = ("datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now",
             "date.today", "datetime.date.today", "time.time", "time.time_ns")  # fmt: skip
    found = [
        place for path in MODULES if named(path) != "web/clock.py" for place in places(path, *asked)
    ]
    assert found == []


def test_no_cookie_is_read_but_by_web_http_client() -> None:
    """`request.cookies` and http.cookies unquote what a stranger sent, in quadratic time."""
    found = [
        f"{named(path)}:{getattr(node, 'lineno', 0)}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in {"cookies", "SimpleCookie"})
        or (
            isinstance(node, ast.Import) and any(each.name == "http.cookies" for each in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and node.module == "http.cookies")
        or (isinstance(node, ast.alias) and node.name == "cookie_parser")
    ]
    assert found == []


def test_only_web_networks_reads_addresses() -> None:
    """Two readers would differ on ports, brackets or ::ffff:a.b.c.d."""
    readers = [
        named(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.alias) and node.name in {"ipaddress", "ip_address", "ip_network"}
    ]
    assert readers == ["web/networks.py"]


def test_only_the_http_layer_speaks_htmx() -> None:
    """No feature writes an HX-… header; it calls web/http/htmx.py."""
    found = {
        named(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and re.match("hx-", str(node.value), re.IGNORECASE)
    }
    assert {path for path in found if not path.startswith("web/http/")} == set()


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """Find the public functions, classes and methods."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def test_every_module_says_what_lives_in_it() -> None:
    """A module begins with a sentence."""
    said = {path: ast.get_docstring(tree(path)) or "" for path in MODULES}
    wrong = [named(path) for path, text in said.items() if not text.endswith((".", "?"))]
    assert wrong == []


def test_everything_public_says_what_it_does() -> None:
    """A public function's first line is a command, a class's a sentence; both end in a period."""
    wrong = []
    for path in MODULES:
        for node in public(tree(path).body):
            first = (ast.get_docstring(node) or "").partition("\n")[0]
            is_class = isinstance(node, ast.ClassDef)
            if not first.endswith(".") or not (is_class or is_command(first)):
                wrong.append(f"{named(path)}: {node.name}: {first!r}")
    assert wrong == []


def test_nothing_is_left_for_later_without_a_name() -> None:
    """No promise lives in a comment; promises are issues."""
    promise = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    assert [named(path) for path in OURS if promise.search(path.read_text("utf-8"))] == []


def test_no_test_is_skipped() -> None:
    """What cannot be run is left out of a collection, counted and named: tests/e2e/engines/limits.py."""
    ways = ("pytest.skip", "pytest.xfail", "pytest.importorskip", "unittest.skip")
    marks = [f"pytest.mark.{each}" for each in ("skip", "skipif", "xfail")]
    tests = sorted((ROOT / "tests").rglob("*.py"))
    assert [place for path in tests for place in places(path, *ways, *marks)] == []


def test_journeys_go_back_by_one_way() -> None:
    """A second Back would cut off the reload of the first: tests/e2e/travel.py waits for it."""
    pressed = re.compile(r"\.go_(?:back|forward)\b")
    journeys = sorted((ROOT / "tests/e2e").glob("*.py"))
    found = [path.name for path in journeys if pressed.search(path.read_text("utf-8"))]
    assert found == ["travel.py"]
