-- name: note*!
INSERT INTO copies (handle, tip, sealed) SELECT :handle, id, :sealed FROM tips WHERE id = :tip ON CONFLICT DO NOTHING;

-- name: of(tip)
SELECT handle, sealed FROM copies WHERE tip = :tip;
