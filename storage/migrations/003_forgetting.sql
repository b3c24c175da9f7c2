-- The audit trail may be let go from its beginning, up to a line that a signed checkpoint stands for.

CREATE TABLE checkpoints (
    n INTEGER PRIMARY KEY, -- number of the last line that was let go
    link BLOB NOT NULL, -- the link of that line, from which the next one follows
    mac BLOB NOT NULL -- HMAC over both under the audit key
) STRICT;
CREATE TRIGGER checkpoint_is_not_changed BEFORE UPDATE ON checkpoints
BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER newest_checkpoint_stays BEFORE DELETE ON checkpoints
WHEN old.n = (SELECT max(n) FROM checkpoints)
BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;
DROP TRIGGER audit_is_not_cut;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
WHEN old.n > (SELECT coalesce(max(n), 0) FROM checkpoints)
BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;
