"""An installation of 0.1.0, with its data, brought up to date: everything goes on."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import FrozenClock, log_in
from tests.support.engines import FILES
from tests.support.files import file_of
from tests.support.journeys import BETTER, commit
from tests.support.people import ALICE, PEOPLE
from tests.support.post import PostOffice
from tests.support.press import natively, visit
from tests.support.product import Product, serving, settings_in
from web.database import at
from web.database.migrations import newest
from web.database.sqlite import schema
from web.security import audit_proof, upgrading
from web.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

LEFT = Path(__file__).parent / "data" / "0.1.0.sql"
SESSION = "-RJbsrmhuJ9J4GgZXepPwdzCsEAc9cWa_z6kbjbymWg"
RUN = "/useridmg/profile/edit?flow=118a91e3807adfabeb7c6d53eccb94d1"
LINK = (
    "/useridmg/pwdInitBulk/INIT?key=F2BC2C5BF99854565998556EE8FDEF732ACA4710CB48BBED7C9724F88A68AE52"
    "ACC55867CEE57645ABAB36BF6F79E148F18EFD9856667C4344A043B9CE368F93"
)
SPACED = re.compile(r" *([(),]) *")  # a migration writes a new column close to its neighbours
COMMENT = re.compile(r"\s*--[^\n]*")


@pytest.fixture
def left(tmp_path: Path, post: PostOffice, frozen: FrozenClock) -> Settings:
    """Put back what 0.1.0 left; the clock stands where it stood."""
    del frozen
    settings = settings_in(tmp_path, post, MYPAGE_DATABASE_URL=FILES.url(tmp_path))
    with closing(sqlite3.connect(file_of(settings))) as connection:
        connection.executescript(LEFT.read_text(encoding="utf-8"))
    return settings


@pytest.fixture
async def upgraded(left: Settings, post: PostOffice) -> AsyncIterator[Product]:
    """Run today's product on it."""
    assert await upgrading.upgrade(at(left.database_url), lambda: left) == (1, newest())
    async with serving(left, post) as product:
        yield product


def described(database: Path) -> set[str]:
    """Give every statement that made the schema, without comments and layout."""
    with closing(sqlite3.connect(database)) as connection:
        made = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    plain = [" ".join(COMMENT.sub("", sql).split()) for (sql,) in made]
    return {SPACED.sub(r"\1", sql) for sql in plain}


async def test_the_upgraded_schema_is_todays(left: Settings, tmp_path: Path) -> None:
    """Migrations end where db/schema.sql is, with sound pages and references."""
    await upgrading.upgrade(at(left.database_url), lambda: left)
    schema.upgrade(tmp_path / "fresh.sqlite3")
    assert described(file_of(left)) == described(tmp_path / "fresh.sqlite3")
    with closing(sqlite3.connect(file_of(left))) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_everybody_logs_in_with_the_password_of_before(upgraded: Product) -> None:
    """And sees what was registered."""
    for person in PEOPLE:
        async with upgraded.browser() as browser:
            await log_in(browser, person)
            page = await visit(browser, "/useridmg/mypage")
            assert person.account.payment_user_id in page.text
            assert person.account.profile.name_kana in page.text


async def test_who_was_in_the_middle_of_a_change_finishes_it(upgraded: Product) -> None:
    """The log-in lives, the draft opens, 確定 does it once."""
    async with upgraded.browser() as browser:
        browser.cookies.set("session", SESSION)
        page = await visit(browser, RUN)
        fields = page.fields("/useridmg/profile/edit")
        assert fields["representative"] == "軽自　三郎"
        again = {"notice_email_again": fields["notice_email"]}
        step = await natively(browser, page.action("次へ"), {**fields, **again})
        done = await commit(browser, step.page)
        assert done.page.h1 == "利用者情報変更 登録完了"
        assert "軽自　三郎" in (await visit(browser, "/useridmg/mypage")).text


async def test_a_url_mailed_before_sets_the_password(upgraded: Product) -> None:
    """Its 24 hours go on."""
    async with upgraded.browser() as browser:
        page = await visit(browser, LINK)
        action = page.action("パスワード初期化")
        both = {"new_password": BETTER, "new_password_again": BETTER}
        done = await natively(browser, action, {**page.fields(action), **both})
        assert done.page.h1 == "一括利用者パスワード初期化 登録完了"
    assert await upgraded.holds(ALICE, "bulk", BETTER)


async def test_a_mail_that_waited_goes_out_once(upgraded: Product, frozen: FrozenClock) -> None:
    """What had been sent is not sent again."""
    assert upgraded.post.mails == []
    frozen.advance(60)
    await upgraded.meddle("UPDATE accounts SET name = name")  # a commit wakes the courier
    await upgraded.settle()
    assert [mail.to for mail in upgraded.post.mails] == ["hanako@example.jp"]


async def test_the_trail_of_before_is_proved_and_goes_on(upgraded: Product) -> None:
    """Its end is sealed as it was found; a row taken off it is missed from then on."""
    async with upgraded.browser() as browser:
        await log_in(browser, ALICE)
    async with upgraded.services.database.read() as reads:
        proved = await audit_proof.verify(reads, upgraded.services.vault)
    assert proved.number == 9
    await upgraded.meddle("DELETE FROM audit WHERE seq = 9")
    async with upgraded.services.database.read() as reads:
        with pytest.raises(audit_proof.Broken, match="row 9: missing"):
            await audit_proof.verify(reads, upgraded.services.vault)


async def test_without_the_key_nothing_is_changed(left: Settings) -> None:
    """The end of the trail could not be sealed: said before anything happens."""

    def none() -> Settings:
        raise LookupError("MYPAGE_SECRET_KEY")

    before = file_of(left).read_bytes()
    with pytest.raises(LookupError):
        await upgrading.upgrade(at(left.database_url), none)
    assert file_of(left).read_bytes() == before
    assert schema.version(file_of(left)) == 1
