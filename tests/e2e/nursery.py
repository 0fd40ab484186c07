"""What the servers of the journeys are forked from: what they have in common is imported and read, and kept what one compiled."""

import gc
import os
import runpy
import sys
import tempfile
from functools import partialmethod
from importlib import import_module
from pathlib import Path

import argon2
from jinja2 import FileSystemBytecodeCache

from web.banks.directory import banks
from web.http.compiling import Globals
from web.security import passwords

# Before anything takes them for a default: 24 hashes at each start would be a third of it.
passwords.PARAMETERS = argon2.profiles.CHEAPEST
for _name in ("web.cli", "web.demo.run"):
    import_module(_name)  # for those that are forked
banks()
# Each would otherwise look through all of it once more, and copy it by that.
gc.collect()
gc.freeze()

_FOLDER = tempfile.TemporaryDirectory()
_COMPILED = FileSystemBytecodeCache(_FOLDER.name)


def serve(words: list[str], folder: Path, log: Path) -> None:
    """Be `python -m web` with these words in a folder, without any setting of the product around it."""
    with log.open("ab") as output:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output.fileno(), stream.fileno())
    for name in [name for name in os.environ if name.startswith("MYPAGE_")]:
        del os.environ[name]
    os.chdir(folder)
    kept = partialmethod(Globals.__init__, bytecode_cache=_COMPILED)
    setattr(Globals, "__init__", kept)  # noqa: B010 mypy would not let a method be assigned
    sys.argv = ["mypage", *words]
    runpy.run_module("web", run_name="__main__", alter_sys=True)
