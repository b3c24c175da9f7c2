-- A piece of a tip's post that was tried and of which no message is noted: the moderators' chat may have it.

CREATE TABLE underway (
    tip BLOB NOT NULL REFERENCES tips (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, -- as its posts will have it
    part INTEGER NOT NULL, -- as its posts will have it
    PRIMARY KEY (tip, kind, part)
) STRICT, WITHOUT ROWID;
