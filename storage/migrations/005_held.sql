-- What a restored backup owes waits until an admin lets it go: much of it may have been said since.

ALTER TABLE outbox ADD COLUMN held INTEGER NOT NULL DEFAULT 0; -- 1 while it waits
