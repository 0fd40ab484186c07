"""Table accounts, searched by whatever a caller can say."""

from dataclasses import dataclass

from web.database import Tx
from web.fields.search_key import search_key

# Each way stops where its answer is cut off anyway: 高 alone is the beginning of very many names.
# A part of a フリガナ that begins at an odd letter begins a row of kana_parts; any other follows the first
# letter of a row, so each letter that rows begin with is tried, of which there are some eighty, unless the
# answer is full without. Who is found by the beginning of the フリガナ comes before who is found by a part.
SEARCH = """
      WITH RECURSIVE letters (letter) AS (
           SELECT SUBSTR(MIN(part), 1, 1) FROM kana_parts
            UNION ALL
           SELECT (SELECT SUBSTR(MIN(part), 1, 1) FROM kana_parts WHERE part > letter || :last)
             FROM letters WHERE letter IS NOT NULL),
           by_part (payment_user_id) AS (
           SELECT payment_user_id FROM kana_parts
            WHERE part >= :kana AND part < :after_kana
            LIMIT :most)
    SELECT id, payment_user_id, bulk_user_id, name, name_kana, disabled_at
      FROM accounts
     WHERE id IN (
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE payment_user_id >= :id AND payment_user_id < :after_id
                   ORDER BY payment_user_id LIMIT :most) AS by_payment_user_id
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE bulk_user_id >= :id AND bulk_user_id < :after_id
                   ORDER BY bulk_user_id LIMIT :most) AS by_bulk_user_id
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE payment_user_id >= :digits AND payment_user_id < :after_digits
                   ORDER BY payment_user_id LIMIT :most) AS by_digits
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE kana_key >= :kana AND kana_key < :after_kana
                   ORDER BY kana_key LIMIT :most) AS by_kana
            UNION
           SELECT id FROM accounts
            WHERE payment_user_id IN (
                  SELECT payment_user_id FROM by_part
                   UNION
                  SELECT payment_user_id FROM (
                         SELECT payment_user_id
                           FROM letters
                           JOIN kana_parts ON part >= letter || :kana AND part < letter || :after_kana
                          WHERE (SELECT COUNT(DISTINCT payment_user_id) FROM by_part) < :most
                          LIMIT :most) AS by_next_part)
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE name_key >= :name AND name_key < :after_name
                   ORDER BY name_key LIMIT :most) AS by_name
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE representative_key <> ''
                     AND representative_key >= :name AND representative_key < :after_name
                   ORDER BY representative_key LIMIT :most) AS by_representative
            UNION
           SELECT id FROM (
                  SELECT id FROM accounts
                   WHERE LOWER(admin_email) >= :email AND LOWER(admin_email) < :after_email
                   ORDER BY LOWER(admin_email) LIMIT :most) AS by_email
            UNION
           SELECT account_id FROM receipts WHERE number = :receipt
            UNION
           SELECT account_id FROM reports WHERE number = :receipt
            UNION
           SELECT account_id FROM direct_debit_forms WHERE number = :paper
            UNION
           SELECT account_id FROM shown_errors WHERE number = :error)
     ORDER BY CASE WHEN kana_key < :kana OR kana_key >= :after_kana THEN 1 ELSE 0 END,
              payment_user_id
     LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An account in a list of the office."""

    id: str
    payment_user_id: str
    bulk_user_id: str
    name: str
    name_kana: str
    disabled_at: int | None


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody says who is looked for: beginnings and whole numbers; '' matches nothing."""

    id: str = ""  # of either ID
    digits: str = ""  # of a 納付利用者ID, its prefix before them
    kana: str = ""  # a search_key, as the next one
    name: str = ""  # of a name or of a representative
    email: str = ""
    receipt: str = ""  # 受付番号
    paper: str = ""  # 整理番号
    error: str = ""  # エラー番号


async def search(tx: Tx, sought: Sought, *, most: int) -> list[Found]:
    """List the accounts that fit one of the things sought."""
    begins = {
        "id": sought.id,
        "digits": sought.digits,
        "kana": sought.kana,
        "name": sought.name,
        "email": sought.email,
    }
    rows = await tx.all(
        SEARCH,
        **{name: text or _past(text) for name, text in begins.items()},
        **{f"after_{name}": _past(text) for name, text in begins.items()},
        last=_past(""),
        receipt=sought.receipt,
        paper=sought.paper,
        error=sought.error,
        most=most,
    )
    return [Found(**row) for row in rows]


def keys(name: str, kana: str, representative: str) -> dict[str, str]:
    """Give the columns by which the desk finds an account."""
    return {
        "name_key": search_key(name),
        "kana_key": search_key(kana),
        "representative_key": search_key(representative),
    }


def _past(beginning: str) -> str:
    """Give what sorts after every text that begins like this; after '', after every text."""
    return beginning + "\U0010ffff"
