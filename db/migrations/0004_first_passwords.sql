-- Whether the operator chose a password: of those that are there, nobody knows any more.
ALTER TABLE credentials ADD COLUMN first_password INTEGER NOT NULL DEFAULT 0 CHECK (first_password IN (0, 1, 2));
ALTER TABLE staff ADD COLUMN first_password INTEGER NOT NULL DEFAULT 0 CHECK (first_password IN (0, 1, 2));
