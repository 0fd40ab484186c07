-- Any part of a フリガナ is found: docs/adr/0060-any-part-of-a-furigana.md.
-- 法人格 that are written as signs, （株） and ㈱, are left out of what is looked for.
UPDATE accounts
   SET name_key = search_key(name), kana_key = search_key(name_kana), representative_key = search_key(representative);
CREATE TABLE kana_parts (
    part TEXT NOT NULL,
    payment_user_id TEXT NOT NULL
) STRICT;
INSERT INTO kana_parts (part, payment_user_id)
  WITH RECURSIVE places (place) AS (
       SELECT 1 UNION ALL SELECT place + 2 FROM places WHERE place < 64)
SELECT SUBSTR(kana_key, place), payment_user_id
  FROM accounts JOIN places ON place <= LENGTH(kana_key);
CREATE INDEX kana_parts_by_part ON kana_parts (part, payment_user_id);

-- An エラー番号 leads the desk to the account, and two processes never give the same.
CREATE TABLE error_lanes (
    lane INTEGER PRIMARY KEY CHECK (lane BETWEEN 0 AND 11),
    holder TEXT NOT NULL,
    held_until INTEGER NOT NULL
) STRICT;
CREATE TABLE shown_errors (
    number TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    shown_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shown_errors_of_account ON shown_errors (account_id, shown_at);
CREATE INDEX shown_errors_by_age ON shown_errors (shown_at);
