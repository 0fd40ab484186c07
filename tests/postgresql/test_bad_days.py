"""What a server of PostgreSQL may suffer, one after the other, under one node that is never started again.

The server is set up by the shipped files: TLS, passwords, a role that defines nothing.
"""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.conftest import log_in
from tests.support.journeys import EDIT, commit, propose
from tests.support.people import ALICE
from tests.support.press import visit
from tests.support.process import Installation
from tests.support.product import SAME_ORIGIN
from tests.support.slow_line import SlowLine
from tools.cluster.postgresql import ROLES, SHIPPED, Pair
from web.database.migrations import newest

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NOBODY = "smtp://127.0.0.1:9"  # no mail server
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mypage'"
FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON drafts EXECUTE FUNCTION full_disk()
"""
OF_VERSION = "UPDATE turn SET schema_version = {}"
EMPTY = "DROP TRIGGER full_disk ON drafts; DROP FUNCTION full_disk()"


@dataclass(frozen=True)
class Standing:
    """A node on a server, by way of a line that can be slow."""

    pair: Pair
    node: Installation
    line: SlowLine

    def url(self, role: str = ROLES[0], **other: str) -> str:
        """Give the address of the database, with some words of its query others."""
        head, _, query = self.pair.url(role).partition("?")
        asked = dict(part.split("=", 1) for part in query.split("&")) | other
        host = asked.pop("host", "127.0.0.1")
        words = "&".join(f"{name}={value}" for name, value in asked.items())
        return f"{head.partition('@')[0]}@{host}:{self.line.port}/mypage?{words}"

    def ask(self, *statements: str) -> None:
        """Do something as the superuser."""
        for each in statements:
            self.pair.primary.ask(each, "mypage")

    def refused(self, url: str) -> str:
        """Try to serve from an address, and give the one line that says why not."""
        node = Installation(self.node.database.parent, NOBODY)
        node.environ["MYPAGE_DATABASE_URL"] = url
        done = node.command("serve")
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        return done.stderr


@pytest.fixture(scope="module")
def standing() -> Iterator[Standing]:
    """Start a server and a node, with Alice's account."""
    with tempfile.TemporaryDirectory(prefix="mypage-bad-days-") as folder:
        Path(folder).chmod(0o711)  # the server is somebody else's
        with stood(Path(folder)) as made:
            yield made


@contextmanager
def stood(folder: Path) -> Iterator[Standing]:
    """Start both in a folder; end them."""
    pair = Pair(folder / "postgresql")
    line = SlowLine(pair.primary.port)
    try:
        pair.create_primary()
        made = Standing(pair, Installation(folder, NOBODY), line)
        made.node.environ["MYPAGE_DATABASE_URL"] = made.url(ROLES[1])
        made.node.create(ALICE)
        made.node.environ["MYPAGE_DATABASE_URL"] = made.url()
        served = made.node.serve()
        try:
            yield made
        finally:
            assert served.stop() == 0
    finally:
        line.end()
        pair.stop()


@dataclass(frozen=True)
class Trouble:
    """What begins, and how it ends."""

    begin: Callable[[Standing], None]
    end: Callable[[Standing], None]


def statements(begin: tuple[str, ...], end: tuple[str, ...]) -> Trouble:
    """Describe trouble that statements make."""
    return Trouble(lambda it: it.ask(*begin), lambda it: it.ask(*end))


def slow(it: Standing, seconds: float) -> None:
    """Let every answer of the server come later."""
    it.line.delay = seconds


KANJI = "一二三四五六七"
RELOAD = "SELECT pg_reload_conf()"
TROUBLES = {
    "stopped": Trouble(lambda it: it.pair.primary.stop("fast"), lambda it: it.pair.primary.start()),
    "crashed": Trouble(
        lambda it: it.pair.primary.stop("immediate"), lambda it: it.pair.primary.start()
    ),
    "read-only": statements(
        ("ALTER SYSTEM SET default_transaction_read_only = on", RELOAD),
        ("ALTER SYSTEM RESET default_transaction_read_only", RELOAD),
    ),
    "full": statements((FULL,), (EMPTY,)),
    "out of connections": statements(
        ("ALTER ROLE mypage CONNECTION LIMIT 0", CUT), ("ALTER ROLE mypage CONNECTION LIMIT -1",)
    ),
    "another role's": statements(("ALTER ROLE mypage NOLOGIN", CUT), ("ALTER ROLE mypage LOGIN",)),
    "slow by 3 s": Trouble(lambda it: slow(it, 3.0), lambda it: slow(it, 0.0)),
}


@pytest.mark.parametrize("number", range(len(TROUBLES)), ids=TROUBLES)
async def test_what_was_typed_is_kept_until_the_trouble_is_over(
    standing: Standing, number: int
) -> None:
    """A page of 503 that holds it; then the same node goes on, and so does the log-in."""
    trouble, name = list(TROUBLES.values())[number], f"星野　{KANJI[number]}"
    async with httpx.AsyncClient(
        base_url=standing.node.base_url, headers=SAME_ORIGIN, timeout=60
    ) as alice:
        await log_in(alice, ALICE)
        form = await visit(alice, EDIT)
        typed = {**form.fields(EDIT), "representative": name}
        trouble.begin(standing)
        try:
            refused = await alice.post(form.action("次へ"), data=typed)
            alive = await alice.get("/healthz")
        finally:
            trouble.end(standing)
        assert (refused.status_code, alive.status_code) == (503, 200)
        assert refused.headers["Retry-After"]
        assert name in refused.text
        confirm = (await propose(alice, representative=name)).page
        assert (await commit(alice, confirm)).page.h1 == "利用者情報変更 登録完了"
        assert (await alice.get("/readyz")).status_code == 200


def test_a_wrong_password_is_one_line_at_the_start(standing: Standing, tmp_path: Path) -> None:
    """Without the password."""
    passwords = tmp_path / "passwords"
    passwords.touch(mode=0o600)
    passwords.write_text("*:*:*:mypage:not-this-one\n", encoding="utf-8")
    said = standing.refused(standing.url(passfile=str(passwords)))
    assert "InvalidPasswordError" in said
    assert "not-this-one" not in said


def test_a_server_of_another_authority_is_one_line_at_the_start(
    standing: Standing, tmp_path: Path
) -> None:
    """Whoever took the server's place on the network reads no password."""
    subprocess.run([SHIPPED / "certificates", tmp_path / "others", "127.0.0.1"], check=True)
    said = standing.refused(standing.url(sslrootcert=str(tmp_path / "others" / "ca.pem")))
    assert "CERTIFICATE_VERIFY_FAILED" in said


def test_a_server_of_another_name_is_one_line_at_the_start(standing: Standing) -> None:
    """verify-full looks at the name, too."""
    said = standing.refused(standing.url(host="localhost"))
    assert "CERTIFICATE_VERIFY_FAILED" in said
    assert "localhost" in said


def test_a_server_that_asks_for_tls_takes_nothing_else(standing: Standing) -> None:
    """As the shipped pg_hba.conf has it."""
    assert "no encryption" in standing.refused(standing.url(sslmode="disable"))


@pytest.mark.parametrize(
    ("version", "cure"),
    [
        (newest() - 1, "run `mypage init-db`"),
        (newest() + 1, "a newer release than this one has written it"),
    ],
    ids=["older", "newer"],
)
def test_another_schema_is_one_line_at_the_start(
    standing: Standing, version: int, cure: str
) -> None:
    """With what helps; the node that runs goes on."""
    standing.ask(OF_VERSION.format(version))
    try:
        said = standing.refused(standing.url())
    finally:
        standing.ask(OF_VERSION.format(newest()))
    assert f"schema version {version}, {newest()} needed; {cure}" in said
