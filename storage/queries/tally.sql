-- name: count*!
INSERT INTO tally (dimension, period, value, n) VALUES (:dimension, :period, :value, 1)
ON CONFLICT (dimension, period, value) DO UPDATE SET n = tally.n + 1;

-- name: read(dimension, first, last)
SELECT period, value, n FROM tally
WHERE dimension = :dimension AND period BETWEEN :first AND :last ORDER BY period, value;
