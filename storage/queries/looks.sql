-- name: add*!
INSERT INTO looks (handle, tip, key) VALUES (:handle, :tip, :key);

-- name: like(handles)
SELECT tip, handle FROM looks WHERE handle IN (SELECT value FROM json_each(:handles));

-- name: forget(tip)!
DELETE FROM looks WHERE tip = :tip;
