-- The blog: posts, how often readers have opened them, and their pictures. A post without a date is a
-- draft; one whose date lies ahead is planned. An address belongs to a post in the trash too, so that
-- it comes back as it was. `picture` is JSON; the file lies under `picture_hash`, once for all posts.

CREATE TABLE posts (
    id BLOB PRIMARY KEY NOT NULL,
    author_id BLOB NOT NULL REFERENCES users (id),
    title TEXT NOT NULL,
    slug TEXT NOT NULL,
    lead TEXT,
    summary TEXT NOT NULL,
    content TEXT NOT NULL,
    picture TEXT,
    picture_hash TEXT,
    published_at INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    CONSTRAINT posts_slug UNIQUE (slug)
) STRICT;

CREATE INDEX posts_published ON posts (published_at, id)
    WHERE deleted_at IS NULL AND published_at IS NOT NULL;
CREATE INDEX posts_author ON posts (author_id, id);
CREATE INDEX posts_trash ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX posts_picture ON posts (picture_hash) WHERE picture_hash IS NOT NULL;

CREATE TABLE post_views (
    post_id BLOB PRIMARY KEY NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    views INTEGER NOT NULL
) STRICT;

CREATE TABLE images (
    hash TEXT NOT NULL,
    size TEXT NOT NULL,
    data BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (hash, size)
) STRICT;
