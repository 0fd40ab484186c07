"""A primary and its synchronous standby, set up by the shipped files of deploy/postgresql."""

import getpass
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.e2e.waiting import until
from tests.ports import free_port
from tests.support.postgresql import SUPERUSER, programs

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "postgresql"
ROLES = ("mypage", "mypage_owner", "mypage_replication")
ASKED_AS = ("MYPAGE_ROLE_PASSWORD", "MYPAGE_OWNER_PASSWORD", "MYPAGE_REPLICATION_PASSWORD")
HERE = """
include 'mypage.conf'
port = {port}
listen_addresses = '127.0.0.1'
ssl = on
ssl_cert_file = '{sockets}/certificates/127.0.0.1.pem'
ssl_key_file = '{sockets}/certificates/127.0.0.1-key.pem'
unix_socket_directories = '{sockets}'
"""
PSQL = ("psql", "-XAtq", "-v", "ON_ERROR_STOP=1")
CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE usename = 'mypage' AND pid <> pg_backend_pid()
"""

TOLD = 20  # lines of the log of a server that did not start


class Server:
    """One server: its data, its port, the programs run as somebody other than root."""

    def __init__(self, folder: Path, name: str) -> None:
        self._programs = (programs() / "initdb").resolve().parent  # psql is there too
        self._folder = folder
        self._shipped = folder / "shipped"
        self._name = name
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._as = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []}
        self.data = folder / name
        self.port = free_port()
        self._more = ""
        self._superuser = {
            "PGHOST": str(folder),
            "PGPORT": str(self.port),
            "PGUSER": SUPERUSER if self._as else getpass.getuser(),
        }

    def create(self) -> None:
        """Make an empty one and start it."""
        self.run("initdb", "-N", "-A", "peer", "-U", self._superuser["PGUSER"], "-E", "UTF8", "--locale=C",
                 "-D", str(self.data))  # fmt: skip
        for name in ("mypage.conf", "pg_hba.conf"):
            shutil.copy(SHIPPED / name, self.data / name)
            self._owned(self.data / name)
        self._configured()
        self.start()

    def copy(self, primary: "Server") -> None:
        """Make it a standby of another one, from a new copy, and start it.

        Unlike a real one, it does not wait until the copy is on the disk: no machine loses power here.
        """
        known = {"PGDATA": str(self.data), "PRIMARY": primary.asked_by(ROLES[2])}
        self.run(self._shipped / "copy-primary", "--no-sync", environ=known)
        self._configured()
        self.start()

    def asked_by(self, role: str) -> str:
        """Give the words by which the programs of PostgreSQL connect to it."""
        certified = f"sslmode=verify-full sslrootcert={self._folder}/certificates/ca.pem"
        passwords = f"passfile={self._folder}/passwords-of-the-standby"
        return f"host=127.0.0.1 port={self.port} user={role} {passwords} {certified}"

    def archives(self) -> Path:
        """Let it archive its WAL, once it is created; give the folder."""
        archive = self._folder / "archive"
        archive.mkdir()
        self._owned(archive)
        command = f'{self._shipped}/archive "%p" "%f" {archive}'
        self._more = f"archive_mode = on\narchive_timeout = 60\narchive_command = '{command}'\n"
        return archive

    def base_backup(self) -> Path:
        """Make a base backup and give its folder."""
        known = {"PRIMARY": self.asked_by(ROLES[2])}
        return Path(
            self.run(
                self._shipped / "base-backup", str(self._folder / "backups"), environ=known
            ).strip()
        )

    def put_back(self, backup: Path, archive: Path) -> None:
        """Make it anew from a base backup and the archive, and start it."""
        known = {"PGDATA": str(self.data)}
        self.run(self._shipped / "put-back", str(backup), str(archive), environ=known)
        self.start()

    def _configured(self) -> None:
        """Write what belongs to this server alone; initdb's own words are defaults."""
        text = HERE.format(port=self.port, sockets=self._folder) + self._more
        (self.data / "postgresql.conf").write_text(text, encoding="utf-8")
        self._owned(self.data / "postgresql.conf")

    def _owned(self, path: Path) -> None:
        if self._as:
            shutil.chown(path, SUPERUSER, SUPERUSER)

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError with the end of its log."""
        log = self._folder / f"{self._name}.log"
        try:
            self._control("start", "-l", str(log))
        except RuntimeError as failed:
            said = log.read_text(encoding="utf-8", errors="replace").splitlines()
            raise RuntimeError("\n".join([str(failed), *said[-TOLD:]])) from failed

    def stop(self, how: str = "fast") -> None:
        """Stop it, if it runs: smart, fast, or immediate as a power cut would."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", how)

    def restart_at_once(self) -> None:
        """Let it crash and recover."""
        self._control("restart", "-m", "immediate", "-l", str(self._folder / f"{self._name}.log"))

    def promote(self) -> None:
        """Make a primary of a standby."""
        self._control("promote")

    def cpu_seconds(self) -> float:
        """Give the processor time that it has used, by all its processes."""
        first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        ticks = sum(int(each) for pid in (first, *_children(first)) for each in _stat(pid)[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self) -> None:
        """End all its processes by kill -9, as the loss of a machine would."""
        first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        os.kill(first, signal.SIGSTOP)  # it would start another meanwhile
        doomed = [first, *_children(first)]
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _wait(lambda: not any(map(_lives, doomed)), "killed and still there")
        # A process that nobody has waited for yet still counts as the owner of both.
        (self.data / "postmaster.pid").unlink()
        (self._folder / f".s.PGSQL.{self.port}.lock").unlink()

    def ask(self, sql: str, database: str = "postgres") -> str:
        """Run a statement as superuser and give what psql prints."""
        return self.run(*PSQL, "-d", database, "-c", sql, environ=self._superuser).strip()

    def make_roles(self, passwords: list[str]) -> None:
        """Run the shipped script that makes database and roles."""
        known = {**self._superuser, **dict(zip(ASKED_AS, passwords, strict=True))}
        self.run(
            *PSQL,
            "-d",
            "postgres",
            "-f",
            str(self._shipped / "roles.sql"),
            environ=known,
        )

    def await_standby(self) -> None:
        """Wait until the standby follows; from then on no commit is acknowledged without it."""
        self.run(self._shipped / "await-standby", environ=self._superuser)

    def _control(self, *words: str) -> None:
        self.run("pg_ctl", "-D", str(self.data), "-w", *words)

    def run(self, program: str | Path, *words: str, environ: dict[str, str] | None = None) -> str:
        """Run one of the server's programs, or a script that does. Raises RuntimeError."""
        path = f"{self._programs}:{os.environ['PATH']}"
        out = self._folder / f"{self._name}.out"
        with out.open("w+", encoding="utf-8") as said:  # a pipe would stay open in a server
            done = subprocess.run(
                [shutil.which(program, path=path) or program, *words],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                check=False, env={**os.environ, "PATH": path, "HOME": str(self._folder), **(environ or {})}, **self._as,
            )  # fmt: skip
            said.seek(0)
            told = said.read()
        if done.returncode:
            raise RuntimeError(f"{program}: {told}")
        return told


class Pair:
    """Two servers, one of which leads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self.passfile = folder / "passwords"
        self._folder = folder
        self._passwords = [secrets.token_urlsafe(24) for _ in ROLES]
        self.primary, self.standby = (Server(folder, name) for name in ("one", "two"))
        self._ports = self.primary.port, self.standby.port
        shutil.copytree(SHIPPED, folder / "shipped")  # a checkout may be nobody else's to read
        subprocess.run([SHIPPED / "certificates", folder / "certificates", "127.0.0.1"], check=True)
        self._written("passwords-of-the-standby")
        ours = [folder, *folder.rglob("*")]
        self._written("passwords")  # for the nodes, who are somebody else
        if os.geteuid() == 0:
            for path in ours:
                shutil.chown(path, SUPERUSER, SUPERUSER)

    def _written(self, name: str) -> Path:
        path = self._folder / name
        path.touch(mode=0o600)
        lines = [
            f"*:*:*:{role}:{word}\n" for role, word in zip(ROLES, self._passwords, strict=True)
        ]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def url(self, role: str = ROLES[0]) -> str:
        """Give the address of the database on whichever server leads."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self._ports)
        certified = f"sslmode=verify-full&sslrootcert={self._folder}/certificates/ca.pem"
        return f"postgresql://{role}@{hosts}/mypage?passfile={self.passfile}&{certified}"

    def create(self) -> None:
        """Make and start both."""
        self.create_primary()
        self.add_standby()

    def create_primary(self) -> None:
        """Make and start the first, with database and roles."""
        self.primary.create()
        self.primary.make_roles(self._passwords)

    def add_standby(self) -> None:
        """Build the standby anew and let the primary wait for it with every commit."""
        self.standby.copy(self.primary)
        self.primary.await_standby()

    def fail_over(self, promotes: Callable[[], None]) -> None:
        """Kill the primary and promote the standby, which is alone until it has one of its own."""
        self.primary.kill()
        self.primary, self.standby = self.standby, self.primary
        promotes()
        self.primary.promote()

    def cut(self) -> None:
        """Cut all connections of the nodes."""
        self.primary.ask(CUT)

    def stop(self) -> None:
        """Stop both."""
        for server in (self.standby, self.primary):
            server.stop("immediate")


def _wait(probe: Callable[[], bool], otherwise: str) -> None:
    if not until(probe):
        raise RuntimeError(otherwise)


def _children(parent: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        if _stat(int(entry.name))[1:2] == [str(parent)]:
            yield int(entry.name)


def _lives(pid: int) -> bool:
    return _stat(pid)[:1] not in ([], ["Z"])


def _stat(pid: int) -> list[str]:
    """Give state, parent and so on of a process, as proc(5) lists them; nothing when it is gone."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return []
