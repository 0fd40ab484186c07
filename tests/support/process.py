"""The product as an operator runs it: `python -m web …` in a process of its own."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from web.demo.personas import Persona

ROOT = Path(__file__).parents[2]


class Installation:
    """A database, settings and the commands that work on them."""

    def __init__(self, folder: Path, smtp_url: str, *, release: Path = ROOT) -> None:
        self._release = release  # where its code lies
        self.port = free_port()
        self.base_url = f"http://localhost:{self.port}"
        self.database = folder / "mypage.sqlite3"
        self._log = folder / "server.log"
        outside = {name: at for name, at in os.environ.items() if not name.startswith("MYPAGE_")}
        self.environ = {
            **outside,
            "MYPAGE_DATABASE_URL": f"sqlite:///{self.database}",
            "MYPAGE_BASE_URL": self.base_url,
            "MYPAGE_PORT": str(self.port),
            "MYPAGE_SMTP_URL": smtp_url,
            "MYPAGE_MAIL_FROM": "notice@k-oss.keikenkyo.or.jp",
            "MYPAGE_SECRET_KEY": "a secret of the tests that is long enough",
        }

    def command(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "web", *words],
            cwd=self._release,
            env=self.environ,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def create(self, person: Persona) -> None:
        """Create the database and one account in it."""
        done = self.command("init-db")
        assert done.returncode == 0, done.stderr
        self.create_account(person)

    def create_account(self, person: Persona) -> None:
        """Create an account."""
        account, profile = person.account, person.account.profile
        options = {
            "--payment-id": account.payment_user_id,
            "--bulk-id": account.bulk_user_id,
            "--kind": profile.kind,
            "--name": profile.name,
            "--kana": profile.name_kana,
            "--representative": profile.representative,
            "--email": profile.admin_email,
        }
        words = [word for pair in options.items() for word in pair]
        typed = f"{person.payment_password}\n{person.bulk_password}\n"
        done = self.command("accounts", "create", *words, "--passwords-stdin", typed=typed)
        assert done.returncode == 0, done.stderr

    def serve(self) -> "Served":
        """Start the server and wait until it answers."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "web", "serve"],
                cwd=self._release,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        served = Served(process)
        if not until(lambda: self._answers(process)):
            served.kill()
            raise AssertionError(self._log.read_text(encoding="utf-8"))
        return served

    def logged(self) -> str:
        """Read what its server has logged."""
        return self._log.read_text(encoding="utf-8")

    def _answers(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, self._log.read_text(encoding="utf-8")
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.base_url}/healthz").is_success
        return False


class Served:
    """A running server."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        """Give the number of the process."""
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> None:
        """Ask it to end, as an operator would."""
        self._process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Ask it to end and give its exit code."""
        self.terminate()
        try:
            return self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("still running long after SIGTERM") from None
