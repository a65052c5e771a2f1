-- What administrators set for the whole instance: one row. `content` is JSON.
CREATE TABLE settings (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    content TEXT NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What people write on the contacts page. `form` names the form it came with, so that one that arrives
-- twice is kept once; `search_text` is name, address and text in lower case.
CREATE TABLE feedback (
    id BLOB PRIMARY KEY NOT NULL,
    form BLOB NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    body TEXT NOT NULL,
    language TEXT NOT NULL,
    search_text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    answered_at INTEGER,
    deleted_at INTEGER,
    CONSTRAINT feedback_form UNIQUE (form)
) STRICT;

CREATE INDEX feedback_deleted ON feedback (deleted_at) WHERE deleted_at IS NOT NULL;
