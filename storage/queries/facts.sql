-- name: read(name)$
SELECT sealed FROM facts WHERE name = :name;

-- name: keep(name, sealed)!
INSERT INTO facts (name, sealed) VALUES (:name, :sealed)
ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed;

-- name: forget(name)!
DELETE FROM facts WHERE name = :name;
