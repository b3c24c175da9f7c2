-- Every random id is 16 bytes from the system's generator. A day is YYYY-MM-DD where the bot runs; nothing is finer.
-- Tables have no rowid: it would show the order in which their rows came.
-- "Wrapped" is a row's own data key under a master key; "sealed" is bound to its table, column and row.

CREATE TABLE keys (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    purpose TEXT NOT NULL, -- what the key is for: index, outbox, audit, receipt, number, chat
    week TEXT NOT NULL, -- ISO week in which a weekly key began to write ("2025-W48"), empty for a lasting key
    expires TEXT, -- last day on which a replaced weekly key still reads; NULL while it writes
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE seen (
    update_id INTEGER PRIMARY KEY -- an update that is handled and that the platform may still send again
) STRICT;

CREATE TABLE drafts (
    handle TEXT PRIMARY KEY, -- chat hashed under a weekly key
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16), -- owner of the draft's files
    expires TEXT NOT NULL, -- last day on which it can be alive
    wrapped BLOB NOT NULL,
    sealed BLOB NOT NULL -- answers so far, under the draft's key
) STRICT, WITHOUT ROWID;

CREATE TABLE traces (
    handle TEXT PRIMARY KEY, -- chat hashed under a weekly key, otherwise than for drafts
    expires TEXT NOT NULL, -- last day on which one of its messages can still be deleted
    sealed BLOB NOT NULL -- the private chat's message ids with their hours, under the weekly key
) STRICT, WITHOUT ROWID;

CREATE TABLE tips (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    number_mac BLOB NOT NULL UNIQUE, -- tip number hashed under its key
    receipt_mac BLOB NOT NULL UNIQUE, -- the reporter's 16 digits hashed under their key
    day TEXT NOT NULL, -- day of receipt
    wrapped BLOB, -- NULL once the key is destroyed or lies in the archive alone
    summary BLOB NOT NULL, -- sealed under the index key: what lists and cards show
    address BLOB, -- sealed under the tip's key: where its reporter is told; NULL for "code only" and once cut
    content BLOB NOT NULL -- sealed under the tip's key: story, accused, place
) STRICT, WITHOUT ROWID;
CREATE INDEX tips_by_day ON tips (day);

CREATE TABLE files (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    owner BLOB NOT NULL, -- id of a draft, then of a tip
    chunks INTEGER NOT NULL, -- how many
    wrapped BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_owner ON files (owner);

CREATE TABLE chunks (
    file BLOB NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    n INTEGER NOT NULL, -- from 0
    sealed BLOB NOT NULL, -- under the file's key, bound to its number and to whether it is the last
    PRIMARY KEY (file, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL, -- what kind of debt, in the caller's words
    sealed BLOB NOT NULL -- whom and what, under the outbox key, bound to the kind
) STRICT, WITHOUT ROWID;

CREATE TABLE posts (
    tip BLOB NOT NULL REFERENCES tips (id) ON DELETE CASCADE,
    chat INTEGER NOT NULL, -- the moderators' chat
    message INTEGER NOT NULL, -- message id in it
    kind TEXT NOT NULL, -- what it shows of the tip, in the caller's words
    part INTEGER NOT NULL, -- its place among the tip's posts of that kind
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_by_tip ON posts (tip);

CREATE TABLE audit (
    n INTEGER PRIMARY KEY, -- 1, 2, 3 without a gap
    day TEXT NOT NULL,
    act TEXT NOT NULL, -- what was done
    actor TEXT NOT NULL, -- pseudonym of who did it
    subject TEXT NOT NULL, -- pseudonym of what it was done to, or empty
    link BLOB NOT NULL -- HMAC over this line and the link before it
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit
BEGIN
    SELECT raise(ABORT, 'the audit trail is append-only');
END;

CREATE TABLE tally (
    dimension TEXT NOT NULL, -- what is counted by, such as "category"
    period TEXT NOT NULL, -- a day or a month
    value TEXT NOT NULL, -- which of the dimension's values
    n INTEGER NOT NULL, -- how often
    PRIMARY KEY (dimension, period, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
    name TEXT PRIMARY KEY, -- of something small that the bot remembers of itself
    sealed BLOB NOT NULL -- under the index key
) STRICT, WITHOUT ROWID;
