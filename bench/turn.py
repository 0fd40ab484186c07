"""How many commits a second pass the turn of PostgreSQL, with real acts: 次へ keeps a draft, 確定 applies it.

Usage: python -m bench.turn [--writers 16] [--seconds 15]
Alone, then with a synchronous standby. All writers live in this process, with connections of their own.
"""

import argparse
import asyncio
import secrets
import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

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

CONNECTIONS = 2  # that write, of one Services


async def acts(services: Services, person: Somebody, until: float) -> list[float]:
    """Change one account's name again and again; give how long each 確定 took."""
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


async def measure(settings: Settings, pair: Pair, writers: int, seconds: float) -> str:
    """Let so many write at once."""
    people = [Somebody(1000 + number) for number in range(writers)]
    async with AsyncExitStack() as stack:
        all_services = [
            await stack.enter_async_context(Services.opened(settings))
            for _ in range(writers // CONNECTIONS)
        ]
        for person in people:
            if not await all_services[0].read_one(
                accounts.find_by_payment_id, person.account.payment_user_id
            ):
                hashes = dict.fromkeys(CredentialKind, "never used")
                await all_services[0].write(issuance.add, person.account, hashes)
        begun, cpu, server = time.perf_counter(), time.process_time(), pair.primary.cpu_seconds()
        done = await asyncio.gather(
            *(
                acts(all_services[number % len(all_services)], person, begun + seconds)
                for number, person in enumerate(people)
            )
        )
        lasted, cpu = time.perf_counter() - begun, time.process_time() - cpu
        server = pair.primary.cpu_seconds() - server
    took = sorted(each for one in done for each in one)
    commits = 2 * len(took)
    return (
        f"{commits / lasted:.0f} commits a second, {len(took) / lasted:.0f} of them 確定;"
        f" 確定 p50 {1000 * took[len(took) // 2]:.0f} ms, p99 {1000 * took[len(took) * 99 // 100]:.0f} ms;"
        f" processor time of a commit: node {1000 * cpu / commits:.1f} ms, server {1000 * server / commits:.1f} ms"
    )


def main() -> None:
    """Start the servers, measure, end them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mypage-turn-"))
    folder.chmod(0o711)
    pair = Pair(folder / "postgresql")
    try:
        pair.create_primary()
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
        for what in ("a server alone", "with a synchronous standby"):
            settings = Settings.from_env({**node.environ, "MYPAGE_DATABASE_URL": pair.url()})
            print(f"{what:27}", asyncio.run(measure(settings, pair, given.writers, given.seconds)))
            if what == "a server alone":
                pair.add_standby()
    finally:
        pair.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
