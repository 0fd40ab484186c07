"""Reads accounts from a CSV and adds them in batches, in one transaction."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from web import clock
from web.cli.ahead import made_ahead
from web.cli.csv_rows import Bad, BadRow, put_all, rows
from web.database import Violated
from web.features.issuance import form
from web.security import tokens
from web.services import Work
from web.settings import Settings
from web.store import account_indexes, account_search, accounts, credentials, kana_parts
from web.store.credentials import CredentialKind
from web.store.first_passwords import FirstPassword

_PHC = re.compile(
    r"\$argon2(?:id|i|d)\$(?:v=(?:16|19)\$)?m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,9})"
    r"\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{6,86}"
)
# Every log-in under such a hash, and every unknown ID like it, costs this much.
MOST_MEMORY = 131_072  # KiB
MOST_TIME = 10
MOST_PARALLELISM = 8
LEAST_MEMORY = 8  # KiB for each lane, by RFC 9106: less would fail at once, and tell who exists
BATCH = 4000  # rows held in memory; a server reads the first while the last are being sent
WORTH_A_PROCESS = 2_000_000  # bytes of a file: some thousand accounts
IDS_AHEAD = 50_000  # 4 MB
COLUMNS = (
    "payment_user_id", "bulk_user_id", "kind", "name", "name_kana", "representative",
    "admin_email", "notice_email", "payment_password_hash", "bulk_password_hash",
    "password_changed_at",
)  # fmt: skip
HASHES = {
    kind.value: f"{kind}_password_hash" for kind in CredentialKind
}  # the driver takes texts faster


async def import_all(tx: Work, file: Path) -> int:
    """Add every account of the file; give their number. Raises BadRow, and nothing is added."""
    now, number, bad = clock.now(), 0, Bad()
    await account_indexes.drop(tx)
    with _judged(tx.settings, file, now) as batches:
        for batch in batches:
            for line, words in batch.bad:
                bad.note(line, words)
            await put_all(lambda rows: tx.many(accounts.ADD, rows), batch.rows, bad, _taken)
            if not bad.any:  # else nothing stays of it
                await tx.many(credentials.ADD, _credentials(batch.rows))
            number += len(batch.rows)
    bad.check()
    await kana_parts.add_all(tx, created_at=now)
    await account_indexes.make(tx)
    await tx.audit("accounts.imported", number=number)
    return number


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the file that are good, and lines since those before that cannot be used."""

    rows: list[dict[str, Any]]
    bad: list[tuple[int, str]]


def _judged(settings: Settings, file: Path, now: int) -> AbstractContextManager[Iterator[Batch]]:
    """Give the batches of a file; those of a large one are made on another core meanwhile."""
    if file.stat().st_size < WORTH_A_PROCESS:
        return nullcontext(_batches(settings, file, now))
    return made_ahead(_batches, settings, file, now)


def _batches(settings: Settings, file: Path, now: int) -> Iterator[Batch]:
    bad, ids = Bad(), _ids()
    with file.open("rb") as source, suppress(BadRow):  # whoever notes them again says so
        found = rows(source, COLUMNS, lambda given: _row(settings, given, next(ids), now), bad)
        while batch := list(islice(found, BATCH)):
            yield Batch(batch, bad.taken())
    yield Batch([], bad.taken())


def _taken(refused: Violated) -> str:
    return f"{refused.column}: this ID is in use already"


def _credentials(batch: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give both passwords of each row together: they are neighbours in the index."""
    for row in batch:
        for kind, column in HASHES.items():
            yield {
                "account_id": row["id"],
                "kind": kind,
                "password_hash": row[column],
                "now": row["password_changed_at"],
                "first": FirstPassword.NO.value,
            }


def _ids() -> Iterator[str]:
    """Draw ids ahead and give them in ascending order: an index grows fastest at its end."""
    ahead = BATCH
    while True:
        yield from sorted(tokens.new_id() for _ in range(ahead))
        ahead = min(2 * ahead, IDS_AHEAD)


def _row(settings: Settings, given: Mapping[str, str], id: str, now: int) -> dict[str, Any]:
    new = form.parse_columns(settings, given)
    for column in HASHES.values():
        _check_hash(column, given[column])
    profile = new.profile
    return {
        "id": id,
        "payment_user_id": new.payment_user_id,
        "bulk_user_id": new.bulk_user_id,
        "kind": profile.kind,
        "name": profile.name,
        "name_kana": profile.name_kana,
        "representative": profile.representative,
        "admin_email": profile.admin_email,
        "notice_email": profile.notice_email,
        "payment_password_hash": given["payment_password_hash"],
        "bulk_password_hash": given["bulk_password_hash"],
        "password_changed_at": _moment(given["password_changed_at"]),
        "now": now,
        **account_search.keys(profile.name, profile.name_kana, profile.representative),
    }


def _check_hash(column: str, given: str) -> None:
    found = _PHC.fullmatch(given)
    if found is None:
        raise ValueError(f"{column}: an argon2 PHC string is needed")
    memory, time, parallelism = map(int, found.groups())
    if not (
        1 <= parallelism <= MOST_PARALLELISM
        and LEAST_MEMORY * parallelism <= memory <= MOST_MEMORY
        and 1 <= time <= MOST_TIME
    ):
        raise ValueError(
            f"{column}: m={memory},t={time},p={parallelism}: at most "
            f"m={MOST_MEMORY},t={MOST_TIME},p={MOST_PARALLELISM} are taken, at least m=8 for each p"
        )


def _moment(given: str) -> int:
    try:
        at = clock.parse_iso(given)
    except ValueError as wrong:
        raise ValueError("password_changed_at: an ISO 8601 moment is needed") from wrong
    if at > clock.now() + clock.DAY:  # such a password would never be too old
        raise ValueError("password_changed_at: the moment is still to come")
    return at
