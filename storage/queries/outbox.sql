-- name: add*!
INSERT INTO outbox (id, kind, sealed) VALUES (:id, :kind, :sealed);

-- name: ids()
SELECT id, kind FROM outbox WHERE NOT held;

-- name: read(id)^
SELECT kind, sealed FROM outbox WHERE id = :id;

-- name: replace(id, kind, sealed)!
UPDATE outbox SET kind = :kind, sealed = :sealed WHERE id = :id;

-- name: done*!
DELETE FROM outbox WHERE id = :id;

-- name: expire(before)!
DELETE FROM outbox WHERE held > 0 AND held < :before;

-- name: release()!
UPDATE outbox SET held = 0 WHERE held;
