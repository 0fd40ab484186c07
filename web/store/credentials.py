"""Tables credentials and former_passwords."""

import string
from dataclasses import dataclass
from enum import StrEnum

from web.database import Row, Tx
from web.store.first_passwords import FirstPassword

COUNTED = 20_000
REMEMBERED = 3  # former passwords that may not come back

FIND = """
    SELECT c.account_id, c.kind, c.password_hash, c.password_changed_at, c.first_password,
           a.disabled_at,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = c.account_id) AS second
      FROM credentials AS c JOIN accounts AS a ON a.id = c.account_id
     WHERE c.account_id = :account_id AND c.kind = :kind
"""
FIND_BY_PAYMENT_ID = """
    SELECT c.account_id, c.kind, c.password_hash, c.password_changed_at, c.first_password,
           a.disabled_at,
           EXISTS (SELECT 1 FROM second_factors AS p WHERE p.owner_id = c.account_id) AS second
      FROM accounts AS a JOIN credentials AS c ON c.account_id = a.id AND c.kind = 'payment'
     WHERE a.payment_user_id = :payment_user_id
"""
IN_USE = """
    SELECT rtrim(rtrim(rtrim(password_hash, :alphabet), '$'), :alphabet) AS start, COUNT(*) AS number
      FROM (SELECT password_hash FROM credentials
             WHERE kind = 'payment' ORDER BY account_id LIMIT :most) AS counted
     GROUP BY start
"""
NEAR_THE_END = """
    SELECT a.id AS account_id, a.payment_user_id, a.admin_email, c.password_changed_at
      FROM credentials AS c JOIN accounts AS a ON a.id = c.account_id
     WHERE c.kind = 'payment' AND c.password_changed_at > :after
       AND c.password_changed_at <= :until AND a.disabled_at IS NULL
       AND NOT EXISTS (
           SELECT 1 FROM outbox AS o
            WHERE o.once_key = 'expiry:' || a.id || ':' || c.password_changed_at || ':' || :stage)
     ORDER BY c.password_changed_at DESC LIMIT :most
"""
ADD = """
    INSERT INTO credentials (account_id, kind, password_hash, password_changed_at, first_password)
    VALUES (:account_id, :kind, :password_hash, :now, :first)
"""
REMEMBER = """
    INSERT INTO former_passwords (account_id, kind, password_hash, replaced_at)
    SELECT account_id, kind, password_hash, :now
      FROM credentials WHERE account_id = :account_id AND kind = :kind
"""
SET_PASSWORD = """
    UPDATE credentials
       SET password_hash = :password_hash, password_changed_at = :now, first_password = 0
     WHERE account_id = :account_id AND kind = :kind
"""
REHASH = """
    UPDATE credentials SET password_hash = :new_hash
     WHERE account_id = :account_id AND kind = :kind AND password_hash = :old_hash
"""
USED = """
    SELECT password_hash FROM (
        SELECT password_hash, replaced_at FROM former_passwords
         WHERE account_id = :account_id AND kind = :kind
        UNION ALL
        SELECT password_hash, :now + 1 FROM credentials
         WHERE account_id = :account_id AND kind = :kind) AS used
     ORDER BY replaced_at DESC LIMIT :remembered + 1
"""
FORGET = """
    DELETE FROM former_passwords
     WHERE account_id = :account_id AND kind = :kind
       AND password_hash NOT IN (
           SELECT password_hash FROM former_passwords
            WHERE account_id = :account_id AND kind = :kind
            ORDER BY replaced_at DESC LIMIT :remembered)
"""


class CredentialKind(StrEnum):
    """Which of an account's two passwords."""

    PAYMENT = "payment"
    BULK = "bulk"

    @property
    def label(self) -> str:
        """Give the word that the screens put before パスワード."""
        return "納付利用者" if self is CredentialKind.PAYMENT else "一括利用者"

    @property
    def path(self) -> str:
        """Give the end of /useridmg/pwdInit…, as in the manual's mails."""
        return "Pay" if self is CredentialKind.PAYMENT else "Bulk"


@dataclass(frozen=True, slots=True)
class Credential:
    """One of an account's two passwords, and whether the account is shut."""

    account_id: str
    kind: CredentialKind
    password_hash: str
    password_changed_at: int
    first_password: int
    disabled_at: int | None
    second: int  # 1 = its owner has a second factor

    @property
    def owner_id(self) -> str:
        """Name whose devices may try it."""
        return self.account_id


@dataclass(frozen=True, slots=True)
class NearTheEnd:
    """A payment password whose life is nearly over, and whom to tell."""

    account_id: str
    payment_user_id: str
    admin_email: str
    password_changed_at: int

    def once_key(self, stage: str) -> str:
        """Name the mail of a stage before the end; after a change there are new mails."""
        return f"expiry:{self.account_id}:{self.password_changed_at}:{stage}"


async def near_the_end(
    tx: Tx, stage: str, *, after: int, until: int, most: int
) -> list[NearTheEnd]:
    """List payment passwords set in a span whose holders were not told of the stage yet."""
    rows = await tx.all(NEAR_THE_END, stage=stage, after=after, until=until, most=most)
    return [NearTheEnd(**row) for row in rows]


async def find_by_payment_id(tx: Tx, payment_user_id: str) -> Credential | None:
    """Find the credential that logs in under a 納付利用者ID."""
    row = await tx.one(FIND_BY_PAYMENT_ID, payment_user_id=payment_user_id)
    return _credential(row) if row else None


async def find(tx: Tx, account_id: str, kind: CredentialKind) -> Credential | None:
    """Find a credential."""
    row = await tx.one(FIND, account_id=account_id, kind=kind)
    return _credential(row) if row else None


def _credential(row: Row) -> Credential:
    return Credential(**{**dict(row), "kind": CredentialKind(row["kind"])})


async def add(
    tx: Tx, account_id: str, kind: CredentialKind, password_hash: str, first: FirstPassword
) -> None:
    """Add a credential to a new account."""
    values = {"account_id": account_id, "kind": kind, "password_hash": password_hash}
    tx.defer(ADD, **values, first=first)


async def set_password(tx: Tx, account_id: str, kind: CredentialKind, password_hash: str) -> None:
    """Set a new password, remembering the one it replaces."""
    tx.defer(REMEMBER, account_id=account_id, kind=kind)
    tx.defer(FORGET, account_id=account_id, kind=kind, remembered=REMEMBERED)
    tx.defer(SET_PASSWORD, account_id=account_id, kind=kind, password_hash=password_hash)


async def rehash(tx: Tx, old: Credential, new_hash: str) -> None:
    """Replace a hash made with outdated parameters, unless somebody was quicker; the age stays."""
    tx.defer(
        REHASH,
        account_id=old.account_id,
        kind=old.kind,
        old_hash=old.password_hash,
        new_hash=new_hash,
    )


async def used(tx: Tx, account_id: str, kind: CredentialKind) -> list[str]:
    """List the hashes of the current password and of the last ones before it."""
    rows = await tx.all(USED, account_id=account_id, kind=kind, remembered=REMEMBERED)
    return [row["password_hash"] for row in rows]


async def in_use(tx: Tx) -> dict[str, int]:
    """Count hashes of 納付利用者パスワード by their argon2 parameters: the start of a PHC string, up to its salt.

    The first 20,000 by their ids, which are random, stand for all.
    """
    rows = await tx.all(IN_USE, alphabet=string.ascii_letters + string.digits + "+/", most=COUNTED)
    return {row["start"]: row["number"] for row in rows}
