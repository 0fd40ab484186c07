"""A real server process that is killed, stopped and started twice: nothing is lost, nothing doubled."""

import asyncio
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.waiting import PATIENCE, until
from tests.ports import free_port
from tests.support.journeys import ASK_PAYMENT, EDIT, commit, propose
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import natively, visit
from tests.support.process import Installation, Served
from tests.support.product import SAME_ORIGIN
from web.database.sqlite import locks

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW_NAME = "星野　海"


class Desk:
    """An installation of the test and the servers it started."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.started: list[Served] = []

    def serve(self) -> Served:
        """Start a server."""
        self.started.append(self.installation.serve())
        return self.started[-1]

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into the database behind the server's back."""
        with closing(sqlite3.connect(self.installation.database)) as connection:
            connection.row_factory = sqlite3.Row
            found = [dict(row) for row in connection.execute(sql)]
            connection.commit()
        return found

    def browser(self) -> httpx.AsyncClient:
        """Open a browser."""
        return httpx.AsyncClient(base_url=self.installation.base_url, headers=SAME_ORIGIN)

    async def change_name(self) -> None:
        """Log in and press 確定 on a new 代表者名."""
        async with self.browser() as browser:
            login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
            await browser.post("/useridmg/login", data=login)
            confirm = (await propose(browser, representative=NEW_NAME)).page
            assert (await commit(browser, confirm)).page.h1 == "利用者情報変更 登録完了"

    async def ask(self) -> None:
        """Press パスワード初期化依頼."""
        async with self.browser() as browser:
            page = await visit(browser, ASK_PAYMENT)
            typed = {"user_id": "KNCA6288", "admin_email": "k-oss@example.jp"}
            asked = await natively(browser, ASK_PAYMENT, {**page.fields(ASK_PAYMENT), **typed})
            assert asked.page.h1.endswith("依頼受付")


@pytest.fixture(scope="module")
def created(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with Alice in it, made by the command line."""
    installation = Installation(tmp_path_factory.mktemp("created"), "smtp://127.0.0.1:1")
    installation.create(ALICE)
    return installation.database


@pytest.fixture
def desk(tmp_path: Path, created: Path) -> Iterator[Desk]:
    """Give an installation with Alice, whose mail server is down."""
    desk = Desk(Installation(tmp_path, f"smtp://127.0.0.1:{free_port()}"))
    desk.installation.database.write_bytes(created.read_bytes())
    yield desk
    for served in desk.started:
        with suppress(ProcessLookupError):
            served.kill()


def wait_for(what: Callable[[], object]) -> None:
    """Wait for another process, no longer than it may take."""
    assert until(what), "waited in vain"


@pytest.mark.parametrize("trouble", ["down", "451 later"])
async def test_mails_survive_a_killed_server(desk: Desk, post: PostOffice, trouble: str) -> None:
    """SIGKILL after 確定 and 依頼受付, then a start: each mail arrives once, under its Message-ID."""
    post.answer = lambda _: trouble
    if trouble != "down":
        desk.installation.environ["MYPAGE_SMTP_URL"] = post.url
    served = desk.serve()
    await desk.change_name()
    if trouble != "down":
        wait_for(lambda: desk.rows("SELECT 1 FROM outbox WHERE tries = 1"))
    await desk.ask()
    served.kill()
    waiting = desk.rows("SELECT message_id FROM outbox WHERE once_key LIKE 'profile%'")
    assert (len(waiting), post.mails) == (1, [])
    desk.rows("UPDATE outbox SET next_try_at = created_at")  # as if the next try had come
    post.answer = lambda _: "250 OK"
    desk.installation.environ["MYPAGE_SMTP_URL"] = post.url
    again = desk.serve()
    wait_for(lambda: len(desk.rows("SELECT 1 FROM outbox WHERE sent_at IS NOT NULL")) == 2)
    guide = post.only("納付利用者パスワード初期化ご案内")
    async with desk.browser() as browser:
        assert (await browser.get(guide.link)).status_code == 303
    assert again.stop() == 0
    mail = post.only("利用者情報変更登録完了のご連絡")
    assert [mail.message["Message-ID"]] == [row["message_id"] for row in waiting]
    assert len(post.mails) == 2
    assert [row["representative"] for row in desk.rows("SELECT * FROM accounts")] == [NEW_NAME]


async def test_a_killed_server_keeps_sessions_and_input(desk: Desk) -> None:
    """A start later the same cookie is still logged in, and 戻る finds what was typed."""
    served = desk.serve()
    async with desk.browser() as browser:
        login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
        await browser.post("/useridmg/login", data=login)
        confirm = (await propose(browser, representative=NEW_NAME)).page
        served.kill()
        desk.serve()
        page = await visit(browser, confirm.link("戻る"))
        assert page.address.startswith(EDIT)
        assert page.value("representative") == NEW_NAME
        assert (await commit(browser, confirm)).page.h1 == "利用者情報変更 登録完了"


async def test_sigterm_ends_with_zero_whoever_holds_on(desk: Desk) -> None:
    """Also with a browser that keeps its connection and a mail server that never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENCE)
        port = silent.getsockname()[1]
        desk.installation.environ["MYPAGE_SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        served = desk.serve()
        async with desk.browser() as browser:
            await browser.get("/")
            await desk.change_name()
            courier, _ = silent.accept()
            with courier:
                assert served.stop() == 0
    assert len(desk.rows("SELECT 1 FROM outbox WHERE sent_at IS NULL")) == 1


async def test_sigterm_lets_a_running_request_end(desk: Desk) -> None:
    """Whoever pressed 変更 a moment before the upgrade gets an answer, not a broken connection."""
    served = desk.serve()
    lock = locks.hold(desk.installation.database, "write")
    async with desk.browser() as browser:
        login = {"user_id": "KNCA6288", "password": ALICE.payment_password}
        with lock:
            pressed = asyncio.create_task(browser.post("/useridmg/login", data=login))
            metrics = f"{desk.installation.base_url}/metrics"
            while "mypage_in_flight 2.0" not in (await browser.get(metrics)).text:
                assert not pressed.done()
            served.terminate()
        assert (await pressed).status_code == 303
    assert served.stop() == 0


async def test_a_second_server_on_the_same_file_refuses(desk: Desk) -> None:
    """One line that names the file, no traceback, exit code 1; the first goes on."""
    desk.serve()
    desk.installation.environ["MYPAGE_PORT"] = str(free_port())
    second = desk.installation.command("serve")
    assert second.returncode == 1
    told = [line for line in second.stderr.splitlines() if not line.startswith("{")]
    assert told == [f"mypage: {desk.installation.database}: another server runs on this file"]
    async with desk.browser() as browser:
        assert (await browser.get("/useridmg/login")).status_code == 200
