-- What moderators and reporters go on saying about a tip. Every table goes with its tip.
-- Keys have three more purposes: opening, ban, and look, which turns by the week like chat.

CREATE TABLE entries (
    tip BLOB NOT NULL REFERENCES tips (id) ON DELETE CASCADE,
    n INTEGER NOT NULL, -- from 0, in the order of the talk
    sealed BLOB NOT NULL, -- who said what, under the tip's key, bound to its number
    PRIMARY KEY (tip, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE openings (
    handle TEXT PRIMARY KEY, -- a code, or a message of a private chat, hashed under the opening key
    expires TEXT NOT NULL, -- last day on which it opens anything
    tip BLOB REFERENCES tips (id) ON DELETE CASCADE, -- NULL where it opens no tip
    sealed BLOB NOT NULL -- what it opens and for whom, under the opening key, bound to handle and tip
) STRICT, WITHOUT ROWID;
CREATE INDEX openings_by_tip ON openings (tip);

CREATE TABLE bans (
    handle TEXT PRIMARY KEY, -- chat hashed under the ban key
    expires TEXT NOT NULL -- last day on which nothing is taken from it
) STRICT, WITHOUT ROWID;

CREATE TABLE looks (
    handle TEXT NOT NULL, -- something that tips may have in common, hashed under a look key
    tip BLOB NOT NULL REFERENCES tips (id) ON DELETE CASCADE,
    key BLOB NOT NULL REFERENCES keys (id) ON DELETE CASCADE, -- the look key, with which its rows are destroyed
    PRIMARY KEY (handle, tip)
) STRICT, WITHOUT ROWID;
CREATE INDEX looks_by_tip ON looks (tip);
CREATE INDEX looks_by_key ON looks (key);
