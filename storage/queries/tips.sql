-- name: submit(id, number_mac, receipt_mac, day, wrapped, thread, summary, address, content)!
INSERT INTO tips (id, number_mac, receipt_mac, day, wrapped, thread, summary, address, content)
VALUES (:id, :number_mac, :receipt_mac, :day, :wrapped, :thread, :summary, :address, :content);

-- name: since(day)
SELECT id, day, summary FROM tips WHERE day >= :day ORDER BY day, id;

-- name: after(id, most)
SELECT id, day, summary FROM tips WHERE id > :id ORDER BY id LIMIT :most;

-- name: count()$
SELECT count(*) FROM tips;

-- name: find(id)^
SELECT id, day, summary FROM tips WHERE id = :id;

-- name: by_number(mac)^
SELECT id, day, summary FROM tips WHERE number_mac = :mac;

-- name: by_receipt(mac)^
SELECT id, day, summary FROM tips WHERE receipt_mac = :mac;

-- name: by_receipts(macs, numbers)^
-- A list can hold no bytes: the hashes, of 32 each, come in one piece and are cut here.
SELECT receipt_mac FROM tips
WHERE receipt_mac IN (SELECT substr(:macs, 1 + 32 * value, 32) FROM json_each(:numbers));

-- name: content(id)^
SELECT wrapped, content FROM tips WHERE id = :id AND wrapped IS NOT NULL;

-- name: address(id)^
SELECT thread, wrapped, address FROM tips
WHERE id = :id AND coalesce(thread, wrapped) IS NOT NULL AND address IS NOT NULL;

-- name: summarise(id, summary)!
UPDATE tips SET summary = :summary WHERE id = :id;

-- name: thread_key(id)^
SELECT thread, wrapped FROM tips WHERE id = :id AND coalesce(thread, wrapped) IS NOT NULL;

-- name: readdress(id, address)!
UPDATE tips SET address = :address WHERE id = :id;

-- name: cut_address(id)!
UPDATE tips SET address = NULL WHERE id = :id;

-- name: destroy_keys*!
UPDATE tips SET wrapped = NULL, thread = NULL, archived = NULL, archived_thread = NULL, archived_summary = NULL
WHERE id = :id;

-- name: destroy*!
DELETE FROM tips WHERE id = :id;
