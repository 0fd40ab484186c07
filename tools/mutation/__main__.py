"""Judge a set of modules, or what is left of it; print what no test noticed."""

import json
import os
import sys
import tomllib
from collections import Counter
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tools.mutation.changes import Change, changes
from tools.mutation.judge import Judge, Judged
from tools.mutation.planting import ROOT

SETS = Path(__file__).with_name("sets.toml")


def of_set(name: str, what: str) -> list[str]:
    """List the files of a set: its modules or its tests."""
    globs = tomllib.loads(SETS.read_text(encoding="utf-8"))[name][what]
    return [str(path.relative_to(ROOT)) for each in globs for path in sorted(ROOT.glob(each))]


class Progress:
    """What was judged before, while a module is as it was; in var/mutation, a line for each change."""

    def __init__(self, name: str) -> None:
        self.file = ROOT / "var" / "mutation" / f"{name}.jsonl"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.touch()
        self.known: dict[tuple[str, int], bool] = {}
        for line in self.file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["digest"] == _digest(row["file"]):
                self.known[row["file"], row["number"]] = row["noticed"]

    def note(self, judged: Judged) -> None:
        """Write one down, and print what was not noticed."""
        change, number = judged.change, judged.change.number
        self.known[judged.file, number] = judged.noticed
        row = {
            "file": judged.file,
            "digest": _digest(judged.file),
            "number": number,
            "noticed": judged.noticed,
        }
        with self.file.open("a", encoding="utf-8") as file:
            file.write(
                json.dumps({**row, "kind": change.kind, "line": change.line, "by": judged.by})
                + "\n"
            )
        if not judged.noticed:
            line = (ROOT / judged.file).read_text(encoding="utf-8").splitlines()[change.line - 1]
            print(
                f"UNNOTICED {judged.file}:{change.line} {change.kind} #{number}: {line.strip()}",
                flush=True,
            )


def _digest(file: str) -> str:
    return sha256((ROOT / file).read_bytes()).hexdigest()[:16]


def main(name: str, words: list[str]) -> int:
    """Judge what no test has noticed yet: of files whose name has one of the words, or of all."""
    files = of_set(name, "modules")
    progress = Progress(name)
    todo: list[tuple[str, Change]] = []
    for file in files:
        if not words or any(word in file for word in words):
            found = changes((ROOT / file).read_text(encoding="utf-8"))
            todo += [(file, each) for each in found if not progress.known.get((file, each.number))]
    # those that were judged come last
    todo.sort(key=lambda each: (each[0], each[1].number) in progress.known)
    judge = Judge(frozenset(files), todo, progress.note, jobs=int(os.environ.get("JOBS", "2")))
    options = ["-q", "-s", "-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=failed"]
    if todo:
        # other runs of pytest on this machine remove what looks left behind in the usual folder
        with TemporaryDirectory() as folder:
            options.append(f"--basetemp={folder}/run")
            pytest.main([*options, *of_set(name, "tests")], plugins=[judge])
    return _told(files, progress)


def _told(files: list[str], progress: Progress) -> int:
    made, noticed = Counter(file for file, _ in progress.known), Counter[str]()
    noticed.update(file for (file, _), seen in progress.known.items() if seen)
    for file in files:
        print(f"{noticed[file]:5} of {made[file]:4} noticed  {file}")
    print(
        f"{noticed.total():5} of {made.total():4} noticed: {noticed.total() / max(made.total(), 1):.1%}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
