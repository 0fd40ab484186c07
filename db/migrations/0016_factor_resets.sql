-- 確認手段の解除: the second factors of somebody who has lost them, taken away by two 担当者 after a time to object.
CREATE TABLE factor_resets (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    base_version INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    approved_by TEXT NOT NULL DEFAULT '',
    due_at INTEGER,
    key_hash BLOB UNIQUE,
    ended_at INTEGER,
    ended TEXT NOT NULL DEFAULT '' CHECK (ended IN ('', 'done', 'stopped', 'refused', 'used', 'changed', 'shut', 'untold', 'expired', 'restored'))
) STRICT;
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (account_id) WHERE ended_at IS NULL;
CREATE INDEX factor_resets_of_account ON factor_resets (account_id, ended_at);
CREATE INDEX factor_resets_ended ON factor_resets (ended_at) WHERE ended_at IS NOT NULL;
