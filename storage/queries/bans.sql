-- name: known(handles, today)
SELECT handle FROM bans WHERE handle IN (SELECT value FROM json_each(:handles)) AND expires >= :today;

-- name: add(handle, expires)!
INSERT INTO bans (handle, expires) VALUES (:handle, :expires)
ON CONFLICT (handle) DO UPDATE SET expires = max(expires, excluded.expires);

-- name: lift(handle)!
DELETE FROM bans WHERE handle = :handle;

-- name: expire(today)!
DELETE FROM bans WHERE expires < :today;
