"""Putting a change into a process: into functions that are there, or into a module before it is imported."""

import functools
import gc
import importlib.abc
import importlib.util
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

from tools.mutation.changes import changed

ROOT = Path(__file__).parents[2]
PLANTED = "MUTATION_PLANTED"  # file and number, for a process that is to import the change


_Cached = type(functools.cache(lambda: None))


def code_of(file: str, number: int) -> CodeType:
    """Compile a module with one change."""
    path = ROOT / file
    return compile(changed(path.read_text(encoding="utf-8"), number), str(path), "exec")


def into_functions(file: str, number: int, files: frozenset[str]) -> bool:
    """Give the functions that are loaded the changed code, and forget what those of `files` keep; False if one does not fit."""
    path = str(ROOT / file)
    new = {(each.co_qualname, each.co_firstlineno): each for each in _codes(code_of(file, number))}
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            code = new.get((each.__code__.co_qualname, each.__code__.co_firstlineno))
            if code is None or code.co_freevars != each.__code__.co_freevars:
                return False
            each.__code__ = code
        elif isinstance(each, _Cached) and _file_of(each) in files:
            each.cache_clear()
    return True


def _file_of(cached: object) -> str:
    code = getattr(getattr(cached, "__wrapped__", None), "__code__", None)
    return code.co_filename.removeprefix(f"{ROOT}/") if code else ""


def _codes(code: CodeType) -> list[CodeType]:
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    return inner + [each for one in inner for each in _codes(one)]


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, file: str, number: int) -> None:
        self.file, self.number = file, number
        self.name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / self.file, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(code_of(self.file, self.number), module.__dict__)  # noqa: S102 our own code, with one change


if PLANTED in os.environ:  # pytest -p tools.mutation.planting
    _file, _, _number = os.environ[PLANTED].partition(":")
    sys.meta_path.insert(0, _Planted(_file, int(_number)))
