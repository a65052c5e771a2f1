-- Forms that were sent, so that one that arrives twice does its work once.

CREATE TABLE idempotency_keys (
    user_id BLOB NOT NULL REFERENCES users (id),
    form BLOB NOT NULL,
    submission BLOB NOT NULL,
    subject TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, form)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
