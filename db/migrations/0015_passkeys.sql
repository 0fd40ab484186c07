-- Passkeys, and the challenges that they have answered.
CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    public_key BLOB NOT NULL,
    rp_id TEXT NOT NULL,
    name TEXT NOT NULL,
    transports TEXT NOT NULL,
    aaguid TEXT NOT NULL,
    counter INTEGER NOT NULL,
    synced INTEGER NOT NULL,
    backed_up INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX passkeys_of_owner ON passkeys (owner_id, created_at);

CREATE TABLE spent_challenges (
    digest BLOB PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX spent_challenges_by_end ON spent_challenges (expires_at);

CREATE VIEW second_factors AS
    SELECT owner_id FROM code_apps UNION ALL SELECT owner_id FROM passkeys;
