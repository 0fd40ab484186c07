"""How many commits a second pass the turn of PostgreSQL, with real acts: 次へ keeps a draft, 確定 applies it."""

import asyncio
import secrets
import shutil
import tempfile
import time
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from bench.stage import Stage
from bench.table import Line
from tests.chaos.load import Somebody
from tests.support.process import Installation
from tools.cluster.postgresql import ROLES, Pair
from web.features.issuance import flow as issuance
from web.features.profile import flow
from web.services import Services
from web.settings import Settings
from web.steps import profile_form
from web.store import accounts
from web.store.credentials import CredentialKind

WRITERS = 16
CONNECTIONS = 2  # that write, of one Services


def measure(stage: Stage) -> list[Line]:
    """Let 16 people change their accounts at once, first on a server alone, then with a synchronous standby.

    All of them live in this process, with connections of their own.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="mypage-turn-"))
        stack.callback(shutil.rmtree, folder)
        folder.chmod(0o711)  # the server is somebody else
        pair = Pair(folder / "postgresql")
        stack.callback(pair.stop)
        pair.create_primary()
        settings = _installed(folder, pair)
        people = [Somebody(1000 + number) for number in range(WRITERS)]
        seconds = stage.seconds * stage.rounds
        asyncio.run(_make(settings, people))
        lines = asyncio.run(_write(settings, pair, people, seconds, "a server alone"))
        pair.add_standby()
        return [
            *lines,
            *asyncio.run(_write(settings, pair, people, seconds, "a synchronous standby")),
        ]


def _installed(folder: Path, pair: Pair) -> Settings:
    node = Installation(folder, "smtp://127.0.0.1:9")
    node.environ |= {
        "MYPAGE_DATABASE_URL": pair.url(ROLES[1]),
        "MYPAGE_SECRET_KEY": secrets.token_hex(32),
        "MYPAGE_MAILS_PER_DAY": "10000",
        "MYPAGE_ACTS_PER_HOUR": "1000000",
    }
    done = node.command("init-db")
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Settings.from_env({**node.environ, "MYPAGE_DATABASE_URL": pair.url()})


async def _make(settings: Settings, people: list[Somebody]) -> None:
    async with Services.opened(settings) as services:
        for person in people:
            hashes = dict.fromkeys(CredentialKind, "never used")
            await services.write(issuance.add, person.account, hashes)


async def _write(
    settings: Settings, pair: Pair, people: list[Somebody], seconds: float, what: str
) -> list[Line]:
    async with AsyncExitStack() as stack:
        nodes = [
            await stack.enter_async_context(Services.opened(settings))
            for _ in range(WRITERS // CONNECTIONS)
        ]
        began, node, server = time.perf_counter(), time.process_time(), pair.primary.cpu_seconds()
        each = zip(people, CONNECTIONS * nodes, strict=True)
        done = await asyncio.gather(*(_acts(on, who, began + seconds) for who, on in each))
        lasted = time.perf_counter() - began
        node, server = time.process_time() - node, pair.primary.cpu_seconds() - server
    took = sorted(1000 * each for one in done for each in one)
    commits = 2 * len(took)
    return [
        Line(f"commits a second by {WRITERS} writers, {what}", commits / lasted),
        Line(f"確定 a second, {what}", len(took) / lasted),
        Line(f"確定 p50, {what}", took[len(took) // 2], " ms"),
        Line(f"確定 p99, {what}", took[len(took) * 99 // 100], " ms"),
        Line(f"processor time of a commit, node, {what}", 1000 * node / commits, " ms"),
        Line(f"processor time of a commit, server, {what}", 1000 * server / commits, " ms"),
    ]


async def _acts(services: Services, person: Somebody, until: float) -> list[float]:
    """Change one account's name again and again; give how many seconds each 確定 took."""
    took = []
    while time.perf_counter() < until:
        account = await services.read_one(
            accounts.find_by_payment_id, person.account.payment_user_id
        )
        assert account is not None  # noqa: S101 made before
        typed = profile_form.values(account.profile)
        typed["representative"] = f"星野　{'甲乙'[account.profile_version % 2]}"
        flow_id = flow.DRAFTS.new_flow_id(services.vault, account)
        draft = await services.write(
            flow.DRAFTS.keep, account, flow_id, typed, base_version=str(account.profile_version)
        )
        asked = time.perf_counter()
        await services.write(flow.apply, account, draft.id)
        took.append(time.perf_counter() - asked)
    return took
