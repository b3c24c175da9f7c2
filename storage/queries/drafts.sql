-- name: find(handles)
SELECT handle, id, wrapped, sealed FROM drafts WHERE handle IN (SELECT value FROM json_each(:handles));

-- name: save*!
INSERT INTO drafts (handle, id, expires, wrapped, sealed) VALUES (:handle, :id, :expires, :wrapped, :sealed)
ON CONFLICT (handle) DO UPDATE
SET id = excluded.id, expires = excluded.expires, wrapped = excluded.wrapped, sealed = excluded.sealed;

-- name: discard*!
DELETE FROM drafts WHERE handle = :handle;

-- name: expire(today)
DELETE FROM drafts WHERE expires < :today RETURNING id, wrapped, sealed;
