//! The use cases. Pages, API and command line call the same methods; none has a second way in.
//!
//! Each method takes an [`Actor`](crate::policy::Actor) first, asks the policy for a scope, opens a
//! unit, decides, writes, adds the audit entry, commits, tells. Always in this order.

mod accounts;
mod blog;
mod calendar;
mod confirmations;
mod deliveries;
mod exports;
mod feedback;
mod home;
mod imports;
mod instance;
mod keeping_away;
mod limits;
mod lists;
mod mailings;
mod messages;
mod moderation;
mod own_account;
mod passwords;
mod picked;
mod ports;
mod posts;
mod rates;
mod recipients;
mod registration;
mod rehearsal;
mod reports;
mod runs;
mod second_factors;
mod senders;
mod sign_in;
mod submissions;
mod supervision;
mod suppressions;
mod system;
mod takeout;
mod test_sends;
mod trash;
mod unsubscribe;
mod uploads;

pub use accounts::{Accounts, NewUser};
pub use blog::{Blog, BlogPost};
pub use calendar::{Calendar, CalendarDay, CalendarDays, CalendarEntry, CalendarWhat};
pub use confirmations::{Confirmation, Confirmations, Confirmed};
pub use deliveries::{
    Absence, Deliveries, DeliveryDetails, Explanation, Fate, Hindrance, LogAsk, LogDraft, LogFile,
    LogPage, Logged,
};
pub use exports::{Export, ExportJob, ExportOptions, ExportWork, Exports, PreparedFile};
pub use feedback::{FeedbackBox, ShownForm};
pub use home::{Home, HomeCounts};
pub use imports::{
    ImportEvent, ImportOptions, ImportPreview, ImportReport, Imports, OnImportEvent, PreviewColumn,
    UndoReport,
};
pub use instance::Instance;
pub use lists::Lists;
pub use mailings::{Forecast, Level, MailingDetails, Mailings, Review, ReviewItem};
pub use messages::{MessageDraft, Messages, NewFile, Preview, TypedMessage};
pub use moderation::Moderation;
pub use own_account::{OwnAccount, ProfileDraft};
pub use passwords::Passwords;
pub use picked::Picked;
pub use ports::ServicePorts;
pub use posts::{NewPicture, PostDraft, PostPreview, Posts};
pub use rates::{Rates, SetRate};
pub use recipients::Recipients;
pub use registration::{NewAccount, Registration};
pub use reports::{ReportFile, ReportOf, ReportTable, Reports};
pub use runs::{Pulse, Retriable, Retried, Runs};
pub use second_factors::{SecondFactorSetup, SecondFactorState, SecondFactors};
pub use senders::Senders;
pub use sign_in::{SignIn, SignInStep, SignedIn};
pub use submissions::Submissions;
pub use supervision::{MailingUnderReview, ServiceState, Supervision, UserUnderReview};
pub use suppressions::Suppressions;
pub use system::{SystemOverview, SystemState};
pub use takeout::{Takeout, TakeoutFile};
pub use test_sends::TestSends;
pub use trash::{Thrown, Trash};
pub use unsubscribe::{Unsubscribe, UnsubscribeView};
pub use uploads::{RejectWords, UploadJob, UploadWork, Uploads, wait};

/// All use cases. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Users.
    pub accounts: Accounts,
    /// Accounts that people make themselves.
    pub registration: Registration,
    /// Links in letters that prove an address.
    pub confirmations: Confirmations,
    /// The own account.
    pub own: OwnAccount,
    /// Sign-in by code.
    pub second_factors: SecondFactors,
    /// Everything of one's own as a file.
    pub takeout: Takeout,
    /// Forgotten passwords.
    pub passwords: Passwords,
    /// Sign-in, sign-out, sessions.
    pub sign_in: SignIn,
    /// Senders.
    pub senders: Senders,
    /// Recipients and lists.
    pub recipients: Recipients,
    /// Who is in which list.
    pub lists: Lists,
    /// Recipients that were deleted.
    pub trash: Trash,
    /// Addresses and domains that mail never goes to.
    pub suppressions: Suppressions,
    /// Recipients from files.
    pub imports: Imports,
    /// Files on their way to an import.
    pub uploads: Uploads,
    /// What the service does with them by itself.
    pub upload_work: UploadWork,
    /// Recipients into files.
    pub exports: Exports,
    /// What the service does with prepared ones by itself.
    pub export_work: ExportWork,
    /// Messages.
    pub messages: Messages,
    /// Posts, for those who write them.
    pub posts: Posts,
    /// The blog as everybody reads it.
    pub blog: Blog,
    /// Test sends.
    pub test_sends: TestSends,
    /// Mailings.
    pub mailings: Mailings,
    /// Stopping mailings and users.
    pub moderation: Moderation,
    /// What managers see of everybody's things.
    pub supervision: Supervision,
    /// Runs and deliveries.
    pub runs: Runs,
    /// The log of deliveries, and why an address did or did not get a run.
    pub deliveries: Deliveries,
    /// What was sent and what is planned, day by day.
    pub calendar: Calendar,
    /// What came of the runs of some days.
    pub reports: Reports,
    /// The links in mails.
    pub unsubscribe: Unsubscribe,
    /// The home page's numbers.
    pub home: Home,
    /// Rates that are set while running.
    pub rates: Rates,
    /// The settings of the instance.
    pub instance: Instance,
    /// What people write on the contacts page.
    pub feedback: FeedbackBox,
    /// Forms that were sent.
    pub submissions: Submissions,
    /// State of the service itself.
    pub system: SystemState,
}

impl Services {
    /// The use cases over these ports.
    #[must_use]
    pub fn new(ports: ServicePorts) -> Self {
        Self {
            accounts: Accounts::new(ports.clone()),
            registration: Registration::new(ports.clone()),
            confirmations: Confirmations::new(ports.clone()),
            own: OwnAccount::new(ports.clone()),
            second_factors: SecondFactors::new(ports.clone()),
            takeout: Takeout::new(ports.clone()),
            passwords: Passwords::new(ports.clone()),
            sign_in: SignIn::new(ports.clone()),
            senders: Senders::new(ports.clone()),
            recipients: Recipients::new(ports.clone()),
            lists: Lists::new(ports.clone()),
            trash: Trash::new(ports.clone()),
            suppressions: Suppressions::new(ports.clone()),
            imports: Imports::new(ports.clone()),
            uploads: Uploads::new(ports.clone()),
            upload_work: UploadWork::new(ports.clone()),
            exports: Exports::new(ports.clone()),
            export_work: ExportWork::new(ports.clone()),
            messages: Messages::new(ports.clone()),
            posts: Posts::new(ports.clone()),
            blog: Blog::new(ports.clone()),
            test_sends: TestSends::new(ports.clone()),
            mailings: Mailings::new(ports.clone()),
            moderation: Moderation::new(ports.clone()),
            supervision: Supervision::new(ports.clone()),
            runs: Runs::new(ports.clone()),
            deliveries: Deliveries::new(ports.clone()),
            calendar: Calendar::new(ports.clone()),
            reports: Reports::new(ports.clone()),
            unsubscribe: Unsubscribe::new(ports.clone()),
            home: Home::new(ports.clone()),
            rates: Rates::new(ports.clone()),
            instance: Instance::new(ports.clone()),
            feedback: FeedbackBox::new(ports.clone()),
            submissions: Submissions::new(ports.clone()),
            system: SystemState::new(ports),
        }
    }
}
