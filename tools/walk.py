"""Shows which modules a POST passes, for two presses of a button: ログイン and 次へ (利用者情報変更).

"read" is what a reader passes who starts at the endpoint and follows every call of a function by its
name, but for what another button or method leads to; methods of objects, and functions that are handed
over to be called in a transaction, are not followed.
"run" is what the real application passes, with methods, transactions and middleware. When "read" falls
and "run" does not, calls were hidden and not saved.
In both, a function counts at its first call. Printed are the modules in order, how many there are, the
steps up (to a module of a higher layer of the import rule in pyproject.toml: by a call, or because a
caller goes on with another call) and the returns (to the module that was left one step before).
"""

import ast
import asyncio
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextvars import ContextVar
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

import httpx

from tests.conftest import log_in
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import visit
from tests.support.product import running

ROOT = Path(__file__).parents[1]
TABLE = "web.routes"
JOURNEYS = {"ログイン": "/useridmg/login", "次へ": "/useridmg/profile/edit"}
OTHER_WAYS = {"request.method != 'POST'", "given[PASSKEY.name]"}
MOMENT = 1_767_575_285.0
CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = [each.split(" | ") for each in CONTRACT["tool"]["importlinter"]["contracts"][0]["layers"]]

Function = tuple[str, str]  # module and name
Call = tuple[str, Function]  # the caller's module, and what is called


def height(module: str) -> int:
    """Give how high the layer of a module lies."""
    for depth, layer in enumerate(LAYERS):
        if any(module == each or module.startswith(f"{each}.") for each in layer):
            return -depth
    raise ValueError(f"{module} is in no layer")


def path_of(calls: list[Call]) -> list[str]:
    """Give the modules in order; each function counts at its first call."""
    path: list[str] = []
    seen: set[Function] = set()
    for caller, called in calls:
        if called not in seen:
            seen.add(called)
            path += [caller, called[0]]
    return [module for before, module in pairwise(["", *path]) if module != before]


def show(title: str, calls: list[Call]) -> None:
    """Print a path and its figures."""
    path = path_of(calls)
    up = sum(height(after) > height(before) for before, after in pairwise(path))
    returns = sum(before == after for before, after in zip(path, path[2:], strict=False))
    print(f"{title}: {len(set(path))} modules, {up} up, {returns} returns")
    print("   ", " → ".join(module.removeprefix("web.") for module in path))


@lru_cache
def source(module: str) -> ast.Module | None:
    """Read a module of ours."""
    path = ROOT / module.replace(".", "/")
    file = next(
        (each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()), None
    )
    return ast.parse(file.read_text(encoding="utf-8")) if file else None


@lru_cache
def names(module: str) -> dict[str, Any]:
    """Give what the names of a module stand for: a function's tree, or where it is imported from."""
    tree, known = source(module), dict[str, Any]()
    for node in tree.body if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            known[node.name] = node
        elif isinstance(node, ast.ImportFrom) and str(node.module).startswith("web"):
            known |= {each.asname or each.name: (node.module, each.name) for each in node.names}
    return known


def find(module: str, called: ast.expr) -> Function | None:
    """Find the function that `name` or `module.name` stands for."""
    match called:
        case ast.Name(id=name):
            found = names(module).get(name)
            if isinstance(found, tuple):
                return find(found[0], ast.Name(found[1]))
            return (module, name) if found else None
        case ast.Attribute(value=ast.Name(id=alias), attr=name):
            found = names(module).get(alias)
            return find(".".join(found), ast.Name(name)) if isinstance(found, tuple) else None
    return None


def endpoint(address: str) -> Function:
    """Find the endpoint of an address in the route table."""
    tree = source(TABLE)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Call):
            words = [each.value for each in node.args if isinstance(each, ast.Constant)]
            found = [one for each in node.args if (one := find(TABLE, each))]
            if address in words and found:
                return found[0]
    raise ValueError(f"no {address} in {TABLE}")


def calls_in(module: str, node: ast.AST) -> Iterator[Function]:
    """List the functions that are called by name, arguments before the call they are made for."""
    if isinstance(node, ast.If) and ast.unparse(node.test) in OTHER_WAYS:
        return
    children = list(ast.iter_child_nodes(node))
    for child in children[1:] + children[:1] if isinstance(node, ast.Call) else children:
        yield from calls_in(module, child)
    if isinstance(node, ast.Call) and (found := find(module, node.func)):
        yield found


def read(caller: str, called: Function, calls: list[Call]) -> list[Call]:
    """Follow the calls of a function, and theirs."""
    known = any(each == called for _, each in calls)
    calls.append((caller, called))
    if not known:
        for each in calls_in(called[0], names(called[0])[called[1]]):
            read(called[0], each, calls)
    return calls


class Trace:
    """Notes the calls of our functions in a request; what runs in the background has another context."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._here = ContextVar("here", default=False)
        self._frames: set[FrameType] = set()  # a coroutine that goes on is "called" again

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Take what the interpreter says."""
        if event == "call" and self._here.get() and _ours(frame) and frame not in self._frames:
            self._frames.add(frame)
            caller = frame.f_back
            while caller and not _ours(caller):
                caller = caller.f_back
            module = frame.f_globals["__name__"]
            called = (module, frame.f_code.co_qualname)
            self.calls.append((caller.f_globals["__name__"] if caller else module, called))

    async def press(
        self, browser: httpx.AsyncClient, address: str, form: dict[str, str]
    ) -> list[Call]:
        """Post a form and give the calls."""
        self._here.set(True)
        sys.setprofile(self)
        try:
            answer = await browser.post(address, data=form)
        finally:
            sys.setprofile(None)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise ValueError(f"{address} answered {answer.status_code}")
        return self.calls


def _ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).partition(".")[0] == "web"


async def run(folder: Path, post: PostOffice) -> dict[str, list[Call]]:
    """Walk both journeys in the real application, on a device that has logged in before."""
    async with running(folder, post) as product, product.browser() as browser:
        await log_in(browser, ALICE)
        login = {"user_id": ALICE.account.payment_user_id, "password": ALICE.payment_password}
        entered = await Trace().press(browser, JOURNEYS["ログイン"], login)
        page = await visit(browser, JOURNEYS["次へ"])
        going_on = await Trace().press(browser, page.action("次へ"), page.fields(JOURNEYS["次へ"]))
    return {"ログイン": entered, "次へ": going_on}


def main() -> None:
    """Print both walks."""
    post = PostOffice()
    post.start()
    # the time stands still: a second that passes leads past what is kept for each second
    with tempfile.TemporaryDirectory() as folder, patch("time.time", lambda: MOMENT):
        passed = asyncio.run(run(Path(folder), post))
    post.stop()
    for journey, address in JOURNEYS.items():
        start = endpoint(address)
        show(f"{journey}, read", read(start[0], start, []))
        show(f"{journey}, run", passed[journey])


if __name__ == "__main__":
    main()
