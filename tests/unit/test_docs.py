"""README.md names what is there, and all of it."""

import re
from pathlib import Path

import click
import pytest
from starlette.routing import Match, Route

from tests.unit import parts
from web import clock
from web.app import create_app
from web.cli import mypage
from web.demo.run import prepared
from web.settings import described

README = (parts.ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (parts.ROOT / "Makefile").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(MYPAGE_[A-Z_]+)` \| (.*?) \| (.+?) \|$", re.MULTILINE)
PROMISED_COMMANDS = (
    "mypage serve",
    "mypage init-db",
    "mypage accounts create",
    "mypage accounts import",
    "mypage accounts show",
    "mypage payments import",
    "mypage settings",
    "mypage backup",
    "mypage restore",
    "mypage check",
    "mypage demo",
    "mypage mail list",
    "mypage mail retry",
    "mypage mail drop",
    "mypage accounts unlock",
    "mypage accounts disable",
    "mypage accounts enable",
    "mypage accounts end-sessions",
    "mypage audit list",
    "mypage audit verify",
    "mypage office create-user",
    "make run",
    "make test",
    "make quick",
)
PROMISED_ADDRESSES = (
    "/",
    "/useridmg/login",
    "/useridmg/mypage",
    "/useridmg/profile/edit",
    "/useridmg/password/change",
    "/useridmg/pwdInitPay/INIT",
    "/useridmg/pwdInitBulk/INIT",
    "/healthz",
    "/readyz",
    "/demo/mail",
    "/demo/components",
    "/office/",
    "/metrics",
)
SETTINGS = {row["name"]: row["default"] for row in described()}


def commands(group: click.Group, before: str = "mypage") -> set[str]:
    """List every command as it is typed."""
    found = set()
    for name, command in group.commands.items():
        typed = f"{before} {name}"
        found |= commands(command, typed) if isinstance(command, click.Group) else {typed}
    return found


def code() -> list[str]:
    """Collect what the README sets as code."""
    return re.findall(r"`([^`\n]+)`", README)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[Route]:
    """Give the routes of the demo, which has all of production's."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(clock, "now", clock.now)  # which the demo exchanges for its own
        with prepared(tmp_path_factory.mktemp("demo"), "127.0.0.1", 8124) as (app, _, _):
            app.state.services.passwords.close()
            return [route for route in app.routes if isinstance(route, Route)]


def answered(path: str, routes: list[Route]) -> bool:
    """Tell whether a route takes an address."""
    scope = {"type": "http", "path": path, "method": "GET", "root_path": ""}
    return any(route.matches(scope)[0] is not Match.NONE for route in routes)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_stands_in_the_table_with_its_default(name: str) -> None:
    """As `mypage settings --json` says; what must be set, or is empty, says so in words."""
    rows = {setting: (default, meaning) for setting, default, meaning in ROW.findall(README)}
    assert name in rows
    default, meaning = rows[name]
    wanted = {None: "must be set", "": "(empty)"}.get(SETTINGS[name], f"`{SETTINGS[name]}`")
    assert default == wanted
    assert meaning.strip()


def test_no_setting_is_named_that_does_not_exist() -> None:
    """A renamed setting is renamed in the README too."""
    assert set(re.findall(r"\bMYPAGE_[A-Z_]+\b", README)) - SETTINGS.keys() == set()


def test_no_make_target_is_named_that_does_not_exist() -> None:
    """In code spans and in blocks alike."""
    targets = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][a-z0-9-]*)", "\n".join(code())))
    assert named
    not_built = set(re.findall(r"`make ([a-z-]+)`", README.partition("## Not built yet")[2]))
    assert named - targets - not_built == set()


@pytest.mark.parametrize("command", PROMISED_COMMANDS)
def test_a_command_of_the_contract_is_named(command: str) -> None:
    """Whoever reads the README finds what the contract promises and what is built."""
    assert any(each == command or each.startswith(f"{command} ") for each in code())


def test_every_command_is_named_and_no_other() -> None:
    """`mypage X Y` in the README is a command, and every command is in the README."""
    built = commands(mypage)
    assert {each for each in built if not any(span.startswith(each) for span in code())} == set()
    named = {span for span in code() if re.match(r"mypage [a-z]", span)}
    assert {span for span in named if not any(span.startswith(each) for each in built)} == set()


@pytest.mark.parametrize("address", PROMISED_ADDRESSES)
def test_an_address_of_the_contract_is_named_and_answered(
    address: str, routes: list[Route]
) -> None:
    """The README shows it, and the route table has it."""
    assert any(span == address or span.startswith(f"{address}?") for span in [*code(), *ends()])
    assert answered(address, routes)


def ends() -> list[str]:
    """Give addresses whose beginning the README leaves out."""
    return [f"/useridmg{span[1:]}" for span in code() if span.startswith("…/")]


def test_no_address_is_named_that_nobody_answers(routes: list[Route]) -> None:
    """What looks like an address of ours, folders and files of the system aside."""
    ours = re.compile(r"/(?:useridmg|help|demo|healthz|readyz|metrics|office|outside|$)")
    built = README.partition("## Not built yet")[0]
    named = {
        span.partition("?")[0]
        for span in [*re.findall(r"`([^`\n]+)`", built), *ends()]
        if ours.match(span)
    }
    assert named
    assert {path for path in named if not answered(path, routes)} == set()


def test_the_table_of_addresses_is_the_whole_table(routes: list[Route]) -> None:
    """Every page that people can open stands in the README or is a step of one that does."""
    first = {
        route.path
        for route in routes
        if route.path.count("/") <= 3 and "{" not in route.path and "check" not in route.path
    }
    missing = {path for path in first if path.rpartition("/")[0] not in README}
    assert missing == set()


def test_what_the_readme_links_to_is_there() -> None:
    """Files and folders of the repository."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", README)
    assert [each for each in targets if not (parts.ROOT / each).exists()] == []
    folders = re.findall(r"`((?:web|templates|static|db|tests|docs|tools)/[a-z_./-]*)`", README)
    assert [each for each in folders if not Path(parts.ROOT / each).exists()] == []


def test_production_has_no_page_of_the_demo(tmp_path: Path) -> None:
    """Absent from the route table in production."""
    app = create_app(parts.settings(tmp_path))
    app.state.services.passwords.close()
    found = [route for route in app.routes if isinstance(route, Route)]
    assert not answered("/demo/mail", found)
    assert answered("/healthz", found)
