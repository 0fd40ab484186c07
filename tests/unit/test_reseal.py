"""A new secret takes over what is sealed for years, and a row that no key opens stops no other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.files import file_of
from tests.support.log_lines import Told
from tests.support.people import ALICE
from tests.unit import parts
from tests.unit.parts import SECRET
from web import clock
from web.database import Tx
from web.direct_debit import acts, reseal
from web.direct_debit.acts import Wish
from web.direct_debit.details import Details, opened
from web.features.issuance import flow
from web.security.vault import Vault
from web.services import Services
from web.store import direct_debit_accounts
from web.store.credentials import CredentialKind
from web.store.direct_debit_accounts import DebitAccount
from web.store.direct_debit_forms import Action, Kind, Mandate

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

NEW = "another secret of the tests that is long enough"
DETAILS = Details("0005", "三菱ＵＦＪ", "001", "本店", "ordinary", "7654321", "ｹｲｼﾞ", "軽自")
BREAK = "UPDATE direct_debit_forms SET sealed = CAST(x'00' || sealed AS BLOB) WHERE id = :id"
BREAK_ALL = "UPDATE direct_debit_forms SET sealed = CAST(x'00' || sealed AS BLOB) WHERE id <> ''"
SEALED_UNDER = """
    SELECT id, sealed FROM direct_debit_accounts WHERE key_id = :key_id
     UNION ALL SELECT id, sealed FROM direct_debit_forms WHERE key_id = :key_id
"""


@asynccontextmanager
async def under(folder: Path, secret: str) -> AsyncIterator[Services]:
    """Open the product's parts under a secret."""
    services = Services.of(parts.settings(folder, MYPAGE_SECRET_KEY=secret))
    async with parts.opened(file_of(services.settings)):
        await services.open(command=True)
        try:
            yield services
        finally:
            await services.database.close()
            services.passwords.close()


async def with_forms(folder: Path, number: int) -> list[Mandate]:
    """Make withdrawn forms, and an account, under the old secret; the forms in the order of ids."""
    made = []
    async with under(folder, SECRET) as services:
        write, now = services.write, clock.now()
        hashes = dict.fromkeys(CredentialKind, "$argon2id$")
        account = await write(flow.add, ALICE.account, hashes)
        for nth in range(number):
            wish = Wish(Kind.LOCAL, Action.NEW, replace(DETAILS, number=f"765432{nth}"))
            (form,) = await write(acts.make, account, [wish], "r")
            await write(acts.withdraw, form.id, form.version)
            made.append(form)
        live = DebitAccount(
            "a", account, Kind.LOCAL, DETAILS.seal(services.vault, "a"), services.vault.key_id,
            "321", now, None,
        )  # fmt: skip
        await write(direct_debit_accounts.add, live)
    return sorted(made, key=lambda form: form.id)


async def broken(folder: Path, sql: str, **values: str) -> None:
    """Damage what is sealed."""
    async with under(folder, SECRET) as services:
        await services.database.write(Tx.run, sql, **values)


async def rotated(folder: Path) -> dict[str, str]:
    """Run once with `new,old`; tell which rows open under the new secret alone, and as what."""
    async with under(folder, f"{NEW},{SECRET}") as services:
        await reseal.reseal(services)
        key_id, found = services.vault.key_id, {}
        async with services.database.read() as reads:
            for row in await reads.all(SEALED_UNDER, key_id=key_id):
                found[row["id"]] = opened(Vault((NEW,)), row["id"], row["sealed"]).number
    return found


def facts(told: Told, event: str) -> list[dict[str, object]]:
    """Give what every line of an event says of it."""
    always = {"at", "level", "event", "request_id", "trace"}
    return [{key: line[key] for key in line.keys() - always} for line in told.of(event)]


async def test_a_new_secret_takes_over_what_the_old_one_sealed(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one round of upkeep with `new,old` the old secret is no longer needed."""
    monkeypatch.setattr(reseal, "MOST", 2)
    forms = await with_forms(tmp_path, 5)
    assert await rotated(tmp_path) == {
        "a": "7654321",
        **{form.id: f"7654{form.last_digits}" for form in forms},
    }
    assert facts(told, "direct_debit.resealed") == [
        {"table": "direct_debit_accounts", "rows": 1},
        {"table": "direct_debit_forms", "rows": 5},
    ]
    assert await rotated(tmp_path)
    assert len(facts(told, "direct_debit.resealed")) == 2
    assert not facts(told, "direct_debit.unreadable")


@pytest.mark.parametrize("position", [0, 1, 2, 4])
async def test_a_row_that_no_key_opens_stops_no_other(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    """It is passed over, wherever it lies in a batch, and named once in each run."""
    monkeypatch.setattr(reseal, "MOST", 2)
    forms = await with_forms(tmp_path, 5)
    bad = forms.pop(position)
    await broken(tmp_path, BREAK, id=bad.id)
    for run in (1, 2):
        assert (await rotated(tmp_path)).keys() == {"a", *(form.id for form in forms)}
        lines = facts(told, "direct_debit.unreadable")
        assert lines == [{"table": "direct_debit_forms", "rows": 1, "ids": bad.id}] * run
    assert "765432" not in repr(told)
    assert "三菱" not in repr(told)


async def test_a_run_ends_when_no_row_opens(
    tmp_path: Path, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than a batch of them is passed over in one run; the line names the first few."""
    monkeypatch.setattr(reseal, "MOST", 2)
    monkeypatch.setattr(reseal, "NAMED", 3)
    forms = await with_forms(tmp_path, 5)
    await broken(tmp_path, BREAK_ALL)
    assert (await rotated(tmp_path)).keys() == {"a"}
    (line,) = facts(told, "direct_debit.unreadable")
    assert line["rows"] == 5
    assert line["ids"] == " ".join(form.id for form in forms[:3])
