-- name: add(handle, expires, tip, sealed)!
INSERT INTO openings (handle, expires, tip, sealed) VALUES (:handle, :expires, :tip, :sealed)
ON CONFLICT (handle) DO UPDATE SET expires = excluded.expires, tip = excluded.tip, sealed = excluded.sealed;

-- name: read(handle)^
SELECT expires, tip, sealed FROM openings WHERE handle = :handle;

-- name: take(handle)^
DELETE FROM openings WHERE handle = :handle RETURNING expires, tip, sealed;

-- name: close(tip)!
DELETE FROM openings WHERE tip = :tip;

-- name: of(tip)
SELECT handle, sealed FROM openings WHERE tip = :tip;

-- name: discard*!
DELETE FROM openings WHERE handle = :handle;

-- name: expire(today)!
DELETE FROM openings WHERE expires < :today;
