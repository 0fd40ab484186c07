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
