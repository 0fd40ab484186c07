"""The whole: a pair of servers, two nodes, a proxy."""

from pathlib import Path

from tests.support.process import Installation, Served
from tools.cluster.postgresql import ROLES, Pair
from tools.cluster.proxy import Proxy

NODES = 2


class Cluster:
    """Everything in one folder; the mails go to whom the caller names."""

    def __init__(
        self,
        folder: Path,
        port: int,
        smtp_url: str,
        settings: dict[str, str],
        mailbox: int = 0,
    ) -> None:
        self.folder = folder
        folder.chmod(0o711)  # PostgreSQL's folder inside belongs to somebody else
        self.pair = Pair(folder / "postgresql")
        self.base_url = f"http://localhost:{port}"
        self.nodes: list[Installation] = []
        self.served: list[Served] = []
        for number in range(NODES):
            own = folder / f"node-{number + 1}"
            own.mkdir()
            node = Installation(own, smtp_url)
            node.environ |= {
                "MYPAGE_DATABASE_URL": self.pair.url(),
                "MYPAGE_TRUSTED_PROXIES": "127.0.0.1",
                **settings,
                "MYPAGE_BASE_URL": self.base_url,
            }
            self.nodes.append(node)
        self._proxy = Proxy(folder / "nginx", port, [node.port for node in self.nodes], mailbox)

    def create(self) -> None:
        """Start the pair and make the schema, as the role that may."""
        self.pair.create()
        owner = Installation(self.pair.passfile.parent, "")
        owner.environ |= {**self.nodes[0].environ, "MYPAGE_DATABASE_URL": self.pair.url(ROLES[1])}
        done = owner.command("init-db")
        if done.returncode:
            raise RuntimeError(done.stderr)

    def serve(self) -> None:
        """Start the nodes and the proxy."""
        self.served = [node.serve() for node in self.nodes]
        self._proxy.start()

    def start_again(self, number: int) -> None:
        """Start a node that was killed."""
        self.served[number] = self.nodes[number].serve()

    def stop(self) -> None:
        """Stop everything, whatever has been started."""
        self._proxy.stop()
        for served in self.served:
            served.terminate()
        for served in self.served:
            served.stop()
        self.pair.stop()
