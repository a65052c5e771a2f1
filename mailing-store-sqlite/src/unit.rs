//! One transaction with its repositories.

use async_trait::async_trait;
use mailing_core::ports::store::{
    AuditRepo, BlogRepo, ErasureRepo, ExportRepo, FeedbackRepo, ImportRepo, ListRepo, LogRepo,
    MailingRepo, MessageRepo, PostRepo, RateRepo, RecipientRepo, ReportRepo, RunRepo,
    SecondFactorRepo, SenderRepo, SessionRepo, SettingsRepo, StatisticsRepo, StoreError,
    SubmissionRepo, SupervisionRepo, SuppressionRepo, SystemMailRepo, ThrottleRepo, TokenRepo,
    Unit, UploadRepo, UserRepo,
};
use sqlx::{Sqlite, SqliteConnection, Transaction};

use crate::bulk;
use crate::error;

/// A transaction: it implements every repository itself. Dropped without commit it rolls back.
pub(crate) struct SqliteUnit {
    transaction: Transaction<'static, Sqlite>,
}

impl SqliteUnit {
    pub(crate) const fn new(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { transaction }
    }

    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    fn failed(error: sqlx::Error) -> StoreError {
        error::failed(error)
    }
}

mailing_store_sql::mailing_parts_fn!(SqliteConnection, error::failed);

mailing_store_sql::shared_queries!(SqliteUnit, sqlx::sqlite::SqliteRow);
mailing_store_sql::leased_queries!(SqliteUnit);
mailing_store_sql::users_repo!(SqliteUnit, users::FIND);
mailing_store_sql::sessions_repo!(SqliteUnit);
mailing_store_sql::second_factors_repo!(SqliteUnit);
mailing_store_sql::tokens_repo!(SqliteUnit);
mailing_store_sql::system_mails_repo!(SqliteUnit);
mailing_store_sql::rates_repo!(SqliteUnit);
mailing_store_sql::throttle_repo!(SqliteUnit);
mailing_store_sql::instance_repos!(SqliteUnit);
mailing_store_sql::submissions_repo!(SqliteUnit);
mailing_store_sql::senders_repo!(SqliteUnit);
mailing_store_sql::recipient_pages!(SqliteUnit, bulk);
mailing_store_sql::recipients_repo!(SqliteUnit, bulk);
mailing_store_sql::lists_repo!(SqliteUnit, bulk);
mailing_store_sql::imports_repo!(SqliteUnit);
mailing_store_sql::uploads_repo!(SqliteUnit);
mailing_store_sql::exports_repo!(SqliteUnit);
mailing_store_sql::suppressions_repo!(SqliteUnit, bulk);
mailing_store_sql::messages_repo!(SqliteUnit);
mailing_store_sql::posts_repo!(SqliteUnit);
mailing_store_sql::blog_repo!(SqliteUnit);
mailing_store_sql::run_control!(SqliteUnit);
mailing_store_sql::mailing_audience!(SqliteUnit, bulk);
mailing_store_sql::mailings_repo!(SqliteUnit, mailing_parts);
mailing_store_sql::run_retry!(SqliteUnit);
mailing_store_sql::runs_repo!(SqliteUnit);
mailing_store_sql::run_log!(SqliteUnit);
mailing_store_sql::reports_repo!(SqliteUnit, crate::tally::TALLY);
mailing_store_sql::audit_repo!(SqliteUnit);
mailing_store_sql::erasure_repo!(SqliteUnit);
mailing_store_sql::statistics_repo!(SqliteUnit);
mailing_store_sql::supervision_repo!(SqliteUnit);

#[async_trait]
impl Unit for SqliteUnit {
    fn users(&mut self) -> &mut dyn UserRepo {
        self
    }

    fn sessions(&mut self) -> &mut dyn SessionRepo {
        self
    }

    fn second_factors(&mut self) -> &mut dyn SecondFactorRepo {
        self
    }

    fn tokens(&mut self) -> &mut dyn TokenRepo {
        self
    }

    fn system_mails(&mut self) -> &mut dyn SystemMailRepo {
        self
    }

    fn rates(&mut self) -> &mut dyn RateRepo {
        self
    }

    fn throttle(&mut self) -> &mut dyn ThrottleRepo {
        self
    }

    fn settings(&mut self) -> &mut dyn SettingsRepo {
        self
    }

    fn feedback(&mut self) -> &mut dyn FeedbackRepo {
        self
    }

    fn submissions(&mut self) -> &mut dyn SubmissionRepo {
        self
    }

    fn senders(&mut self) -> &mut dyn SenderRepo {
        self
    }

    fn recipients(&mut self) -> &mut dyn RecipientRepo {
        self
    }

    fn lists(&mut self) -> &mut dyn ListRepo {
        self
    }

    fn imports(&mut self) -> &mut dyn ImportRepo {
        self
    }

    fn uploads(&mut self) -> &mut dyn UploadRepo {
        self
    }

    fn exports(&mut self) -> &mut dyn ExportRepo {
        self
    }

    fn suppressions(&mut self) -> &mut dyn SuppressionRepo {
        self
    }

    fn messages(&mut self) -> &mut dyn MessageRepo {
        self
    }

    fn posts(&mut self) -> &mut dyn PostRepo {
        self
    }

    fn blog(&mut self) -> &mut dyn BlogRepo {
        self
    }

    fn mailings(&mut self) -> &mut dyn MailingRepo {
        self
    }

    fn runs(&mut self) -> &mut dyn RunRepo {
        self
    }

    fn log(&mut self) -> &mut dyn LogRepo {
        self
    }

    fn reports(&mut self) -> &mut dyn ReportRepo {
        self
    }

    fn audit(&mut self) -> &mut dyn AuditRepo {
        self
    }

    fn erasure(&mut self) -> &mut dyn ErasureRepo {
        self
    }

    fn statistics(&mut self) -> &mut dyn StatisticsRepo {
        self
    }

    fn supervision(&mut self) -> &mut dyn SupervisionRepo {
        self
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.transaction.commit().await.map_err(error::failed)
    }
}
