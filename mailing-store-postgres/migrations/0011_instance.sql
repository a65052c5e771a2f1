-- The name of this database, made once: what lies beside it and belongs to it says so by this name.

CREATE TABLE instance (
    id uuid PRIMARY KEY NOT NULL
);

INSERT INTO instance (id) VALUES (gen_random_uuid());
