-- What came back with a backup does not wait for ever: `held` is the day since when it waits, as the number of days
-- since the first of January of the year 1 (1 is that day itself), and 0 where nobody waits for it.

UPDATE outbox SET held = CAST(julianday('now') - 1721424.5 AS INTEGER) WHERE held;
