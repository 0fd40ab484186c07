"""What every unit test can ask for: settings, a database, the command line in this process."""

import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2
import pytest

from tests.conftest import FrozenClock
from tests.support.files import file_of
from tests.unit import parts
from tests.unit.desk import Desk
from web import cli
from web.app import create_app
from web.database.sqlite import schema
from web.database.sqlite.database import SQLite
from web.settings import Settings


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> jinja2.Environment:
    """Give the environment of the running product."""
    templates: jinja2.Environment = create_app(
        parts.settings(tmp_path_factory.mktemp("site"))
    ).state.templates
    return templates


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give the settings of a small production on loopback."""
    return parts.settings(tmp_path)


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[SQLite]:
    """Open a fresh database."""
    async with parts.opened(file_of(settings)) as database:
        yield database


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def one_line(self) -> str:
        """Give the one line on standard error that says what is wrong."""
        assert self.code != 0
        assert self.out == ""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the `mypage` command in this process, on a database that is ready."""
    schema.upgrade(tmp_path / "mypage.sqlite3")
    for name, value in parts.environ(tmp_path).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str, typed: str = "") -> Outcome:
        capfd.readouterr()
        monkeypatch.setattr("sys.argv", ["mypage", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.main()
        printed = capfd.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


@pytest.fixture
def desk(run: Run, frozen: FrozenClock, tmp_path: Path) -> Desk:
    """Give a support desk with one account, opened now."""
    desk = Desk(run, tmp_path)
    desk.open_account()
    return desk
