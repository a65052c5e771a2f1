-- What is searched of posts: title, lead and content in lower case, which the program makes of those that
-- are there (mailing-store-sql/src/folding.rs). And the addresses that posts had while they were
-- published: they lead on to where a post is now, until another post takes one.
ALTER TABLE posts ADD COLUMN search_text text NOT NULL DEFAULT '';

CREATE TABLE post_slugs (
    slug text PRIMARY KEY NOT NULL,
    post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE
);

CREATE INDEX post_slugs_post ON post_slugs (post_id);
