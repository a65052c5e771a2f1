-- The people that owners write to. `search_text` is address, name and comment in lower case, made
-- by the program, since the databases do not agree on letter case outside of ASCII.

CREATE TABLE recipients (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    address text NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    domain text COLLATE "C" NOT NULL,
    full_name text,
    comment text,
    attributes jsonb NOT NULL,
    state text NOT NULL,
    search_text text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT recipients_key UNIQUE (owner_id, address_key),
    CONSTRAINT recipients_owner UNIQUE (owner_id, id)
);

CREATE TABLE lists (
    id uuid PRIMARY KEY NOT NULL,
    owner_id uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT lists_owner UNIQUE (owner_id, id)
);

CREATE UNIQUE INDEX lists_key ON lists (owner_id, name_key) WHERE deleted_at IS NULL;

CREATE TABLE list_members (
    list_id uuid NOT NULL,
    recipient_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    PRIMARY KEY (list_id, recipient_id),
    FOREIGN KEY (owner_id, list_id) REFERENCES lists (owner_id, id),
    FOREIGN KEY (owner_id, recipient_id) REFERENCES recipients (owner_id, id)
);

-- What is suppressed outlives the recipient, so nothing points at one. A target is the key of an
-- address (it has an @) or a domain (it has none).
CREATE TABLE suppressions (
    id uuid NOT NULL CONSTRAINT suppressions_id UNIQUE,
    owner_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    target text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (owner_id, target)
);
