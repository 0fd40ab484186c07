"""The procedures of the manual in a browser, through the proxy of a running cluster; one node is killed meanwhile.

Usage: python -m tools.cluster.walk, after make cluster
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from tests.support.process import ROOT
from tools.cluster.__main__ import state

BEFORE = 3  # procedures that pass before a node dies in the next one
A_WHILE = 2.0  # seconds into it


def main() -> int:
    """Walk; give pytest's exit code."""
    found = state()
    if not found:
        print("tools.cluster.walk: no cluster runs; make cluster starts one", file=sys.stderr)
        return 1
    tests = subprocess.Popen(
        [
            sys.executable, "-m", "pytest", "-v", "--color=no", "-p", "no:cacheprovider",
            "tests/e2e/test_procedures.py", "-k", "test_every_step",
            "--base-url", found["url"], "--personas", Path(found["folder"]) / "personas.ini",
        ],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    passed = 0
    for line in tests.stdout or ():
        print(line, end="", flush=True)
        if " PASSED " in line:
            passed += 1
            if passed == BEFORE:
                threading.Timer(A_WHILE, _kill, [found["nodes"][0]]).start()
    return tests.wait()


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    print(f"kill -9 {pid}: one node of two", flush=True)


if __name__ == "__main__":
    sys.exit(main())
