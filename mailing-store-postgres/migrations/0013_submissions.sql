-- Forms that were sent, so that one that arrives twice does its work once.

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users (id),
    form uuid NOT NULL,
    submission uuid NOT NULL,
    subject text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (user_id, form)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
