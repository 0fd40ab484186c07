-- A second factor: apps that show codes, codes on paper, and how far somebody has come in proving both.
CREATE TABLE code_apps (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    key_id TEXT NOT NULL,
    last_step INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX code_apps_of_owner ON code_apps (owner_id, created_at);
CREATE INDEX code_apps_sealed ON code_apps (key_id);

CREATE TABLE recovery_codes (
    owner_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    code_hash TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (owner_id, number)
) STRICT;

CREATE TABLE second_steps (
    id TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    owner_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX second_steps_of_owner ON second_steps (owner_id, created_at);

ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE staff_sessions ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
