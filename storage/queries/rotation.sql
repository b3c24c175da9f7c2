-- name: behind(newest, after, most)
SELECT id, {part}, {column} FROM {table}
WHERE id > :after AND {column} <> x'' AND substr({column}, 2, 4) <> :newest ORDER BY id LIMIT :most;

-- name: count_behind(newest)$
SELECT count(*) FROM {table} WHERE {column} <> x'' AND substr({column}, 2, 4) <> :newest;

-- name: rewrap*!
UPDATE {table} SET {column} = :wrapped WHERE id = :id;
