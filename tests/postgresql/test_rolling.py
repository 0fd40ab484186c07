"""Two releases on one database, for as long as a rolling upgrade takes."""

import json
import shutil
from itertools import product
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests.conftest import log_in
from tests.e2e.waiting import until
from tests.support.html import elements
from tests.support.journeys import EDIT, commit
from tests.support.people import ALICE
from tests.support.post import PostOffice
from tests.support.press import natively, visit
from tests.support.process import ROOT, Installation
from tests.support.product import SAME_ORIGIN
from web.database.migrations import newest
from web.http.assets import FOREVER, ONCE
from web.store import tables

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEXT = newest() + 1
TURNS = 2
COLUMN = "ALTER TABLE {} ADD COLUMN next_release TEXT NOT NULL DEFAULT '';\n"
DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
DONE = "利用者情報変更 登録完了"


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Make the next release: every table has one more column, the pages another style."""
    made = tmp_path / "release"
    for part in ("web", "templates", "static", "db"):
        shutil.copytree(ROOT / part, made / part, ignore=shutil.ignore_patterns("__pycache__"))
    migration = made / "db" / "migrations" / f"{NEXT:04}_next_release.sql"
    migration.write_text("".join(map(COLUMN.format, tables.READ)), encoding="utf-8")
    with (made / "static" / "app.css").open("a", encoding="utf-8") as style:
        style.write("\n.next-release { color: inherit; }\n")
    return made


@pytest.fixture
def nodes(
    tmp_path: Path, url: str, post: PostOffice, release: Path
) -> tuple[Installation, Installation]:
    """Give a node of this release and one of the next, on one database."""
    both = []
    for name, code in (("old", ROOT), ("new", release)):
        folder = tmp_path / name
        folder.mkdir()
        node = Installation(folder, post.url, release=code)
        node.environ |= {"MYPAGE_DATABASE_URL": url, "MYPAGE_ACTS_PER_HOUR": "1000"}
        both.append(node)
    return both[0], both[1]


class Alice:
    """Somebody whose requests go now to one node, now to another, as those behind a proxy do."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self.browser = browser
        self.changes = 0

    def to(self, node: Installation) -> httpx.AsyncClient:
        """Turn to a node."""
        self.browser.base_url = httpx.URL(node.base_url)
        return self.browser

    async def change(self, *way: Installation) -> None:
        """Change 代表者名: the form from one node, 次へ to another, 確定 to a third."""
        form = await visit(self.to(way[0]), EDIT)
        name = f"星野　{str(self.changes).translate(DIGITS)}"
        typed = {**form.fields(EDIT), "representative": name}
        confirm = (await natively(self.to(way[1]), form.action("次へ"), typed)).page
        done = await commit(self.to(way[2]), confirm)
        assert done.page.h1 == DONE
        assert name in (await self.to(way[0]).get("/useridmg/mypage")).text
        self.changes += 1


async def test_two_releases_serve_one_database(
    nodes: tuple[Installation, Installation], post: PostOffice, aside: asyncpg.Connection
) -> None:
    """Whichever node gets a request: nothing is lost or done twice, nobody is logged out, pages have their style."""
    old, new = nodes
    old.create(ALICE)
    serving = [old.serve()]
    try:
        async with httpx.AsyncClient(headers=SAME_ORIGIN, timeout=30) as browser:
            alice = Alice(browser)
            await log_in(alice.to(old), ALICE)
            await alice.change(old, old, old)
            assert f"version {newest()} → {NEXT}" in new.command("init-db").stdout
            await alice.change(old, old, old)  # the schema is the next one's already
            serving.append(new.serve())
            for _ in range(TURNS):
                for way in product((old, new), repeat=3):
                    await alice.change(*way)
            listed = json.loads(new.command("nodes", "--json").stdout)
            assert sorted(node["schema"] for node in listed) == [newest(), NEXT]
            for page, asked in product((old, new), repeat=2):
                await styled(alice, page, asked)
            serving.pop(0).stop()
            refused = old.command("serve")
            assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
            assert "a newer release than this one has written it" in refused.stderr
            await alice.change(new, new, new)
            serving.pop().stop()
            await aside.execute("UPDATE turn SET schema_version = schema_version - 1")
            serving.append(old.serve())  # as docs/operations.md goes back
            await alice.change(old, old, old)
            assert until(lambda: len(post.mails) == alice.changes)
    finally:
        for served in serving:
            assert served.stop() == 0
    trail = old.command("audit", "verify").stdout
    assert "ok: " in trail


async def styled(alice: Alice, page: Installation, asked: Installation) -> None:
    """Ask a node for the style that a page of another names."""
    shown = await visit(alice.to(page), "/useridmg/mypage")
    (link,) = [each for each in elements(shown.root, "link") if each.get("rel") == "stylesheet"]
    style = await alice.to(asked).get(link.attrib["href"])
    assert style.status_code == 200
    assert style.headers["Cache-Control"] == (FOREVER if page is asked else ONCE)
