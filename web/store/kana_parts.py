"""Table kana_parts: any part of a フリガナ is the beginning of a row, or of one but for its first letter."""

from web.database import Tx

ADD = """
    INSERT INTO kana_parts (part, payment_user_id)
      WITH RECURSIVE places (place) AS (
           SELECT 1 UNION ALL SELECT place + 2 FROM places WHERE place < 64)
    SELECT SUBSTR(kana_key, place), payment_user_id
      FROM accounts JOIN places ON place <= LENGTH(kana_key)
     WHERE id = :id
"""
ADD_ALL = """
    INSERT INTO kana_parts (part, payment_user_id)
      WITH RECURSIVE places (place) AS (
           SELECT 1 UNION ALL SELECT place + 2 FROM places WHERE place < 64)
    SELECT SUBSTR(kana_key, place), payment_user_id
      FROM accounts CROSS JOIN places
     WHERE place <= LENGTH(kana_key) AND created_at = :created_at
"""
REMOVE = """
    DELETE FROM kana_parts
     WHERE payment_user_id = (SELECT payment_user_id FROM accounts WHERE id = :id)
       AND part IN (
             WITH RECURSIVE places (place) AS (
                  SELECT 1 UNION ALL SELECT place + 2 FROM places WHERE place < 64)
           SELECT SUBSTR(kana_key, place)
             FROM accounts JOIN places ON place <= LENGTH(kana_key)
            WHERE id = :id)
"""


def add(tx: Tx, id: str) -> None:
    """Take in the フリガナ of an account, as it is now."""
    tx.defer(ADD, id=id)


async def add_all(tx: Tx, created_at: int) -> None:
    """Take in the フリガナ of very many accounts at once, by the moment at which all of them were made.

    One that is taken in twice is found once, and taken out as a whole.
    """
    await tx.run(ADD_ALL, created_at=created_at)


def remove(tx: Tx, id: str) -> None:
    """Take out the フリガナ of an account, as it is now."""
    tx.defer(REMOVE, id=id)
