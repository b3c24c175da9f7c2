-- name: add*!
INSERT INTO posts (tip, chat, message, kind, part) VALUES (:tip, :chat, :message, :kind, :part);

-- name: of(tip)
SELECT chat, message, kind, part FROM posts WHERE tip = :tip ORDER BY kind, part;

-- name: tip_of(chat, message, topic)$
SELECT tip FROM posts WHERE chat = :chat AND message = :message AND kind <> :topic;

-- name: forget*!
DELETE FROM posts WHERE chat = :chat AND message = :message;

-- name: begin(tip, kind, part)!
INSERT INTO underway (tip, kind, part) SELECT id, :kind, :part FROM tips WHERE id = :tip ON CONFLICT DO NOTHING;

-- name: end(tip, kind, part)!
DELETE FROM underway WHERE tip = :tip AND kind = :kind AND part = :part;
