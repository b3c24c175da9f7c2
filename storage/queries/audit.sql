-- name: head()^
SELECT n, link FROM audit UNION ALL SELECT n, link FROM checkpoints ORDER BY n DESC LIMIT 1;

-- name: append*!
INSERT INTO audit (n, day, act, actor, subject, link) VALUES (:n, :day, :act, :actor, :subject, :link);

-- name: lines()
SELECT n, day, act, actor, subject, link FROM audit ORDER BY n;

-- name: checkpoint()^
SELECT n, link, mac FROM checkpoints ORDER BY n DESC LIMIT 1;

-- name: last_before(day)^
-- The last line of those at the beginning that are all of earlier days.
SELECT n, link FROM audit
WHERE n < coalesce((SELECT n FROM audit WHERE day >= :day ORDER BY n LIMIT 1), 9223372036854775807)
ORDER BY n DESC LIMIT 1;

-- name: sign(n, link, mac)!
INSERT INTO checkpoints (n, link, mac) VALUES (:n, :link, :mac);

-- name: let_go(n)!
DELETE FROM audit WHERE n <= :n;

-- name: drop_former(n)!
DELETE FROM checkpoints WHERE n < :n;
