-- name: open_after(id, most)
SELECT id, day, summary FROM tips WHERE coalesce(thread, wrapped) IS NOT NULL AND id > :id ORDER BY id LIMIT :most;

-- name: keys(id)^
SELECT wrapped, thread FROM tips WHERE id = :id;

-- name: file_keys(owner)
SELECT id, wrapped FROM files WHERE owner = :owner AND wrapped <> x'';

-- name: archive_tip(id, archived, summary)!
UPDATE tips SET wrapped = NULL, archived = coalesce(:archived, archived), archived_summary = :summary WHERE id = :id;

-- name: archive_thread(id, archived)!
UPDATE tips SET thread = NULL, archived_thread = coalesce(:archived, archived_thread) WHERE id = :id;

-- name: archive_files*!
UPDATE files SET wrapped = x'', archived = :archived WHERE id = :id;

-- name: is_archived(id)$
SELECT archived IS NOT NULL FROM tips WHERE id = :id;

-- name: count()$
SELECT count(*) FROM tips WHERE archived IS NOT NULL;

-- name: archived()
SELECT id, day, archived, archived_thread, thread IS NOT NULL, archived_summary, content FROM tips
WHERE archived IS NOT NULL ORDER BY id;

-- name: entries(tip)
SELECT n, sealed FROM entries WHERE tip = :tip ORDER BY n;

-- name: file(id)^
SELECT chunks, archived FROM files WHERE id = :id AND archived IS NOT NULL;
