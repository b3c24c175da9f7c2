-- name: find(handles)
SELECT handle, sealed FROM traces WHERE handle IN (SELECT value FROM json_each(:handles));

-- name: save*!
INSERT INTO traces (handle, expires, sealed) VALUES (:handle, :expires, :sealed)
ON CONFLICT (handle) DO UPDATE SET expires = excluded.expires, sealed = excluded.sealed;

-- name: discard*!
DELETE FROM traces WHERE handle = :handle;

-- name: expire(today)!
DELETE FROM traces WHERE expires < :today;
