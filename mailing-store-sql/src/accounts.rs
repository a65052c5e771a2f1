//! Users, sessions, counters against guessing, senders.

macro_rules! user_columns {
    () => {
        "id, email, name, blocked_at, blocked_reason, verified_at, password, zone, language, \
         created_at"
    };
}

macro_rules! sender_columns {
    () => {
        "id, owner_id, address, name, verified_at, created_at"
    };
}

/// Statements about users.
pub mod users {
    /// Adds one; no row when the address is taken.
    pub const INSERT: &str = "INSERT INTO users \
        (id, email, email_key, name, blocked_at, blocked_reason, verified_at, password, zone, \
         language, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (email_key) DO NOTHING";
    /// Writes one back.
    pub const UPDATE: &str = "UPDATE users SET email = $2, email_key = $3, name = $4, \
        blocked_at = $5, blocked_reason = $6, verified_at = $7, password = $8, zone = $9, \
        language = $10 WHERE id = $1";
    /// Takes all roles of one.
    pub const DELETE_ROLES: &str = "DELETE FROM user_roles WHERE user_id = $1";
    /// Gives one a role.
    pub const INSERT_ROLE: &str = "INSERT INTO user_roles (user_id, role) VALUES ($1, $2)";
    /// By id.
    pub const FIND: &str = concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1");
    /// By key of the address.
    pub const FIND_BY_KEY: &str = concat!(
        "SELECT ",
        user_columns!(),
        " FROM users WHERE email_key = $1"
    );
    /// In order of the keys.
    pub const PAGE: &str = concat!(
        "SELECT ",
        user_columns!(),
        " FROM users WHERE email_key > $1 ORDER BY email_key LIMIT $2"
    );
    /// Roles of one.
    pub const ROLES: &str = "SELECT user_id, role FROM user_roles WHERE user_id = $1";
    /// Roles of those whose keys lie between two.
    pub const ROLES_BETWEEN: &str = "SELECT r.user_id, r.role FROM users u \
        JOIN user_roles r ON r.user_id = u.id WHERE u.email_key BETWEEN $1 AND $2";
    /// How many.
    pub const COUNT: &str = "SELECT count(*) FROM users";
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
        COUNT,
    ];
}

/// Statements about sessions.
pub mod sessions {
    /// Adds one.
    pub const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, created_at, seen_at) \
        VALUES ($1, $2, $3, $4)";
    /// By token.
    pub const FIND: &str =
        "SELECT token_hash, user_id, created_at, seen_at FROM sessions WHERE token_hash = $1";
    /// Notes a use.
    pub const TOUCH: &str = "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1";
    /// Ends one.
    pub const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";
    /// Ends all of a user.
    pub const DELETE_OF: &str = "DELETE FROM sessions WHERE user_id = $1";
    /// Ends those that are over.
    pub const PURGE: &str = "DELETE FROM sessions WHERE seen_at < $1 OR created_at < $2";
    /// All of them, for the test that prepares each.
    pub const ALL: &[&str] = &[INSERT, FIND, TOUCH, DELETE, DELETE_OF, PURGE];
}

/// Statements about counters against guessing.
pub mod throttle {
    /// By key.
    pub const FIND: &str =
        "SELECT key, failures, since, blocked_until FROM sign_in_failures WHERE key = $1";
    /// Sets one.
    pub const SET: &str = "INSERT INTO sign_in_failures (key, failures, since, blocked_until) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO UPDATE \
        SET failures = excluded.failures, since = excluded.since, \
            blocked_until = excluded.blocked_until";
    /// Clears one.
    pub const DELETE: &str = "DELETE FROM sign_in_failures WHERE key = $1";
    /// Clears old ones.
    pub const PURGE: &str = "DELETE FROM sign_in_failures WHERE since < $1";
    /// All of them, for the test that prepares each.
    pub const ALL: &[&str] = &[FIND, SET, DELETE, PURGE];
}

/// Statements about senders.
pub mod senders {
    /// Adds one; no row when the owner has the address.
    pub const INSERT: &str = "INSERT INTO senders \
        (id, owner_id, address, address_key, name, verified_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (owner_id, address_key) DO NOTHING";
    /// Writes name and verification back.
    pub const UPDATE: &str =
        "UPDATE senders SET name = $3, verified_at = $4 WHERE owner_id = $1 AND id = $2";
    /// By id.
    pub const FIND: &str = concat!(
        "SELECT ",
        sender_columns!(),
        " FROM senders WHERE owner_id = $1 AND id = $2"
    );
    /// By key of the address.
    pub const FIND_BY_KEY: &str = concat!(
        "SELECT ",
        sender_columns!(),
        " FROM senders WHERE owner_id = $1 AND address_key = $2"
    );
    /// Oldest first.
    pub const LIST: &str = concat!(
        "SELECT ",
        sender_columns!(),
        " FROM senders WHERE owner_id = $1 ORDER BY created_at, id"
    );
    /// All of them, for the test that prepares each.
    pub const ALL: &[&str] = &[INSERT, UPDATE, FIND, FIND_BY_KEY, LIST];
}

/// [`UserRepo`](mailing_core::ports::store::UserRepo) for a unit of work.
#[macro_export]
macro_rules! users_repo {
    ($unit:ty) => {
        const _: () = {
            use mailing_core::user::UserState;
            use $crate::accounts::users;
            use $crate::names::*;

            fn block(user: &User) -> (Option<i64>, Option<&str>) {
                match &user.state {
                    UserState::Active => (None, None),
                    UserState::Blocked { at, reason } => (Some(millis(*at)), Some(reason)),
                }
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
                    let (blocked_at, reason) = block(user);
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
                    let (blocked_at, reason) = block(user);
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
                    let row = query_as::<_, UserRow>(users::FIND)
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    self.user(row).await
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
                    request: &PageRequest,
                ) -> Result<Page<User>, StoreError> {
                    let rows = query_as::<_, UserRow>(users::PAGE)
                        .bind($crate::cursor::after_key(request))
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

                async fn count(&mut self, _: &System) -> Result<u64, StoreError> {
                    let users: i64 = query_scalar(users::COUNT)
                        .fetch_one(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(count(users))
                }
            }
        };
    };
}

/// [`SessionRepo`](mailing_core::ports::store::SessionRepo) for a unit of work.
#[macro_export]
macro_rules! sessions_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::accounts::sessions;
            use $crate::names::*;

            #[async_trait]
            impl SessionRepo for $unit {
                async fn insert(
                    &mut self,
                    _: &System,
                    session: &Session,
                ) -> Result<(), StoreError> {
                    query(sessions::INSERT)
                        .bind(&session.token.0[..])
                        .bind(session.user.uuid())
                        .bind(millis(session.created_at))
                        .bind(millis(session.seen_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn find(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                ) -> Result<Option<Session>, StoreError> {
                    query_as::<_, SessionRow>(sessions::FIND)
                        .bind(&token.0[..])
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Session::try_from)
                        .transpose()
                }

                async fn touch(
                    &mut self,
                    _: &System,
                    token: TokenHash,
                    seen_at: Timestamp,
                ) -> Result<(), StoreError> {
                    query(sessions::TOUCH)
                        .bind(&token.0[..])
                        .bind(millis(seen_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete(&mut self, _: &System, token: TokenHash) -> Result<(), StoreError> {
                    query(sessions::DELETE)
                        .bind(&token.0[..])
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn delete_of(&mut self, _: &System, user: UserId) -> Result<(), StoreError> {
                    query(sessions::DELETE_OF)
                        .bind(user.uuid())
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    seen_before: Timestamp,
                    created_before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(sessions::PURGE)
                        .bind(millis(seen_before))
                        .bind(millis(created_before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}

/// [`ThrottleRepo`](mailing_core::ports::store::ThrottleRepo) for a unit of work.
#[macro_export]
macro_rules! throttle_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::accounts::throttle;
            use $crate::names::*;

            #[async_trait]
            impl ThrottleRepo for $unit {
                async fn find(
                    &mut self,
                    _: &System,
                    key: &str,
                ) -> Result<Option<SignInFailures>, StoreError> {
                    query_as::<_, FailuresRow>(throttle::FIND)
                        .bind(key)
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(SignInFailures::try_from)
                        .transpose()
                }

                async fn set(
                    &mut self,
                    _: &System,
                    key: &str,
                    failures: Option<&SignInFailures>,
                ) -> Result<(), StoreError> {
                    let statement = match failures {
                        None => query(throttle::DELETE).bind(key),
                        Some(failures) => query(throttle::SET)
                            .bind(key)
                            .bind(i32::try_from(failures.count).unwrap_or(i32::MAX))
                            .bind(millis(failures.since))
                            .bind(failures.blocked_until.map(millis)),
                    };
                    statement
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(())
                }

                async fn purge(
                    &mut self,
                    _: &System,
                    before: Timestamp,
                ) -> Result<u64, StoreError> {
                    let done = query(throttle::PURGE)
                        .bind(millis(before))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected())
                }
            }
        };
    };
}

/// [`SenderRepo`](mailing_core::ports::store::SenderRepo) for a unit of work.
#[macro_export]
macro_rules! senders_repo {
    ($unit:ty) => {
        const _: () = {
            use $crate::accounts::senders;
            use $crate::names::*;

            #[async_trait]
            impl SenderRepo for $unit {
                async fn insert(
                    &mut self,
                    scope: &Edit<Sender>,
                    sender: &Sender,
                ) -> Result<(), StoreError> {
                    let done = query(senders::INSERT)
                        .bind(sender.id.uuid())
                        .bind(scope.owner().uuid())
                        .bind(sender.mailbox.address.as_str())
                        .bind(sender.mailbox.address.key())
                        .bind(sender.mailbox.name.as_ref().map(|name| name.as_str()))
                        .bind(sender.verified_at.map(millis))
                        .bind(millis(sender.created_at))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    if done.rows_affected() == 0 {
                        let constraint = "senders.key";
                        return Err(StoreError::Conflict { constraint });
                    }
                    Ok(())
                }

                async fn save(
                    &mut self,
                    scope: &Edit<Sender>,
                    sender: &Sender,
                ) -> Result<bool, StoreError> {
                    let done = query(senders::UPDATE)
                        .bind(scope.owner().uuid())
                        .bind(sender.id.uuid())
                        .bind(sender.mailbox.name.as_ref().map(|name| name.as_str()))
                        .bind(sender.verified_at.map(millis))
                        .execute(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    Ok(done.rows_affected() > 0)
                }

                async fn find(
                    &mut self,
                    scope: &View<Sender>,
                    id: SenderId,
                ) -> Result<Option<Sender>, StoreError> {
                    query_as::<_, SenderRow>(senders::FIND)
                        .bind(scope.owner().uuid())
                        .bind(id.uuid())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Sender::try_from)
                        .transpose()
                }

                async fn find_by_address(
                    &mut self,
                    scope: &View<Sender>,
                    address: &EmailAddress,
                ) -> Result<Option<Sender>, StoreError> {
                    query_as::<_, SenderRow>(senders::FIND_BY_KEY)
                        .bind(scope.owner().uuid())
                        .bind(address.key())
                        .fetch_optional(self.connection())
                        .await
                        .map_err(Self::failed)?
                        .map(Sender::try_from)
                        .transpose()
                }

                async fn list(&mut self, scope: &View<Sender>) -> Result<Vec<Sender>, StoreError> {
                    let rows = query_as::<_, SenderRow>(senders::LIST)
                        .bind(scope.owner().uuid())
                        .fetch_all(self.connection())
                        .await
                        .map_err(Self::failed)?;
                    rows.into_iter().map(Sender::try_from).collect()
                }
            }
        };
    };
}
