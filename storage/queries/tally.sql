-- name: count*!
INSERT INTO tally (dimension, period, value, n) VALUES (:dimension, :period, :value, 1)
ON CONFLICT (dimension, period, value) DO UPDATE SET n = tally.n + 1;

-- name: read(dimension, first, last)
SELECT period, value, n FROM tally
WHERE dimension = :dimension AND period BETWEEN :first AND :last ORDER BY period, value;

-- name: sums(dimensions, periods, within, beyond)
SELECT dimension, value, sum(n) FROM tally
WHERE dimension IN (SELECT value FROM json_each(:dimensions))
AND period IN (SELECT value FROM json_each(:periods))
AND value >= :within AND value < :beyond
GROUP BY dimension, value ORDER BY dimension, value;

-- name: flow(dimension, value, first, last, signs)
SELECT substr(period, 1, :signs), sum(n) FROM tally
WHERE dimension = :dimension AND value = :value AND period >= :first AND period <= :last
GROUP BY substr(period, 1, :signs);

-- name: dated(first, last, first_month, last_month)
SELECT dimension, period, value, n FROM tally
WHERE (length(period) = 10 AND period BETWEEN :first AND :last)
OR (length(period) = 7 AND period BETWEEN :first_month AND :last_month)
ORDER BY dimension, period, value;
