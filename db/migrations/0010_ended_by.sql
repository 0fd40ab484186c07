-- Who ended a log-in, so that the next page can say so.
ALTER TABLE sessions ADD COLUMN ended_by TEXT
    CHECK (ended_by IN ('left', 'device', 'password', 'office'));
