-- name: add(id, owner, chunks, wrapped)!
INSERT INTO files (id, owner, chunks, wrapped) VALUES (:id, :owner, :chunks, :wrapped);

-- name: add_chunks*!
INSERT INTO chunks (file, n, sealed) VALUES (:file, :n, :sealed);

-- name: find(id)^
SELECT chunks, wrapped FROM files WHERE id = :id;

-- name: chunk(file, n)$
SELECT sealed FROM chunks WHERE file = :file AND n = :n;

-- name: adopt*!
UPDATE files SET owner = :to_owner WHERE id = :id AND owner = :from_owner;

-- name: discard*!
DELETE FROM files WHERE id = :id;

-- name: any_of(owner)$
SELECT EXISTS (SELECT 1 FROM files WHERE owner = :owner);

-- name: discard_of*!
DELETE FROM files WHERE owner = :owner;

-- name: destroy_keys*!
UPDATE files SET wrapped = x'', archived = NULL WHERE owner = :id;

-- name: sweep()!
DELETE FROM files
WHERE NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.id = files.owner)
AND NOT EXISTS (SELECT 1 FROM tips WHERE tips.id = files.owner);
