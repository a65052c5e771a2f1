-- The blog: posts, how often readers have opened them, and their pictures. A post without a date is a
-- draft; one whose date lies ahead is planned. An address belongs to a post in the trash too, so that
-- it comes back as it was. `picture` is JSON; the file lies under `picture_hash`, once for all posts.

CREATE TABLE posts (
    id uuid PRIMARY KEY NOT NULL,
    author_id uuid NOT NULL REFERENCES users (id),
    title text NOT NULL,
    slug text NOT NULL,
    lead text,
    summary text NOT NULL,
    content text NOT NULL,
    picture text,
    picture_hash text,
    published_at bigint,
    version integer NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint,
    CONSTRAINT posts_slug UNIQUE (slug)
);

CREATE INDEX posts_published ON posts (published_at, id)
    WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX posts_author ON posts (author_id, id);
CREATE INDEX posts_trash ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX posts_picture ON posts (picture_hash) WHERE picture_hash IS NOT NULL;

CREATE TABLE post_views (
    post_id uuid PRIMARY KEY NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    views bigint NOT NULL
);

CREATE TABLE images (
    hash text NOT NULL,
    size text NOT NULL,
    data bytea NOT NULL,
    kept_at bigint NOT NULL,
    PRIMARY KEY (hash, size)
);
