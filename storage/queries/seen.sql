-- name: known(ids)
SELECT update_id FROM seen WHERE update_id IN (SELECT value FROM json_each(:ids));

-- name: note*!
INSERT INTO seen (update_id) VALUES (:id) ON CONFLICT (update_id) DO NOTHING;

-- name: forget*!
DELETE FROM seen WHERE update_id = :id;
