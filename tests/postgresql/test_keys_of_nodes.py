"""Secret keys of several nodes: one that lacks what another seals with spoils nothing, and says so."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.people import ALICE
from tests.support.process import Installation, Served
from tests.support.product import SAME_ORIGIN

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW = "a newer secret of the tests that is long enough"


def installation(folder: Path, url: str) -> Installation:
    """Describe a node in a folder of its own."""
    folder.mkdir()
    node = Installation(folder, "smtp://127.0.0.1:9")
    node.environ["MYPAGE_DATABASE_URL"] = url
    return node


@pytest.fixture
def old(tmp_path: Path, url: str) -> Installation:
    """Give a node that holds the old key alone, and an account."""
    node = installation(tmp_path / "old", url)
    node.create(ALICE)
    return node


@pytest.fixture
def served(old: Installation) -> Iterator[Served]:
    """Serve from it."""
    served = old.serve()
    yield served
    served.kill()


@pytest.fixture
def new(tmp_path: Path, url: str, old: Installation) -> Iterator[Installation]:
    """Serve from a node that seals with a new key, as if the first of the three steps had been left out."""
    node = installation(tmp_path / "new", url)
    node.environ["MYPAGE_SECRET_KEY"] = f"{NEW},{old.environ['MYPAGE_SECRET_KEY']}"
    served = node.serve()
    yield node
    served.kill()


async def tried(node: Installation) -> int:
    """Give the status of a log-in."""
    async with httpx.AsyncClient(base_url=node.base_url, headers=SAME_ORIGIN, timeout=60) as alice:
        typed = {"user_id": ALICE.account.payment_user_id, "password": ALICE.payment_password}
        return (await alice.post("/useridmg/login", data=typed)).status_code


async def readiness(node: Installation) -> dict[str, str]:
    """Ask whether it can serve."""
    async with httpx.AsyncClient(base_url=node.base_url) as balancer:
        said: dict[str, str] = (await balancer.get("/readyz")).json()
        return said


@pytest.mark.usefixtures("served")
async def test_the_trail_goes_on_under_the_new_key_alone(
    old: Installation, new: Installation
) -> None:
    """The other node writes no event that nobody can prove, and is not ready."""
    assert await tried(new) == 303
    assert await tried(old) == 503
    assert await readiness(old) == {"status": "a secret key is missing"}
    assert "MYPAGE_SECRET_KEY: the audit trail goes on under key" in old.logged()
    assert await readiness(new) == {"status": "ok"}
    verified = new.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr


async def test_a_node_without_the_key_of_another_does_not_start(
    old: Installation, new: Installation
) -> None:
    """It would find no lock of anybody, and replace the key by which they are found."""
    assert await tried(new) == 303
    refused = old.command("serve")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1), refused.stderr
    assert "MYPAGE_SECRET_KEY: another node seals with key" in refused.stderr
    assert old.command("audit", "list").returncode == 0
    assert new.command("audit", "verify").returncode == 0
    old.environ["MYPAGE_SECRET_KEY"] = new.environ["MYPAGE_SECRET_KEY"]
    assert old.serve().stop() == 0
