"""First passwords: those that the operator chose, of accounts and of 担当者 (column first_password)."""

from enum import IntEnum

from web.database import Tx

COUNT = """
    SELECT (SELECT COUNT(*) FROM credentials WHERE first_password > 0) AS of_accounts,
           (SELECT COUNT(*) FROM staff WHERE first_password > 0) AS of_staff
"""


class FirstPassword(IntEnum):
    """Whether a password is one that the operator chose, and what then."""

    NO = 0  # its holder chose it
    GIVEN = 1
    TO_CHANGE = 2  # at the first log-in


async def count(tx: Tx) -> tuple[int, int]:
    """Count those that were never changed, of accounts and of 担当者."""
    row = await tx.one(COUNT)
    return (row["of_accounts"], row["of_staff"]) if row else (0, 0)
