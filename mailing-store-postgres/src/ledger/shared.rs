//! What both databases do by the same statements.

pub(super) use barring::barred;
pub(super) use checking::check;
pub(super) use closing::{cancel_rest, complete, end, finish, hold, stopped};
pub(super) use freezing::{begin_freeze, content, freeze_page};
pub(super) use planning::{due, next_instant, open_runs, plan};
pub(super) use recovering::{begin_anew, heartbeat, leave, witness, workers};
pub(super) use settling::{count_run, suppress_bounced, suppressed_by};
pub(super) use sweeping::{claims_of, doubt, release, retry};

mod barring {
    mailing_store_sql::barring_fns!(
        sqlx::PgConnection,
        crate::error::failed,
        crate::ledger::claim::CLAIMED,
        super::settling::suppressed_by
    );
}

mod planning {
    mailing_store_sql::planning_fns!(
        sqlx::PgConnection,
        crate::error::failed,
        crate::unit::mailing_parts
    );
}

mod freezing {
    mailing_store_sql::freezing_fns!(sqlx::PgConnection, crate::error::failed);
}

mod closing {
    mailing_store_sql::closing_fns!(sqlx::PgConnection, crate::error::failed);
}

mod checking {
    mailing_store_sql::check_fns!(sqlx::PgConnection, crate::error::failed);
}

mod settling {
    mailing_store_sql::settling_fns!(sqlx::PgConnection, crate::error::failed);
}

mod recovering {
    mailing_store_sql::recovering_fns!(
        sqlx::PgConnection,
        crate::error::failed,
        super::settling,
        super::sweeping
    );
}

mod sweeping {
    mailing_store_sql::sweeping_fns!(sqlx::PgConnection, crate::error::failed);
}
