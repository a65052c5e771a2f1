//! What is searched of mailings, users and posts, made anew by the program: databases do not agree on letter
//! case outside of ASCII.

/// The migration with which it is done for mailings and users.
pub const SINCE: i64 = 24;
/// The migration with which it is done for posts.
pub const POSTS_SINCE: i64 = 31;
/// Names of mailings, and what is searched of them.
pub const MAILINGS: &str = "SELECT id, name, search_text FROM mailings";
/// Writes what is searched of a mailing.
pub const FOLD_MAILING: &str = "UPDATE mailings SET search_text = $2 WHERE id = $1";
/// Addresses and names of users, and what is searched of them.
pub const USERS: &str = "SELECT id, email, name, search_text FROM users";
/// Writes what is searched of a user.
pub const FOLD_USER: &str = "UPDATE users SET search_text = $2 WHERE id = $1";
/// Words of posts after one, in order; a post may be 10,000 words.
pub const POSTS: &str =
    "SELECT id, title, lead, content FROM posts WHERE id > $1 ORDER BY id LIMIT 50";
/// Writes what is searched of a post.
pub const FOLD_POST: &str = "UPDATE posts SET search_text = $2 WHERE id = $1";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[MAILINGS, FOLD_MAILING, USERS, FOLD_USER, POSTS, FOLD_POST];

/// What is searched of a mailing.
#[must_use]
pub fn mailing(name: &str) -> String {
    name.to_lowercase()
}

/// Defines `fold` and `fold_posts`, which do it for all rows over a connection.
#[macro_export]
macro_rules! fold_fn {
    ($connection:ty) => {
        /// Makes anew what is searched of mailings and users.
        async fn fold(connection: &mut $connection) -> sqlx::Result<()> {
            use $crate::names::{Uuid, query, query_as};
            use $crate::{filter, folding};

            let mailings: Vec<(Uuid, String, String)> = query_as(folding::MAILINGS)
                .fetch_all(&mut *connection)
                .await?;
            let mailings = mailings
                .into_iter()
                .map(|(id, name, old)| (folding::FOLD_MAILING, id, folding::mailing(&name), old));
            let users: Vec<(Uuid, String, Option<String>, String)> =
                query_as(folding::USERS).fetch_all(&mut *connection).await?;
            let users = users.into_iter().map(|(id, email, name, old)| {
                let name = name.unwrap_or_default();
                let text = filter::folded_text(&email, &name, "");
                (folding::FOLD_USER, id, text, old)
            });
            for (statement, id, text, old) in mailings.chain(users) {
                if text != old {
                    query(statement)
                        .bind(id)
                        .bind(text)
                        .execute(&mut *connection)
                        .await?;
                }
            }
            Ok(())
        }

        /// Makes what is searched of posts.
        async fn fold_posts(connection: &mut $connection) -> sqlx::Result<()> {
            use $crate::names::{Uuid, query, query_as};
            use $crate::{filter, folding};

            let mut after = Uuid::nil();
            loop {
                let posts: Vec<(Uuid, String, Option<String>, String)> = query_as(folding::POSTS)
                    .bind(after)
                    .fetch_all(&mut *connection)
                    .await?;
                let Some((last, ..)) = posts.last() else {
                    return Ok(());
                };
                after = *last;
                for (id, title, lead, content) in posts {
                    let lead = lead.unwrap_or_default();
                    query(folding::FOLD_POST)
                        .bind(id)
                        .bind(filter::folded_text(&title, &lead, &content))
                        .execute(&mut *connection)
                        .await?;
                }
            }
        }
    };
}
