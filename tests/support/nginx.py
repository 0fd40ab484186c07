"""nginx with the shipped configuration: ports, paths and the longest waits are the test's, all else is not."""

import os
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import httpx
from cryptography.x509 import DNSName

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from tests.support import certificate
from tests.support.process import ROOT
from tests.support.product import SAME_ORIGIN

HOST = "mypage.example.jp"
SHIPPED = ROOT / "deploy" / "proxy" / "nginx.conf"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
AROUND = """
daemon off;
worker_processes 1;
error_log stderr;
pid {folder}/nginx.pid;
{user}
events {{ }}
http {{
{temporary}
{shipped}
}}
"""


class Nginx:
    """A proxy in front of a port of this machine."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.plain, self.secure = free_port(), free_port()
        self.log = folder / "access.log"
        certificate.issue(folder / "fullchain.pem", folder / "key.pem", DNSName(HOST))
        self.trusting = certificate.trusting(folder / "fullchain.pem")
        temporary = "\n".join(f"{each}_temp_path {folder}/{each};" for each in TEMPORARY)
        user = "user root;" if os.geteuid() == 0 else ""
        shipped = self._here(folder, upstream)
        self._configuration = folder / "nginx.conf"
        self._configuration.write_text(
            AROUND.format(folder=folder, user=user, temporary=temporary, shipped=shipped),
            encoding="utf-8",
        )

    def _here(self, folder: Path, upstream: int) -> str:
        """Put the shipped configuration on this machine; what is replaced has to be there."""
        text = SHIPPED.read_text(encoding="utf-8")
        for shipped, here in {
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen [::]:80;": "",
            "listen 443 ssl": f"listen 127.0.0.1:{self.secure} ssl",
            "listen [::]:443 ssl http2;": "",
            "/etc/ssl/mypage/": f"{folder}/",
            "/var/log/nginx/mypage.log": str(self.log),
            "server 127.0.0.1:8000 ": f"server 127.0.0.1:{upstream} ",
            "client_header_timeout 10s;": "client_header_timeout 1s;",
            "client_body_timeout 10s;": "client_body_timeout 2s;",
        }.items():
            assert shipped in text, shipped
            text = text.replace(shipped, here)
        return text

    def start(self) -> "subprocess.Popen[bytes]":
        """Start it and wait until it listens."""
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "no nginx here: run tools/install-nginx"
        process = subprocess.Popen([program, "-e", "stderr", "-c", self._configuration])
        assert until(lambda: process.poll() is not None or self._listens(), seconds=PATIENCE)
        assert process.poll() is None, "nginx has refused its configuration; it says why above"
        return process

    def logged(self, text: str) -> str:
        """Give the log, once it holds a text: a line is written after the answer has left."""
        assert until(lambda: text in self.log.read_text(encoding="utf-8"), seconds=PATIENCE), text
        return self.log.read_text(encoding="utf-8")

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.secure)) == 0

    def browser(self, address: str = "127.0.0.2") -> httpx.Client:
        """Open a browser that reaches the proxy from an address of its own."""
        return httpx.Client(
            transport=_Named(httpx.HTTPTransport(verify=self.trusting, local_address=address)),
            base_url=f"https://127.0.0.1:{self.secure}",
            headers={"Host": HOST, **SAME_ORIGIN},
        )

    def connect(
        self, context: ssl.SSLContext | None = None, address: str = "127.0.0.1"
    ) -> ssl.SSLSocket:
        """Open a connection by TLS from an address. Raises ssl.SSLError."""
        bare = socket.create_connection(
            ("127.0.0.1", self.secure), timeout=PATIENCE, source_address=(address, 0)
        )
        try:
            return (context or self.trusting).wrap_socket(bare, server_hostname=HOST)
        except ssl.SSLError:
            bare.close()
            raise


class _Named(httpx.BaseTransport):
    """Asks by the name of the host, which resolves nowhere, at an address."""

    def __init__(self, inner: httpx.HTTPTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on with the name that TLS needs."""
        request.extensions["sni_hostname"] = HOST
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
