"""The procedures of the operating manual in a browser, on a demo that stands on PostgreSQL.

`python -m tests.postgresql.walk -k …` hands its words to pytest.
"""

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.e2e.server import ROOT
from tests.e2e.server import Server as Demo
from tests.support.postgresql import NoPostgreSQL, Server

STORIES = "tests/e2e/test_procedures.py"


def main(words: list[str]) -> int:
    """Start a server and a demo, walk, stop both; give the exit code of the walk."""
    try:
        server = Server()
    except NoPostgreSQL as none:
        print(none, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        held.callback(server.end)
        demo = Demo(Path(folder), "--database", server.url())
        try:
            demo.wait_until_alive()
            pytest = [sys.executable, "-m", "pytest", STORIES, "--base-url", demo.url, *words]
            return subprocess.run(pytest, cwd=ROOT, check=False).returncode
        finally:
            demo.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
