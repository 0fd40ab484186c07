"""Table reset_links."""

from dataclasses import dataclass

from web.database import Tx
from web.store.credentials import CredentialKind

FIND_BY_KEY = """
    SELECT id, account_id, kind, asked_at, expires_at, used_at, ended_at,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = reset_links.account_id) AS second
      FROM reset_links WHERE key_hash = :key_hash AND kind = :kind
"""
ADD = """
    INSERT INTO reset_links (id, key_hash, account_id, kind, asked_at, expires_at)
    VALUES (:id, :key_hash, :account_id, :kind, :asked_at, :expires_at)
"""
USE = """
    UPDATE reset_links SET used_at = :now
     WHERE id = :id AND used_at IS NULL AND ended_at IS NULL AND expires_at > :now
"""
WITHDRAW_GUIDE = """
    UPDATE outbox SET dead_at = :now, recipient = '', sealed = NULL, last_error = 'link ended'
     WHERE sent_at IS NULL AND dead_at IS NULL AND once_key IN (
           SELECT 'reset_guide:' || id FROM reset_links
            WHERE account_id = :account_id AND kind = :kind
              AND used_at IS NULL AND ended_at IS NULL)
"""
END = """
    UPDATE reset_links SET ended_at = :now
     WHERE account_id = :account_id AND kind = :kind AND used_at IS NULL AND ended_at IS NULL
"""
WITHDRAW_GUIDES = """
    UPDATE outbox SET dead_at = :now, recipient = '', sealed = NULL, last_error = 'link ended'
     WHERE sent_at IS NULL AND dead_at IS NULL AND once_key IN (
           SELECT 'reset_guide:' || id FROM reset_links
            WHERE used_at IS NULL AND ended_at IS NULL)
"""
END_ALL = """
    UPDATE reset_links SET ended_at = :now WHERE used_at IS NULL AND ended_at IS NULL
"""
ASKED_SINCE = """
    SELECT COUNT(*) AS number FROM reset_links
     WHERE account_id = :account_id AND kind = :kind AND asked_at > :since
"""
LIVE_UNTIL = """
    SELECT expires_at FROM reset_links
     WHERE account_id = :account_id AND kind = :kind AND used_at IS NULL AND ended_at IS NULL
       AND expires_at > :now
"""
FIND_USED = """
    SELECT id, account_id, kind, asked_at, expires_at, used_at, ended_at
      FROM reset_links WHERE id = :id AND kind = :kind AND used_at IS NOT NULL
"""
TIDY = "DELETE FROM reset_links WHERE expires_at < :before"


@dataclass(frozen=True, slots=True)
class Link:
    """A mailed パスワード初期化用URL."""

    id: str
    account_id: str
    kind: CredentialKind
    asked_at: int
    expires_at: int
    used_at: int | None
    ended_at: int | None
    second: int = 0  # 1 = its owner has a second factor

    def live(self, now: int) -> bool:
        """Tell whether a password can be set with it."""
        return self.used_at is None and self.ended_at is None and now < self.expires_at


async def find_by_key(tx: Tx, key_hash: bytes, kind: CredentialKind) -> Link | None:
    """Find a link by the digest of its key, for the one credential it was mailed for."""
    row = await tx.one(FIND_BY_KEY, key_hash=key_hash, kind=kind)
    return Link(**{**row, "kind": kind}) if row else None


async def find_used(tx: Tx, id: str, kind: CredentialKind) -> Link | None:
    """Find a link that has set a password."""
    row = await tx.one(FIND_USED, id=id, kind=kind)
    return Link(**{**row, "kind": kind}) if row else None


async def add(tx: Tx, link: Link, key_hash: bytes) -> None:
    """Add a link."""
    tx.defer(
        ADD,
        id=link.id,
        key_hash=key_hash,
        account_id=link.account_id,
        kind=link.kind,
        asked_at=link.asked_at,
        expires_at=link.expires_at,
    )


async def use(tx: Tx, id: str) -> bool:
    """Use a link up; True for exactly one caller, and only while it is live."""
    return await tx.run(USE, id=id) == 1


async def end(tx: Tx, account_id: str, kind: CredentialKind) -> None:
    """End a credential's live link, and the mail that would still bring it."""
    tx.defer(WITHDRAW_GUIDE, account_id=account_id, kind=kind)
    tx.defer(END, account_id=account_id, kind=kind)


async def end_all(tx: Tx) -> int:
    """End every live link, and the mails that would still bring them; count the links."""
    tx.defer(WITHDRAW_GUIDES)
    return await tx.run(END_ALL)


async def live_until(tx: Tx, account_id: str, kind: CredentialKind) -> int | None:
    """Give when a credential's live link dies; None when there is none."""
    row = await tx.one(LIVE_UNTIL, account_id=account_id, kind=kind)
    return row["expires_at"] if row else None


async def asked_since(tx: Tx, account_id: str, kind: CredentialKind, *, since: int) -> int:
    """Count a credential's links since a moment."""
    row = await tx.one(ASKED_SINCE, account_id=account_id, kind=kind, since=since)
    return int(row["number"]) if row else 0


async def tidy(tx: Tx, *, before: int) -> int:
    """Remove links that died long ago."""
    return await tx.run(TIDY, before=before)
