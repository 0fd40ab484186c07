"""An installation on PostgreSQL as its operator runs it: commands, a server, a server that goes away."""

from pathlib import Path

import httpx
import pytest

from tests.conftest import log_in
from tests.e2e.waiting import until
from tests.support.journeys import commit, propose
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.postgresql import Server
from tests.support.press import visit
from tests.support.process import Installation
from tests.support.product import SAME_ORIGIN

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture
def installation(tmp_path: Path, url: str, post: PostOffice) -> Installation:
    """Give an installation whose database is empty."""
    made = Installation(tmp_path, post.url)
    made.environ["MYPAGE_DATABASE_URL"] = url
    return made


def browser(installation: Installation) -> httpx.AsyncClient:
    """Open a browser."""
    return httpx.AsyncClient(
        base_url=installation.base_url, headers=SAME_ORIGIN, timeout=httpx.Timeout(30)
    )


async def test_the_commands_work_as_on_a_file(installation: Installation, post: PostOffice) -> None:
    """init-db twice, an account, a change on screen with its mail, nodes, check; silence where it is needed."""
    installation.create(ALICE)
    assert "up to date" in installation.command("init-db").stdout
    assert "none" in installation.command("nodes").stdout
    served = installation.serve()
    try:
        async with browser(installation) as alice:
            await log_in(alice, ALICE)
            confirm = (await propose(alice, representative="星野　海")).page
            assert (await commit(alice, confirm)).page.h1 == "利用者情報変更 登録完了"
            assert (await alice.get("/readyz")).json() == {"status": "ok"}
            assert "mypage_nodes 1.0" in (await alice.get("/metrics")).text
        assert until(lambda: len(post.mails) == 1)
        assert str(served.pid) in installation.command("nodes").stdout
        csv = installation.command("accounts", "import", __file__)
        assert "in use by 1 nodes" in csv.stderr
    finally:
        assert served.stop() == 0
    assert "none" in installation.command("nodes").stdout
    checked = installation.command("check")
    assert "WRONG  server" in checked.stdout  # that of the tests has fsync off
    assert checked.stdout.count("WRONG") == 1, checked.stdout
    assert "ok: " in installation.command("audit", "verify").stdout


@pytest.mark.parametrize("words", [("backup", "copy"), ("restore", "copy")])
async def test_what_is_about_a_file_is_refused_in_words(
    installation: Installation, words: tuple[str, str]
) -> None:
    """With the tool that does it."""
    assert installation.command("init-db").returncode == 0
    done = installation.command(*words)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "pg_basebackup" in done.stderr


@pytest.mark.parametrize(
    ("server_url", "said"),
    [
        ("postgresql://postgres@127.0.0.1:1/mypage", "ConnectionRefusedError"),
        ("{}_that_is_not_there", "InvalidCatalogNameError"),
        ("{}?target_session_attrs=standby", "TargetServerAttributeNotMatched"),
    ],
)
async def test_a_server_that_cannot_be_used_is_one_line(
    installation: Installation, server_url: str, said: str
) -> None:
    """Before anything starts."""
    there = installation.environ["MYPAGE_DATABASE_URL"]
    installation.environ["MYPAGE_DATABASE_URL"] = server_url.format(there)
    done = installation.command("serve")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert said in done.stderr


async def test_a_database_that_is_stopped_and_started_again(
    installation: Installation, server: Server
) -> None:
    """Meanwhile pages of 503, with what was typed; then everything goes on, without a restart of ours."""
    installation.environ["MYPAGE_DATABASE_URL"] = server.url()
    installation.create(ALICE)
    served = installation.serve()
    try:
        async with browser(installation) as alice:
            await log_in(alice, ALICE)
            form = await visit(alice, "/useridmg/profile/edit")
            server.stop("immediate")
            typed = {**form.fields("/useridmg/profile/edit"), "representative": "星野　海"}
            refused = await alice.post(form.action("次へ"), data=typed)
            assert refused.status_code == 503
            assert refused.headers["Retry-After"]
            assert "星野　海" in refused.text
            assert (await alice.get("/healthz")).status_code == 200
            assert (await alice.get("/readyz")).status_code == 503
            server.start()
            confirm = (await propose(alice, representative="星野　海")).page
            assert (await commit(alice, confirm)).page.h1 == "利用者情報変更 登録完了"
    finally:
        assert served.stop() == 0
