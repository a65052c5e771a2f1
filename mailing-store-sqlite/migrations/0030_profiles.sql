-- What people may tell of themselves. `avatar` is the SHA-256 of the picture, which is kept apart: pages
-- read users at every request, pictures only when a browser has not kept them.
ALTER TABLE users ADD COLUMN phone TEXT;
ALTER TABLE users ADD COLUMN country TEXT;
ALTER TABLE users ADD COLUMN avatar TEXT;

CREATE TABLE avatars (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id),
    data BLOB NOT NULL
) STRICT;
