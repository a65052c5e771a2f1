-- The name of this database, made once: what lies beside it and belongs to it says so by this name.

CREATE TABLE instance (
    id BLOB PRIMARY KEY NOT NULL
) STRICT;

INSERT INTO instance (id) VALUES (randomblob(16));
