-- name: all()
-- The one that writes first.
SELECT id, purpose, wrapped FROM keys ORDER BY purpose, expires IS NOT NULL, expires DESC;

-- name: writing()
SELECT purpose, week FROM keys WHERE expires IS NULL;

-- name: retire(purpose, expires)!
UPDATE keys SET expires = :expires WHERE purpose = :purpose AND expires IS NULL;

-- name: add*!
INSERT INTO keys (id, purpose, week, wrapped) VALUES (:id, :purpose, :week, :wrapped);

-- name: expire(today)!
DELETE FROM keys WHERE expires < :today;
