-- The sealed archive: data keys that only its private key opens, which is not where the bot runs.

-- The wrapped key of a tip's talk and address; NULL once archived, and where they lie under the tip's own key.
ALTER TABLE tips ADD COLUMN thread BLOB;

-- The tip's own key, sealed to the archive; NULL until then.
ALTER TABLE tips ADD COLUMN archived BLOB;

-- The key of its thread, likewise.
ALTER TABLE tips ADD COLUMN archived_thread BLOB;

-- What lists and cards showed when the tip was archived, likewise.
ALTER TABLE tips ADD COLUMN archived_summary BLOB;

-- A file's key, likewise; its wrapped copy is then empty.
ALTER TABLE files ADD COLUMN archived BLOB;

CREATE INDEX tips_unarchived ON tips (id) WHERE coalesce(thread, wrapped) IS NOT NULL;
