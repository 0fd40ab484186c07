"""Table reset_requests."""

from dataclasses import dataclass

from web.database import Tx
from web.store.credentials import CredentialKind
from web.store.topics import Topic

ADD = """
    INSERT INTO reset_requests (once_key, kind, sealed, asked_at)
    VALUES (:once_key, :kind, :sealed, :now)
    ON CONFLICT (once_key) DO NOTHING
"""
EXISTS = "SELECT 1 FROM reset_requests WHERE once_key = :once_key AND kind = :kind"
WAITING = """
    SELECT once_key, kind, sealed, asked_at
      FROM reset_requests WHERE judged_at IS NULL ORDER BY asked_at LIMIT :most
"""
JUDGE = """
    UPDATE reset_requests SET judged_at = :now, sealed = NULL
     WHERE once_key = :once_key AND judged_at IS NULL
"""
JUDGE_ALL = """
    UPDATE reset_requests SET judged_at = :now, sealed = NULL WHERE judged_at IS NULL
"""
TIDY = "DELETE FROM reset_requests WHERE judged_at < :before"


@dataclass(frozen=True, slots=True)
class Request:
    """A パスワード初期化依頼 that nobody has judged yet."""

    once_key: str
    kind: CredentialKind
    sealed: bytes
    asked_at: int


async def add(tx: Tx, once_key: str, kind: CredentialKind, sealed: bytes) -> bool:
    """Write a request down; tell whether it is a new one."""
    tx.wakes.add(Topic.REQUESTS)
    return await tx.run(ADD, once_key=once_key, kind=kind, sealed=sealed) == 1


async def exists(tx: Tx, once_key: str, kind: CredentialKind) -> bool:
    """Tell whether such a request was made."""
    return await tx.one(EXISTS, once_key=once_key, kind=kind) is not None


async def waiting(tx: Tx, *, most: int) -> list[Request]:
    """List requests nobody has judged, oldest first."""
    rows = await tx.all(WAITING, most=most)
    return [
        Request(row["once_key"], CredentialKind(row["kind"]), row["sealed"], row["asked_at"])
        for row in rows
    ]


async def judge(tx: Tx, once_key: str) -> bool:
    """Mark a request as judged and erase what was typed; tell whether it was still waiting."""
    return await tx.run(JUDGE, once_key=once_key) == 1


async def judge_all(tx: Tx) -> int:
    """Mark every waiting request as judged, unread; count them."""
    return await tx.run(JUDGE_ALL)


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove requests judged long ago."""
    return await tx.run(TIDY, before=before)
