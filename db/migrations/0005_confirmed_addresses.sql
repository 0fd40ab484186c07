-- Whoever is registered already counts as confirmed: nobody is asked to confirm what has been in use.
ALTER TABLE accounts ADD COLUMN address_confirmed INTEGER NOT NULL DEFAULT 1 CHECK (address_confirmed IN (0, 1));
ALTER TABLE outbox ADD COLUMN unconfirmed INTEGER NOT NULL DEFAULT 0 CHECK (unconfirmed IN (0, 1));

CREATE TABLE address_confirmations (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    id TEXT NOT NULL UNIQUE,
    key_hash BLOB NOT NULL UNIQUE,
    asked_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT;

-- Of each account the newest fifty stay.
CREATE INDEX devices_of_account ON devices (account_id, created_at);
