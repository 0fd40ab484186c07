-- A device belongs to a 利用者 or to a 担当者, and is found by its owner, so that others can be forgotten.
ALTER TABLE devices RENAME TO old_devices;
CREATE TABLE devices (
    device_hash BLOB NOT NULL,
    owner_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (owner_id, device_hash)
) STRICT;
INSERT INTO devices (device_hash, owner_id, created_at)
SELECT device_hash, account_id, created_at FROM old_devices;
DROP TABLE old_devices;
CREATE INDEX devices_by_hash ON devices (device_hash);
CREATE INDEX devices_of_owner ON devices (owner_id, created_at);

-- A key that stays the same when MYPAGE_SECRET_KEY is replaced: locks must outlive that.
CREATE TABLE keys (
    purpose TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    key_id TEXT NOT NULL
) STRICT;
