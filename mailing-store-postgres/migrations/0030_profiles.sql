-- What people may tell of themselves. `avatar` is the SHA-256 of the picture, which is kept apart: pages
-- read users at every request, pictures only when a browser has not kept them.
ALTER TABLE users ADD COLUMN phone text;
ALTER TABLE users ADD COLUMN country text;
ALTER TABLE users ADD COLUMN avatar text;

CREATE TABLE avatars (
    user_id uuid PRIMARY KEY NOT NULL REFERENCES users (id),
    data bytea NOT NULL
);
