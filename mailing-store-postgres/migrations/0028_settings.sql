-- What administrators set for the whole instance: one row. `content` is JSON.
CREATE TABLE settings (
    id integer PRIMARY KEY NOT NULL CHECK (id = 1),
    content text NOT NULL,
    version integer NOT NULL,
    updated_at bigint NOT NULL
);

-- What people write on the contacts page. `form` names the form it came with, so that one that arrives
-- twice is kept once; `search_text` is name, address and text in lower case.
CREATE TABLE feedback (
    id uuid PRIMARY KEY NOT NULL,
    form uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text,
    body text NOT NULL,
    language text NOT NULL,
    search_text text NOT NULL,
    created_at bigint NOT NULL,
    answered_at bigint,
    deleted_at bigint,
    CONSTRAINT feedback_form UNIQUE (form)
);

CREATE INDEX feedback_deleted ON feedback (deleted_at) WHERE deleted_at IS NOT NULL;
