-- What My Page asks at each look: payments that failed.
CREATE INDEX payments_failed ON payments (account_id, created_at) WHERE state = 'failed';
