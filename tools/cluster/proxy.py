"""nginx in front of the nodes: the shipped configuration, by plain http on loopback."""

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from tests.e2e.waiting import until
from tests.support.nginx import AROUND, SHIPPED, TEMPORARY
from tests.support.process import ROOT

MAILBOX = """
    location /demo/ {{ proxy_pass http://127.0.0.1:{port}; proxy_set_header Host $http_host; }}
"""
# What a machine of one's own has otherwise than one on the internet; each has to be there.
HERE = {
    r"server \{\n    listen 80;.*?\n\}\n": "",  # leads to https
    r"listen \[::\]:443.*\n": "",
    r"listen 443 ssl.*": "listen 127.0.0.1:{port};",
    r"server_name .*": "server_name localhost;",
    r"ssl_[a-z_]+ .*\n": "",
    r"/var/log/nginx/mypage\.log": "{folder}/access.log",
    r"    server 127\.0\.0\.1:8000 (.*)": "{nodes}",
    r"Host \$host;": "Host $http_host;",  # the port is not the usual one
    r"rate=20r/s": "rate=500r/s",  # everybody comes from one machine
    r"    location = /metrics": "{mailbox}    location = /metrics",
}


class Proxy:
    """nginx on a port of this machine."""

    def __init__(self, folder: Path, port: int, nodes: list[int], mailbox: int = 0) -> None:
        self.port = port
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        known = {
            "{folder}": str(folder),
            "{port}": str(port),
            "{nodes}": "\n".join(rf"    server 127.0.0.1:{node} \1" for node in nodes),
            "{mailbox}": MAILBOX.format(port=mailbox) if mailbox else "",
        }
        text = SHIPPED.read_text(encoding="utf-8")
        for shipped, here in HERE.items():
            for name, value in known.items():
                here = here.replace(name, value)  # noqa: PLW2901
            text, number = re.subn(shipped, here, text, flags=re.DOTALL if "?" in shipped else 0)
            if not number:
                raise ValueError(f"{SHIPPED.name} has no {shipped}")
        folder.mkdir()
        (folder / "nginx.conf").write_text(
            AROUND.format(
                folder=folder,
                user="user root;" if os.geteuid() == 0 else "",
                temporary="\n".join(f"{each}_temp_path {folder}/{each};" for each in TEMPORARY),
                shipped=text,
            ),
            encoding="utf-8",
        )

    def start(self) -> None:
        """Start it and wait until it listens."""
        subprocess.run([ROOT / "tools" / "install-nginx"], check=True)
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        with (self._folder / "error.log").open("ab") as log:
            self._process = process = subprocess.Popen(
                [str(program), "-e", "stderr", "-c", self._folder / "nginx.conf"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        until(lambda: process.poll() is not None or self._listens())
        if process.poll() is not None:
            raise RuntimeError((self._folder / "error.log").read_text(encoding="utf-8"))

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        """Stop it."""
        if self._process:
            self._process.terminate()
            self._process.wait()
