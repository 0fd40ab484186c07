-- A 届出 of 心当たりがない is a case that a 担当者 closes. Those made so far wait, like new ones.
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    number TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    reported_at INTEGER NOT NULL,
    closed_at INTEGER,
    closed_by TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX reports_open ON reports (reported_at) WHERE closed_at IS NULL;
CREATE INDEX reports_of_account ON reports (account_id, reported_at);
INSERT INTO reports (id, account_id, number, event, reported_at)
SELECT id, account_id, number, '', created_at FROM receipts WHERE flow = 'activity';
-- What the desk looks for: the name, its kana and the representative without 法人格, spaces and the size of kana
-- (web/fields/search_key.py).
ALTER TABLE accounts ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN kana_key TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN representative_key TEXT NOT NULL DEFAULT '';
UPDATE accounts
   SET name_key = search_key(name), kana_key = search_key(name_kana), representative_key = search_key(representative);
DROP INDEX accounts_by_kana;
CREATE INDEX accounts_by_kana ON accounts (kana_key);
CREATE INDEX accounts_by_name ON accounts (name_key);
CREATE INDEX accounts_by_representative ON accounts (representative_key) WHERE representative_key <> '';
