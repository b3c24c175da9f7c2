-- name: next(tip)^
SELECT thread, wrapped, (SELECT coalesce(max(n) + 1, 0) FROM entries WHERE tip = tips.id)
FROM tips WHERE id = :tip AND coalesce(thread, wrapped) IS NOT NULL;

-- name: add*!
INSERT INTO entries (tip, n, sealed) VALUES (:tip, :n, :sealed);

-- name: of(tip)
SELECT n, sealed, thread, wrapped FROM entries JOIN tips ON id = tip
WHERE tip = :tip AND coalesce(thread, wrapped) IS NOT NULL ORDER BY n;

-- name: key(tip, n)^
SELECT thread, wrapped FROM entries JOIN tips ON id = tip
WHERE tip = :tip AND n = :n AND coalesce(thread, wrapped) IS NOT NULL;

-- name: change(tip, n, sealed)!
UPDATE entries SET sealed = :sealed WHERE tip = :tip AND n = :n;
