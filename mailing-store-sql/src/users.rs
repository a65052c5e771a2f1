//! Users and their roles.

macro_rules! user_columns {
    () => {
        "id, email, name, phone, country, avatar, blocked_at, blocked_reason, deleted_at, \
         verified_at, password, zone, language, created_at"
    };
}

/// Adds one; no row when the address is taken.
pub const INSERT: &str = "INSERT INTO users \
    (id, email, email_key, name, blocked_at, blocked_reason, verified_at, password, zone, \
     language, created_at, deleted_at, search_text, phone, country, avatar) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
    ON CONFLICT (email_key) DO NOTHING";
/// Writes one back.
pub const UPDATE: &str = "UPDATE users SET email = $2, email_key = $3, name = $4, \
    blocked_at = $5, blocked_reason = $6, verified_at = $7, password = $8, zone = $9, \
    language = $10, deleted_at = $11, search_text = $12, phone = $13, country = $14, avatar = $15 \
    WHERE id = $1";
/// Takes all roles of one.
pub const DELETE_ROLES: &str = "DELETE FROM user_roles WHERE user_id = $1";
/// Gives one a role.
pub const INSERT_ROLE: &str = "INSERT INTO user_roles (user_id, role) VALUES ($1, $2)";
/// By id.
pub const FIND: &str = concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1");
/// By id, to be changed, where rows are locked. Rows that refer to the user may be added meanwhile.
pub const FIND_LOCKED: &str = concat!(
    "SELECT ",
    user_columns!(),
    " FROM users WHERE id = $1 FOR NO KEY UPDATE"
);
/// By key of the address.
pub const FIND_BY_KEY: &str = concat!(
    "SELECT ",
    user_columns!(),
    " FROM users WHERE email_key = $1"
);
/// In order of the keys; `$2` is a pattern, `$3` a role, `$4` a standing, or NULL.
pub const PAGE: &str = concat!(
    "SELECT ",
    user_columns!(),
    " FROM users WHERE email_key > $1 AND (search_text LIKE $2 ESCAPE '\\' OR $2 IS NULL) \
        AND (EXISTS (SELECT 1 FROM user_roles r WHERE r.user_id = users.id AND r.role = $3) \
            OR $3 IS NULL) \
        AND (CASE WHEN deleted_at IS NOT NULL THEN 'deleted' \
            WHEN blocked_at IS NOT NULL THEN 'blocked' \
            WHEN verified_at IS NULL THEN 'unverified' ELSE 'active' END = $4 OR $4 IS NULL) \
        ORDER BY email_key LIMIT $5"
);
/// Roles of one.
pub const ROLES: &str = "SELECT user_id, role FROM user_roles WHERE user_id = $1";
/// Roles of those whose keys lie between two.
pub const ROLES_BETWEEN: &str = "SELECT r.user_id, r.role FROM users u \
    JOIN user_roles r ON r.user_id = u.id WHERE u.email_key BETWEEN $1 AND $2";
/// Keeps a picture, or keeps another one.
pub const KEEP_AVATAR: &str = "INSERT INTO avatars (user_id, data) VALUES ($1, $2) \
    ON CONFLICT (user_id) DO UPDATE SET data = excluded.data";
/// Takes a picture away.
pub const DROP_AVATAR: &str = "DELETE FROM avatars WHERE user_id = $1";
/// A picture.
pub const AVATAR: &str = "SELECT data FROM avatars WHERE user_id = $1";
/// How many.
pub const COUNT: &str = "SELECT count(*) FROM users";
/// Keeps everybody else from counting administrators, where rows are locked: by the one row that nothing
/// else changes. Their own rows will not do, since saving a user takes those in another order.
pub const LOCK_ADMINISTRATORS: &str = "UPDATE instance SET id = id";
/// How many administrators may act.
pub const ADMINISTRATORS: &str = "SELECT count(*) FROM users u \
    JOIN user_roles r ON r.user_id = u.id AND r.role = 'administrator' \
    WHERE u.blocked_at IS NULL AND u.deleted_at IS NULL";
/// All of them, for the test that prepares each.
pub const ALL: &[&str] = &[
    INSERT,
    UPDATE,
    DELETE_ROLES,
    INSERT_ROLE,
    FIND,
    FIND_BY_KEY,
    PAGE,
    ROLES,
    ROLES_BETWEEN,
    KEEP_AVATAR,
    DROP_AVATAR,
    AVATAR,
    COUNT,
    LOCK_ADMINISTRATORS,
    ADMINISTRATORS,
];

/// [`UserRepo`](mailing_core::ports::store::UserRepo) for a unit of work, and the statement that reads a user to
/// be changed.
#[macro_export]
macro_rules! users_repo {
    ($unit:ty, $find_for_update:path) => {
        const _: () = {
            use mailing_core::ports::store::UserFilter;
            use mailing_core::user::UserState;
            use $crate::names::*;
            use $crate::users;

            /// Blocked since and why, deleted since. Whoever is deleted is blocked, too: so nothing
            /// is sent.
            fn block(user: &User) -> (Option<i64>, Option<&str>, Option<i64>) {
                match &user.state {
                    UserState::Active => (None, None, None),
                    UserState::Blocked { at, reason } => (Some(millis(*at)), Some(reason), None),
                    UserState::Deleted { at } => (Some(millis(*at)), None, Some(millis(*at))),
                }
            }

            /// What is searched of a user.
            fn search_text(user: &User) -> String {
                $crate::filter::search_text(&user.email, user.name.as_ref(), None)
            }

            impl $unit {
                async fn insert_roles(&mut self, user: &User) -> Result<(), StoreError> {
                    for role in &user.roles {
                        query(users::INSERT_ROLE)
                            .bind(user.id.uuid())
                            .bind(role.as_str())
                            .execute(self.connection())
                            .await
                            .map_err(Self::failed)?;
                    }
                    Ok(())
                }

                async fn user_by(
                    &mut self,
                    statement: &'static str,
                    id: UserId,
                ) -> Result<Option<User>, StoreError> {
                    let row = query_as::<_, UserRow>(statement)
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.user(row).await
                }

                async fn user(&mut self, row: Option<UserRow>) -> Result<Option<User>, StoreError> {
                    let Some(row) = row else { return Ok(None) };
                    let roles = query_as::<_, RoleRow>(users::ROLES)
                        .bind(row.id)
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    row.user(&roles).map(Some)
                }
            }

            #[async_trait]
            impl UserRepo for $unit {
                async fn insert(&mut self, _: &System, user: &User) -> Result<(), StoreError> {
                    let (blocked_at, reason, deleted_at) = block(user);
                    let done = query(users::INSERT)
                        .bind(user.id.uuid())
                        .bind(user.email.as_str())
                        .bind(user.email.key())
                        .bind(user.name.as_ref().map(|name| name.as_str()))
                        .bind(blocked_at)
                        .bind(reason)
                        .bind(user.verified_at.map(millis))
                        .bind(user.password.reveal())
                        .bind(user.zone.name())
                        .bind(user.language.tag())
                        .bind(millis(user.created_at))
                        .bind(deleted_at)
                        .bind(search_text(user))
                        .bind(user.phone.as_ref().map(|phone| phone.as_str()))
                        .bind(user.country.map(|country| country.as_str()))
                        .bind(user.avatar.map(|hash| hash.to_string()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "users.key";
                        return Err(StoreError::Conflict { constraint });
                    }
                    self.insert_roles(user).await
                }

                async fn save(&mut self, _: &System, user: &User) -> Result<(), StoreError> {
                    let (blocked_at, reason, deleted_at) = block(user);
                    query(users::UPDATE)
                        .bind(user.id.uuid())
                        .bind(user.email.as_str())
                        .bind(user.email.key())
                        .bind(user.name.as_ref().map(|name| name.as_str()))
                        .bind(blocked_at)
                        .bind(reason)
                        .bind(user.verified_at.map(millis))
                        .bind(user.password.reveal())
                        .bind(user.zone.name())
                        .bind(user.language.tag())
                        .bind(deleted_at)
                        .bind(search_text(user))
                        .bind(user.phone.as_ref().map(|phone| phone.as_str()))
                        .bind(user.country.map(|country| country.as_str()))
                        .bind(user.avatar.map(|hash| hash.to_string()))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    query(users::DELETE_ROLES)
                        .bind(user.id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.insert_roles(user).await
                }

                async fn find(
                    &mut self,
                    _: &System,
                    id: UserId,
                ) -> Result<Option<User>, StoreError> {
                    self.user_by(users::FIND, id).await
                }

                async fn find_for_update(
                    &mut self,
                    _: &System,
                    id: UserId,
                ) -> Result<Option<User>, StoreError> {
                    self.user_by($find_for_update, id).await
                }

                async fn find_by_email(
                    &mut self,
                    _: &System,
                    email: &EmailAddress,
                ) -> Result<Option<User>, StoreError> {
                    let row = query_as::<_, UserRow>(users::FIND_BY_KEY)
                        .bind(email.key())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.user(row).await
                }

                async fn page(
                    &mut self,
                    _: &Supervise,
                    filter: &UserFilter,
                    request: &PageRequest,
                ) -> Result<Page<User>, StoreError> {
                    let rows = query_as::<_, UserRow>(users::PAGE)
                        .bind($crate::cursor::after_key(request))
                        .bind($crate::filter::pattern(filter.search.as_deref()))
                        .bind(filter.role.map(|role| role.as_str()))
                        .bind(filter.standing)
                        .bind($crate::cursor::surplus(request))
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let users: Result<Vec<User>, _> =
                        rows.into_iter().map(|row| row.user(&[])).collect();
                    let mut users = users?;
                    if let (Some(first), Some(last)) = (users.first(), users.last()) {
                        let roles = query_as::<_, RoleRow>(users::ROLES_BETWEEN)
                            .bind(first.email.key().to_owned())
                            .bind(last.email.key().to_owned())
                            .fetch_all(self.connection())
                            .await
                            .map_err(Self::failed)?;
                        for user in &mut users {
                            user.roles = RoleRow::of(&roles, user.id.uuid())?;
                        }
                    }
                    Ok(Page::from_surplus(users, request.limit(), |user| {
                        $crate::cursor::at_key(user.email.key())
                    }))
                }

                async fn keep_avatar(
                    &mut self,
                    _: &System,
                    id: UserId,
                    data: &[u8],
                ) -> Result<(), StoreError> {
                    query(users::KEEP_AVATAR)
                        .bind(id.uuid())
                        .bind(data)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn drop_avatar(&mut self, _: &System, id: UserId) -> Result<(), StoreError> {
                    query(users::DROP_AVATAR)
                        .bind(id.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn avatar(
                    &mut self,
                    _: &System,
                    id: UserId,
                ) -> Result<Option<Vec<u8>>, StoreError> {
                    query_scalar(users::AVATAR)
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)
                }

                async fn count(&mut self, _: &System) -> Result<u64, StoreError> {
                    let users: i64 = query_scalar(users::COUNT)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(count(users))
                }

                async fn administrators(&mut self, _: &System) -> Result<u64, StoreError> {
                    query(users::LOCK_ADMINISTRATORS)
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    let living: i64 = query_scalar(users::ADMINISTRATORS)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(count(living))
                }
            }
        };
    };
}
