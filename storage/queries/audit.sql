-- name: head()^
SELECT n, link FROM audit ORDER BY n DESC LIMIT 1;

-- name: append*!
INSERT INTO audit (n, day, act, actor, subject, link) VALUES (:n, :day, :act, :actor, :subject, :link);

-- name: lines()
SELECT n, day, act, actor, subject, link FROM audit ORDER BY n;
