"""make restore-drill: a server is lost with its disk, and put back from a base backup and the archived WAL.

Everything by the shipped scripts; it fails when anything acknowledged before the last archived file is missing.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.waiting import until
from tests.support.process import Installation
from tools.cluster.postgresql import ROLES, Pair
from web.demo.personas import COMPANY, INDIVIDUAL

ARCHIVED = "SELECT count(*) FROM pg_stat_archiver WHERE last_archived_wal >= '{file}'"


class Drill:
    """One server, its archive, its backup."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self._pair = Pair(folder / "postgresql")
        self._server = self._pair.primary
        self._begun = time.monotonic()
        self._node = Installation(folder, "smtp://127.0.0.1:9")
        self._node.environ["MYPAGE_DATABASE_URL"] = self._pair.url()
        self._owner = Installation(folder, "")
        self._owner.environ |= {
            **self._node.environ,
            "MYPAGE_DATABASE_URL": self._pair.url(ROLES[1]),
        }

    def say(self, what: str) -> None:
        """Print a line."""
        print(f"{time.monotonic() - self._begun:6.1f} s  {what}")

    def run(self) -> None:
        """Do it all. Raises RuntimeError."""
        archive = self._server.archives()
        self._pair.create_primary()
        self._done(self._owner, "init-db")
        self._node.create_account(COMPANY)
        served = self._node.serve()
        backup = self._server.base_backup()
        self.say("base backup made and verified")
        self._node.create_account(INDIVIDUAL)
        before = self._done(self._node, "audit", "verify")
        file = self._server.ask("SELECT pg_walfile_name(pg_switch_wal())")
        if not until(lambda: self._server.ask(ARCHIVED.format(file=file)) == "1"):
            raise RuntimeError("the WAL is not archived")
        self.say(f"an account made after it; WAL archived up to {file}")
        served.kill()
        self._server.kill()
        shutil.rmtree(self._server.data)
        self.say("server killed, its data removed")
        self._server.put_back(backup, archive)
        until(lambda: self._server.ask("SELECT pg_is_in_recovery()") == "f")
        self.say("put back, takes writes")
        after = self._done(self._node, "audit", "verify")
        if after != before:
            raise RuntimeError(f"audit trail: {before} before, {after} after")
        for person in (COMPANY, INDIVIDUAL):
            self._done(self._node, "accounts", "show", person.account.payment_user_id)
        self.say(f"both accounts there, audit trail {after}")
        refused = self._node.command("serve")
        if refused.returncode == 0:
            raise RuntimeError("serve does not notice that it was put back")
        self.say(f"serve refuses: {refused.stderr.strip()}")
        self.say(self._done(self._node, "rest"))
        self._node.serve().stop()
        self.say("a node serves, and stops")

    def _done(self, where: Installation, *words: str) -> str:
        done = where.command(*words)
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def end(self) -> None:
        """Stop it."""
        self._pair.stop()


def main() -> int:
    """Do it in a folder that is removed."""
    folder = Path(tempfile.mkdtemp(prefix="mypage-drill-"))
    drill = Drill(folder)
    try:
        drill.run()
    except (RuntimeError, subprocess.SubprocessError) as wrong:
        print(f"tools.cluster.drill: {wrong}", file=sys.stderr)
        return 1
    finally:
        drill.end()
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
