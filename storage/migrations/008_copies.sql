-- What shows a tip besides its posts: moderators ask for it in any chat of theirs, and it goes with the tip.

CREATE TABLE copies (
    handle TEXT PRIMARY KEY, -- tip, chat and message, hashed under the opening key
    tip BLOB NOT NULL REFERENCES tips (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL -- chat and message, under the opening key: a private chat is its moderator
) STRICT, WITHOUT ROWID;
CREATE INDEX copies_by_tip ON copies (tip);
