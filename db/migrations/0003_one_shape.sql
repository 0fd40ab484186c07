-- A draft names the version that it started from, whichever table that version is kept in.
ALTER TABLE drafts RENAME COLUMN profile_version TO base_version;
