"""requirements*.lock: every package pinned with its hashes, and no word about where it is from."""

import re
import tomllib

import pytest

from tests.unit.parts import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z,]+\])?==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(lock: str) -> str:
    """Read a lock file with its continued lines joined."""
    return (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")


def pins(lock: str) -> dict[str, str]:
    """Give the version of every package."""
    return dict(PIN.findall(text(lock)))


def plain(requirement: str) -> str:
    """Give the package of a requirement as lock files spell it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[._-]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_hashes(lock: str) -> None:
    """pip can install with --require-hashes, and gets the very files that were locked."""
    for line in text(lock).splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            assert PIN.match(line), line
            hashes = re.findall(r"--hash=\S+", line)
            assert hashes, line
            assert all(HASH.fullmatch(each) for each in hashes), line


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_address_is_named(lock: str) -> None:
    """Whoever installs chooses the index."""
    assert not re.search(r"https?:|--(?:extra-)?index-url|--find-links|--trusted-host", text(lock))


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_product_needs_is_locked(lock: str) -> None:
    """Every dependency of pyproject.toml, the demo's included, has its pin."""
    project = PROJECT["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    assert {plain(each) for each in needed} <= pins(lock).keys()


def test_what_the_developer_needs_is_locked() -> None:
    """Every tool of the dev group has its pin."""
    needed = PROJECT["dependency-groups"]["dev"]
    assert {plain(each) for each in needed} <= pins("requirements-dev.lock").keys()


def test_the_developer_tests_what_runs() -> None:
    """Both files pin the same versions of what the product needs."""
    developer = pins("requirements-dev.lock")
    assert {name: developer.get(name) for name in pins("requirements.lock")} == pins(
        "requirements.lock"
    )
