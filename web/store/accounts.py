"""Table accounts."""

from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from web.database import Tx
from web.store import kana_parts
from web.store.account_search import keys

FIND_BY_PAYMENT_ID = """
    SELECT id, payment_user_id, bulk_user_id, kind, name, name_kana, representative, admin_email,
           notice_email, profile_version, profile_updated_at, disabled_at, address_confirmed
      FROM accounts WHERE payment_user_id = :payment_user_id
"""
FIND = """
    SELECT id, payment_user_id, bulk_user_id, kind, name, name_kana, representative, admin_email,
           notice_email, profile_version, profile_updated_at, disabled_at, address_confirmed
      FROM accounts WHERE id = :id
"""
FIND_OPEN = """
    SELECT id, payment_user_id, bulk_user_id, kind, name, name_kana, representative, admin_email,
           notice_email, profile_version, profile_updated_at, disabled_at, address_confirmed
      FROM accounts WHERE id = :id
       AND disabled_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.id = :session_id AND s.ended_at IS NOT NULL)
"""
OF_ADDRESS = """
    SELECT payment_user_id, bulk_user_id, admin_email FROM accounts
     WHERE LOWER(admin_email) = LOWER(:admin_email) AND disabled_at IS NULL
     ORDER BY LENGTH(payment_user_id), payment_user_id LIMIT :most
"""
HIGHEST = """
    SELECT payment_user_id FROM accounts
     WHERE SUBSTR(payment_user_id, 1, LENGTH(:prefix)) = :prefix
     ORDER BY LENGTH(payment_user_id) DESC, payment_user_id DESC LIMIT 1
"""
TAKEN = """
    SELECT 1 FROM accounts
     WHERE payment_user_id = :payment_user_id OR bulk_user_id = :bulk_user_id
"""
ADD = """
    INSERT INTO accounts (id, payment_user_id, bulk_user_id, kind, name, name_kana, representative,
                          admin_email, notice_email, profile_updated_at, created_at,
                          name_key, kana_key, representative_key)
    VALUES (:id, :payment_user_id, :bulk_user_id, :kind, :name, :name_kana, :representative,
            :admin_email, :notice_email, :now, :now, :name_key, :kana_key, :representative_key)
"""
CHANGE_PROFILE = """
    UPDATE accounts
       SET kind = :kind, name = :name, name_kana = :name_kana, representative = :representative,
           address_confirmed = CASE WHEN admin_email = :admin_email THEN address_confirmed
                                    ELSE :address_confirmed END,
           admin_email = :admin_email, notice_email = :notice_email,
           name_key = :name_key, kana_key = :kana_key, representative_key = :representative_key,
           profile_version = profile_version + 1, profile_updated_at = :now
     WHERE id = :id AND profile_version = :profile_version
       AND (disabled_at IS NULL OR :address_confirmed = 1)
       AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.id = :session_id AND s.ended_at IS NOT NULL)
"""

CONFIRM_ADDRESS = "UPDATE accounts SET address_confirmed = 1 WHERE id = :id"
SET_DISABLED = "UPDATE accounts SET disabled_at = :at WHERE id = :id"


# The id of the log-in whose request this is; '' of a command, or a task.
acting: ContextVar[str] = ContextVar("acting", default="")


class Shut(Exception):
    """Whoever acts is shut out: the account by 停止 or 廃止, a 担当者, or by the end of the log-in."""


class ProfileKind(StrEnum):
    """Who a 利用者 is."""

    INDIVIDUAL = "individual"
    CORPORATE = "corporate"

    @property
    def label(self) -> str:
        """Give its name on the screens."""
        return "法人の方" if self is ProfileKind.CORPORATE else "個人の方"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a 利用者 can change about itself."""

    kind: str
    name: str
    name_kana: str
    representative: str
    admin_email: str
    notice_email: str


class Account(NamedTuple):  # made at every request, twice as fast as a dataclass
    """A 利用者 with its two IDs."""

    id: str
    payment_user_id: str
    bulk_user_id: str
    kind: str
    name: str
    name_kana: str
    representative: str
    admin_email: str
    notice_email: str
    profile_version: int
    profile_updated_at: int
    disabled_at: int | None
    address_confirmed: int

    @property
    def profile(self) -> Profile:
        """Give the part that the 利用者 can change."""
        return Profile(
            self.kind,
            self.name,
            self.name_kana,
            self.representative,
            self.admin_email,
            self.notice_email,
        )


async def find_by_payment_id(tx: Tx, payment_user_id: str) -> Account | None:
    """Find an account by its 納付利用者ID."""
    row = await tx.one(FIND_BY_PAYMENT_ID, payment_user_id=payment_user_id)
    return Account(**row) if row else None


async def find(tx: Tx, id: str) -> Account | None:
    """Find an account."""
    row = await tx.one(FIND, id=id)
    return Account(**row) if row else None


async def find_open(tx: Tx, id: str) -> Account:
    """Find the account of whoever acts, in the transaction that acts. Raises Shut.

    The look at the log-in was a moment ago, and a password may have waited for its hash since: an account
    that was shut meanwhile, or a log-in that was ended, must do nothing more.
    """
    row = await tx.one(FIND_OPEN, id=id, session_id=acting.get())
    if row is None:
        raise Shut(id)
    return Account(**row)


async def of_address(tx: Tx, admin_email: str, *, most: int) -> list[tuple[str, str, str]]:
    """List the pairs of IDs that share a 利用者管理用メールアドレス, in any case, and how each has it."""
    rows = await tx.all(OF_ADDRESS, admin_email=admin_email, most=most)
    return [(row["payment_user_id"], row["bulk_user_id"], row["admin_email"]) for row in rows]


async def highest(tx: Tx, prefix: str) -> str:
    """Give the digits of the highest 納付利用者ID with a prefix; '' for none."""
    row = await tx.one(HIGHEST, prefix=prefix)
    return str(row["payment_user_id"]).removeprefix(prefix) if row else ""


async def taken(tx: Tx, payment_user_id: str, bulk_user_id: str) -> bool:
    """Tell whether one of two IDs belongs to somebody."""
    row = await tx.one(TAKEN, payment_user_id=payment_user_id, bulk_user_id=bulk_user_id)
    return row is not None


async def add(tx: Tx, id: str, payment_user_id: str, bulk_user_id: str, profile: Profile) -> None:
    """Add an account. Raises Violated when an ID is taken."""
    await tx.run(
        ADD,
        id=id,
        payment_user_id=payment_user_id,
        bulk_user_id=bulk_user_id,
        kind=profile.kind,
        name=profile.name,
        name_kana=profile.name_kana,
        representative=profile.representative,
        admin_email=profile.admin_email,
        notice_email=profile.notice_email,
        **keys(profile.name, profile.name_kana, profile.representative),
    )
    kana_parts.add(tx, id)


async def set_disabled(tx: Tx, id: str, at: int | None) -> None:
    """Shut an account from a moment on, or open it again."""
    tx.defer(SET_DISABLED, id=id, at=at)


async def confirm_address(tx: Tx, id: str) -> None:
    """Note that the 利用者管理用メールアドレス is its owner's."""
    tx.defer(CONFIRM_ADDRESS, id=id)


async def change_profile(
    tx: Tx, account: Account, profile: Profile, *, confirmed: bool = False
) -> bool:
    """Change the profile if nobody changed it since it was read, shut it, or ended the log-in; tell whether it was done.

    `confirmed`: two 担当者 have made sure whose a new 利用者管理用メールアドレス is; they change shut ones too.
    """
    other_kana = profile.name_kana != account.profile.name_kana
    if other_kana:
        kana_parts.remove(tx, account.id)
    changed = await tx.run(
        CHANGE_PROFILE,
        id=account.id,
        profile_version=account.profile_version,
        session_id=acting.get(),
        address_confirmed=int(confirmed),
        kind=profile.kind,
        name=profile.name,
        name_kana=profile.name_kana,
        representative=profile.representative,
        admin_email=profile.admin_email,
        notice_email=profile.notice_email,
        **keys(profile.name, profile.name_kana, profile.representative),
    )
    if other_kana:
        kana_parts.add(tx, account.id)
    return changed == 1
