"""Break the product on purpose, one fault at a time, and see that the test against it fails (`make breaks`)."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tools" / "breaks.toml"
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "var", "screenshots", "node_modules")
RED = 1  # what pytest returns when a test fails; anything else says that it was not run


@dataclass(frozen=True, slots=True)
class Break:
    """A fault, how to put it in, and the test that must notice."""

    fault: str
    file: str
    was: str
    becomes: str
    test: str
    engine: str = ""  # of the browser, where one engine alone shows it

    def of(self, text: str) -> str:
        """Put it into the text of its file. Raises ValueError when it fits nowhere, or twice."""
        if text.count(self.was) != 1:
            raise ValueError(f"{self.file}: {text.count(self.was)} times: {self.was}")
        return text.replace(self.was, self.becomes)


def all_of_them() -> list[Break]:
    """Read the list."""
    found = tomllib.loads(LIST.read_text(encoding="utf-8"))
    return [Break(**each) for each in found["break"]]


def tried(wanted: list[Break]) -> Iterator[tuple[Break, bool]]:
    """Put each into a copy, run its test, and take it out again; tell whether the test has failed."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        for each in wanted:
            file = copy / each.file
            sound = file.read_text(encoding="utf-8")
            file.write_text(each.of(sound), encoding="utf-8")
            yield each, _fails(copy, each)
            file.write_text(sound, encoding="utf-8")


def _fails(copy: Path, each: Break) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", each.test]
    command += [f"--browser-engine={each.engine}"] if each.engine else []
    command += ["--engine=postgresql"] if each.test.startswith("tests/postgresql/") else []
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False)
    return done.returncode == RED


def main(words: list[str]) -> int:
    """Try those whose fault, file or test has one of the words, or all; print what became of each."""
    wanted = [
        each for each in all_of_them() if not words or any(word in str(each) for word in words)
    ]
    unnoticed = 0
    for each, noticed in tried(wanted):
        unnoticed += not noticed
        print(f"{'red' if noticed else 'GREEN':5} {each.fault}\n      {each.test}", flush=True)
    print(f"{len(wanted)} breaks, {unnoticed} unnoticed")
    return 1 if unnoticed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
