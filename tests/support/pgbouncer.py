"""PgBouncer in front of a server of the tests, with the shipped configuration."""

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.waiting import until
from tests.ports import free_port
from tests.support.postgresql import ROOT, SUPERUSER
from tools.cluster.postgresql import ROLES, SHIPPED, Pair


class PgBouncer:
    """A pool of so many connections, by transaction or by session."""

    def __init__(self, folder: Path, pair: Pair, **others: str | int) -> None:
        subprocess.run([ROOT / "tools" / "install-pgbouncer"], check=True)
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._passfile = pair.passfile
        certificates = pair.passfile.parent / "certificates"
        here = {
            "host=db1.example.jp port=5432": f"host=127.0.0.1 port={pair.primary.port}",
            "listen_port = 6432": f"listen_port = {self.port}",
            "/etc/pgbouncer/users": f"{folder}/users",
            "/etc/pgbouncer/ca.pem": f"{certificates}/ca.pem",
            "pool_mode = transaction": f"pool_mode = {others.pop('pool_mode', 'transaction')}",
            "default_pool_size = 40": f"default_pool_size = {others.pop('default_pool_size', 40)}",
        }
        text = (SHIPPED / "pgbouncer.ini").read_text(encoding="utf-8")
        for shipped, ours in here.items():
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        text += "".join(f"{name} = {value}\n" for name, value in others.items())
        self._written("pgbouncer.ini", text)
        words = dict(
            line.split(":")[3:] for line in pair.passfile.read_text(encoding="utf-8").splitlines()
        )
        self._written("users", "".join(f'"{role}" "{words[role]}"\n' for role in ROLES))

    def _written(self, name: str, text: str) -> None:
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        if os.geteuid() == 0:
            shutil.chown(path, SUPERUSER, SUPERUSER)

    def url(self, role: str = ROLES[0], *, pooled: bool = True) -> str:
        """Give the address of the database by way of it."""
        more = "&statement_cache_size=0" if pooled else ""
        return f"postgresql://{role}@127.0.0.1:{self.port}/mypage?passfile={self._passfile}{more}"

    def start(self) -> None:
        """Start it, as somebody other than root, and wait until it listens."""
        other: dict[str, Any] = {}
        if os.geteuid() == 0:
            other = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []}
        program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
        with (self._folder / "log").open("ab") as log:
            self._process = process = subprocess.Popen(
                [str(program), str(self._folder / "pgbouncer.ini")],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **other,
            )  # fmt: skip
        assert until(lambda: process.poll() is not None or self._listens())
        assert process.poll() is None, (self._folder / "log").read_text(encoding="utf-8")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """Kill it, as a machine that is gone would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
