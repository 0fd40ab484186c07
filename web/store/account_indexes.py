"""Drops indexes of accounts and credentials while very many rows are added, then makes them anew.

Those of keys and of UNIQUE stay, so that an ID that comes twice is still reported with its line.
"""

from web.database import Tx

DROP_BY_ADMIN_EMAIL = "DROP INDEX accounts_by_admin_email"
DROP_BY_NUMBER = "DROP INDEX accounts_by_number"
DROP_BY_KANA = "DROP INDEX accounts_by_kana"
DROP_BY_NAME = "DROP INDEX accounts_by_name"
DROP_BY_REPRESENTATIVE = "DROP INDEX accounts_by_representative"
DROP_BY_KANA_PART = "DROP INDEX kana_parts_by_part"
DROP_BY_AGE = "DROP INDEX credentials_by_age"
MAKE_BY_ADMIN_EMAIL = """
    CREATE INDEX IF NOT EXISTS accounts_by_admin_email ON accounts (LOWER(admin_email))
"""
MAKE_BY_NUMBER = """
    CREATE INDEX IF NOT EXISTS accounts_by_number
        ON accounts (LENGTH(payment_user_id), payment_user_id)
"""
MAKE_BY_KANA = "CREATE INDEX IF NOT EXISTS accounts_by_kana ON accounts (kana_key)"
MAKE_BY_NAME = "CREATE INDEX IF NOT EXISTS accounts_by_name ON accounts (name_key)"
MAKE_BY_REPRESENTATIVE = """
    CREATE INDEX IF NOT EXISTS accounts_by_representative ON accounts (representative_key)
     WHERE representative_key <> ''
"""
MAKE_BY_KANA_PART = """
    CREATE INDEX IF NOT EXISTS kana_parts_by_part ON kana_parts (part, payment_user_id)
"""
MAKE_BY_AGE = """
    CREATE INDEX IF NOT EXISTS credentials_by_age ON credentials (password_changed_at)
     WHERE kind = 'payment'
"""


async def drop(tx: Tx) -> None:
    """Drop them; a transaction that fails brings them back."""
    await tx.run(DROP_BY_ADMIN_EMAIL)
    await tx.run(DROP_BY_NUMBER)
    await tx.run(DROP_BY_KANA)
    await tx.run(DROP_BY_NAME)
    await tx.run(DROP_BY_REPRESENTATIVE)
    await tx.run(DROP_BY_KANA_PART)
    await tx.run(DROP_BY_AGE)


async def make(tx: Tx) -> None:
    """Make them anew."""
    await tx.run(MAKE_BY_ADMIN_EMAIL)
    await tx.run(MAKE_BY_NUMBER)
    await tx.run(MAKE_BY_KANA)
    await tx.run(MAKE_BY_NAME)
    await tx.run(MAKE_BY_REPRESENTATIVE)
    await tx.run(MAKE_BY_KANA_PART)
    await tx.run(MAKE_BY_AGE)
