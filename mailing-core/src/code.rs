//! The names of everything that can be refused or go wrong.
//!
//! A code is a constant dotted name. It is what the API returns, what scripts compare and what the
//! translations are keyed by: words live only in the translation files, and a test walks [`ALL`] to
//! see that none lacks a text.

use std::fmt;

/// A constant dotted name of a refusal, such as `mailing.window.end_before_start`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(&'static str);

impl Code {
    /// The dotted name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: Code = Code($text);)*
        /// Every code there is, for the test that looks for missing translations.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // General
    /// The object does not exist or is not the caller's.
    NOT_FOUND = "not_found";
    /// The caller's role does not allow this.
    DENIED = "denied";
    /// Nobody is signed in.
    SIGNED_OUT = "signed_out";
    /// Something was changed by someone else since it was read.
    CHANGED_MEANWHILE = "changed_meanwhile";
    /// One user asks too often. Params: `seconds`, until asking is possible again.
    TOO_MANY_REQUESTS = "too_many_requests";
    /// A fault inside; the request id finds it in the log.
    INTERNAL = "internal";
    /// A required value is missing. `field` names it.
    REQUIRED = "required";
    /// A text is longer than allowed. Params: `max`, `length`.
    TOO_LONG = "too_long";
    /// A text holds a control character.
    CONTROL_CHARACTER = "control_character";
    /// A text in Markdown has too many tags, too deep or in too little order.
    MARKUP_TANGLED = "markup_tangled";

    // Store
    /// The database does not answer.
    STORE_UNAVAILABLE = "store.unavailable";
    /// The database is busy with another process.
    STORE_BUSY = "store.busy";
    /// The database cannot be written.
    STORE_READ_ONLY = "store.read_only";
    /// The database was made by a newer version of the program. Params: `found`, `known`.
    STORE_NEWER = "store.newer";
    /// The database was made by an older version and is not to be migrated. Params: `pending`.
    STORE_OUTDATED = "store.outdated";
    /// The URL of the database cannot be read.
    STORE_URL = "store.url";
    /// Nobody answers at the address of the database server.
    STORE_UNREACHABLE = "store.unreachable";
    /// The database server refuses the user or the password.
    STORE_REFUSED = "store.refused";
    /// The database server has no such database.
    STORE_NO_DATABASE = "store.no_database";
    /// The folder of the database file does not exist. Params: `path`.
    STORE_NO_FOLDER = "store.no_folder";
    /// The database file cannot be written or made. Params: `path`.
    STORE_NOT_WRITABLE = "store.not_writable";
    /// Another process holds the database file for itself. Params: `path`.
    STORE_LOCKED = "store.locked";
    /// The file is no database of this program, or is damaged. Params: `path`.
    STORE_NOT_A_DATABASE = "store.not_a_database";
    /// A stored row cannot be read. Params: `table`, `column`, `id`.
    STORE_CORRUPT = "store.corrupt";
    /// The disk is full.
    STORE_FULL = "store.full";
    /// The database is damaged and not written any more.
    STORE_DAMAGED = "store.damaged";

    // Addresses
    /// No `@` in the address.
    ADDRESS_NO_AT = "address.no_at";
    /// The part before `@` is not allowed.
    ADDRESS_LOCAL = "address.local";
    /// The part after `@` is not a domain.
    ADDRESS_DOMAIN = "address.domain";
    /// The address is longer than 254 octets, its local part than 64, or a label than 63.
    ADDRESS_TOO_LONG = "address.too_long";
    /// The part after `@` is an IP address.
    ADDRESS_IP = "address.ip";
    /// The part after `@` has no dot.
    ADDRESS_NO_DOT = "address.no_dot";

    // Attributes
    /// The name of an attribute is no lower-case word of Latin letters. Params: `key`.
    ATTRIBUTE_KEY = "attribute.key";
    /// One attribute is given twice. Params: `key`.
    ATTRIBUTE_TWICE = "attribute.twice";
    /// Too many attributes. Params: `max`.
    ATTRIBUTE_TOO_MANY = "attribute.too_many";
    /// An attribute's value is a list or an object. Params: `key`.
    ATTRIBUTE_NESTED = "attribute.nested";
    /// Attributes are not given as an object of names and values.
    ATTRIBUTE_SHAPE = "attribute.shape";

    // Schedule
    /// The end is not later than the start. Params: `start`, the latest time that is too early.
    SCHEDULE_END_BEFORE_START = "schedule.end_before_start";
    /// No time zone of this name. Params: `zone`, `nearest` (known names with commas, or
    /// `none`).
    SCHEDULE_UNKNOWN_ZONE = "schedule.unknown_zone";
    /// A text is no local date and time. Params: `text`, `example`.
    SCHEDULE_UNREADABLE_TIME = "schedule.unreadable_time";
    /// A text is no time of day. Params: `text`, `example`.
    SCHEDULE_UNREADABLE_CLOCK = "schedule.unreadable_clock";
    /// A text is no date. Params: `text`, `example`.
    SCHEDULE_UNREADABLE_DATE = "schedule.unreadable_date";
    /// A text is no instant. Params: `text`, `example`.
    SCHEDULE_UNREADABLE_INSTANT = "schedule.unreadable_instant";
    /// The month has no such day. Params: `text`, `days` (how many the month has; 0: no such month).
    SCHEDULE_IMPOSSIBLE_DATE = "schedule.impossible_date";
    /// The day has no such time. Params: `text`.
    SCHEDULE_IMPOSSIBLE_TIME = "schedule.impossible_time";
    /// Times are whole seconds.
    SCHEDULE_PART_OF_SECOND = "schedule.part_of_second";
    /// The year is too far away. Params: `min`, `max`.
    SCHEDULE_YEAR_OUT_OF_RANGE = "schedule.year_out_of_range";
    /// A number is outside its limits. Params: `value`, `min`, `max`.
    SCHEDULE_OUT_OF_RANGE = "schedule.out_of_range";
    /// A word that is not among the known ones. Params: `text`, `allowed`.
    SCHEDULE_UNKNOWN_WORD = "schedule.unknown_word";
    /// The option does not belong to this repeat. Params: `repeat`, `belongs_to`.
    SCHEDULE_NOT_WITH_REPEAT = "schedule.not_with_repeat";
    /// A month has either a day or an nth weekday, not both.
    SCHEDULE_DAY_AND_NTH = "schedule.day_and_nth_weekday";
    /// Too many excluded dates. Params: `max`, `count`.
    SCHEDULE_TOO_MANY_DATES = "schedule.too_many_dates";
    /// Too many windows. Params: `max`, `count`.
    SCHEDULE_TOO_MANY_WINDOWS = "schedule.too_many_windows";
    /// The rule yields no occurrence at all.
    SCHEDULE_NEVER_FIRES = "schedule.never_fires";
    /// A forecast's specification cannot be read. Params: `what`.
    SCHEDULE_UNREADABLE_SPEC = "schedule.unreadable_spec";
    /// A cron expression has five fields. Params: `count`.
    SCHEDULE_CRON_FIELDS = "schedule.cron.fields";
    /// A part of a cron field is none of the known forms. Params: `part_of`, `item`.
    SCHEDULE_CRON_UNREADABLE = "schedule.cron.unreadable";
    /// A number of a cron field is outside its limits. Params: `part_of`, `item`, `min`, `max`.
    SCHEDULE_CRON_OUT_OF_RANGE = "schedule.cron.out_of_range";
    /// A range of a cron field runs backwards. Params: `part_of`, `item`, `instead`.
    SCHEDULE_CRON_BACKWARDS = "schedule.cron.backwards";
    /// The step of a cron field is 0. Params: `part_of`, `item`.
    SCHEDULE_CRON_STEP = "schedule.cron.step";

    /// A value is none of the known ones. Params: `value`.
    UNKNOWN_VALUE = "unknown_value";

    // Users
    /// The address is a user's already.
    USER_EXISTS = "user.exists";
    /// The own address is not verified yet; nothing can be sent.
    USER_NOT_VERIFIED = "user.not_verified";
    /// Accounts are not made here by whoever likes.
    REGISTRATION_CLOSED = "registration.closed";
    /// Not a phone number.
    PHONE = "phone";
    /// Not a country of ISO 3166-1.
    COUNTRY_UNKNOWN = "country.unknown";
    /// The account has this address already.
    USER_SAME_ADDRESS = "user.same_address";
    /// The own address is verified already.
    USER_VERIFIED = "user.verified";
    /// The user is blocked. Params: `reason`.
    USER_BLOCKED = "user.blocked";
    /// A command needs to be told whose things it handles.
    OWNER_NOT_NAMED = "user.owner_not_named";
    /// No user has this address. Params: `email`.
    USER_UNKNOWN = "user.unknown";
    /// Nobody does this to their own account.
    USER_YOURSELF = "user.yourself";
    /// Somebody must be left who gives roles.
    USER_LAST_ADMINISTRATOR = "user.last_administrator";
    /// An administrator is not blocked by a manager.
    USER_ADMINISTRATOR = "user.administrator";
    /// The user is blocked already.
    USER_BLOCKED_ALREADY = "user.blocked_already";
    /// The user is not blocked.
    USER_NOT_BLOCKED = "user.not_blocked";
    /// Address or password is wrong.
    SIGN_IN_FAILED = "sign_in.failed";
    /// Too many failed tries. Params: `seconds`.
    SIGN_IN_THROTTLED = "sign_in.throttled";
    /// Too many sign-ins at once.
    SIGN_IN_BUSY = "sign_in.busy";
    /// The password in force was asked for, and this is not it.
    PASSWORD_WRONG = "password.wrong";
    /// The code is neither the app's nor a recovery code that is left.
    SECOND_FACTOR_CODE = "second_factor.code";
    /// Sign-in by code is on already.
    SECOND_FACTOR_ON = "second_factor.on";
    /// The word that was to be typed is another one.
    WORD_WRONG = "word.wrong";
    /// Fewer than 12 characters.
    PASSWORD_TOO_SHORT = "password.too_short";
    /// More than 128 characters.
    PASSWORD_TOO_LONG = "password.too_long";
    /// Easily guessed.
    PASSWORD_COMMON = "password.common";

    // Senders
    /// The sender is not verified.
    SENDER_NOT_VERIFIED = "sender.not_verified";
    /// The sender is verified already.
    SENDER_VERIFIED = "sender.verified";
    /// Mailings name the sender.
    SENDER_IN_USE = "sender.in_use";
    /// The owner has as many senders as can be. Params: `max`.
    SENDER_LIMIT = "sender.limit";
    /// The owner has this sender already.
    SENDER_EXISTS = "sender.exists";
    /// The owner has no such sender.
    SENDER_UNKNOWN = "sender.unknown";
    /// The owner has no sender, so one must be added.
    SENDER_MISSING = "sender.missing";

    // Recipients
    /// The owner has a recipient with this address.
    RECIPIENT_EXISTS = "recipient.exists";
    /// The owner has no recipient with this address. Params: `email`.
    RECIPIENT_UNKNOWN = "recipient.unknown";
    /// The owner has a list with this name.
    LIST_EXISTS = "list.exists";
    /// A recipient with this address lies in the trash.
    RECIPIENT_IN_TRASH = "recipient.in_trash";
    /// The owner has no list with this name. Params: `name`.
    LIST_UNKNOWN = "list.unknown";
    /// The list is used by mailings that are not finished. Params: `mailings`, `count`.
    LIST_IN_USE = "list.in_use";

    // Suppressions
    /// The address or domain is suppressed already.
    SUPPRESSION_EXISTS = "suppression.exists";
    /// The entry is there by the recipient's own will: nobody else takes it back.
    SUPPRESSION_OF_RECIPIENT = "suppression.of_recipient";

    // Import
    /// The file cannot be read.
    IMPORT_UNREADABLE = "import.unreadable";
    /// Neither a file nor rows were given.
    IMPORT_NO_FILE = "import.no_file";
    /// The file has no rows. Params: `line`.
    IMPORT_EMPTY = "import.empty";
    /// The file is too large. Params: `max`, in octets, `line`.
    IMPORT_FILE_TOO_LARGE = "import.file_too_large";
    /// More rows than one import takes. Params: `max`, `line`.
    IMPORT_TOO_MANY_ROWS = "import.too_many_rows";
    /// More columns than one import takes. Params: `max`, `line`.
    IMPORT_TOO_MANY_COLUMNS = "import.too_many_columns";
    /// The file is no text, but perhaps a workbook or an archive. Params: `line`.
    IMPORT_NOT_TEXT = "import.not_text";
    /// The row is not in the file's encoding. Params: `encoding`.
    IMPORT_ENCODING = "import.encoding";
    /// An encoding that is not known, or not read. Params: `name`.
    IMPORT_UNKNOWN_ENCODING = "import.unknown_encoding";
    /// The row has more cells than the header. Params: `columns`, `cells`.
    IMPORT_TOO_MANY_CELLS = "import.too_many_cells";
    /// A cell is too long. Params: `max`, in octets.
    IMPORT_CELL_TOO_LONG = "import.cell_too_long";
    /// The row is too long. Params: `max`, in octets.
    IMPORT_LINE_TOO_LONG = "import.line_too_long";
    /// A quote in the row is never closed.
    IMPORT_UNCLOSED_QUOTE = "import.unclosed_quote";
    /// The address came before in the same file. Params: `line`, where.
    IMPORT_DUPLICATE = "import.duplicate";
    /// No column holds addresses. Params: `columns`, their names.
    IMPORT_NO_EMAIL_COLUMN = "import.no_email_column";
    /// There is no such column. Params: `column`, `columns`.
    IMPORT_UNKNOWN_COLUMN = "import.unknown_column";
    /// A part of the column map is not of the form `target=column`. Params: `part`.
    IMPORT_MAP_SYNTAX = "import.map_syntax";
    /// Two columns are to become the same. Params: `target`.
    IMPORT_TARGET_TWICE = "import.target_twice";
    /// As many files of the owner as may be kept are worked on. Params: `max`.
    IMPORT_TOO_MANY_FILES = "import.too_many_files";
    /// Where the file of rejects ends though there were more. Params: `count`, how many.
    IMPORT_REJECTS_LEFT_OUT = "import.rejects_left_out";
    /// Another process goes on with the same import, or undoes it.
    IMPORT_TAKEN_OVER = "import.taken_over";
    /// The import was undone before.
    IMPORT_UNDONE = "import.undone";
    /// The import is too old to be undone. Params: `hours`.
    IMPORT_UNDO_TOO_LATE = "import.undo_too_late";
    /// The owner's last export is still being prepared.
    EXPORT_RUNNING = "export.running";

    // Messages
    /// No variable of that name. Params: `name`, `line`, `column`, `nearest`.
    MESSAGE_UNKNOWN_VARIABLE = "message.unknown_variable";
    /// `{{` does not begin a placeholder. Params: `text`, `line`, `column`.
    MESSAGE_BAD_PLACEHOLDER = "message.bad_placeholder";
    /// More placeholders in one text than there may be. Params: `max`.
    MESSAGE_TOO_MANY_VARIABLES = "message.too_many_variables";
    /// Nothing is written, or nothing that a reader would see.
    MESSAGE_BODY_EMPTY = "message.body_empty";
    /// The body or the text is too large. Params: `max`, `length`, in octets.
    MESSAGE_BODY_TOO_LARGE = "message.body_too_large";
    /// Filled with a recipient's values, a part is too large. Params: `max`, in octets.
    MESSAGE_OUTPUT_TOO_LARGE = "message.output_too_large";
    /// The HTML has too many tags, too deep or in too little order.
    MESSAGE_BODY_TANGLED = "message.body_tangled";
    /// The file has no content. Params: `name`.
    ATTACHMENT_EMPTY = "attachment.empty";
    /// The file is a program or a page. Params: `name`.
    ATTACHMENT_TYPE = "attachment.type";
    /// The message's files are too large together. Params: `max`, `length`, in octets.
    ATTACHMENT_TOO_LARGE = "attachment.too_large";
    /// The message has too many files. Params: `max`.
    ATTACHMENT_TOO_MANY = "attachment.too_many";
    /// The owner has no such message.
    MESSAGE_UNKNOWN = "message.unknown";
    /// The message is used by mailings. Params: `mailings`, `count`.
    MESSAGE_IN_USE = "message.in_use";
    /// A test goes to too many addresses. Params: `max`.
    TEST_ADDRESSES = "test.addresses";
    /// So many tests were sent within a day. Params: `max`, `hours` until the next one.
    TEST_LIMIT = "test.limit";

    // Posts
    /// No letter and no digit is left of the address. Params: `max`, in characters.
    POST_SLUG = "post.slug";
    /// Another post has this address. Params: `free`, one that is not taken.
    POST_SLUG_TAKEN = "post.slug_taken";
    /// Nothing is written that a reader would see.
    POST_CONTENT_EMPTY = "post.content_empty";
    /// The content is too large. Params: `max`, `length`, in octets.
    POST_CONTENT_TOO_LARGE = "post.content_too_large";
    /// The post is a draft.
    POST_NOT_PUBLISHED = "post.not_published";
    /// The file is too large. Params: `max`, `length`, in octets.
    PICTURE_TOO_LARGE = "picture.too_large";
    /// The file is neither PNG nor JPEG nor WebP.
    PICTURE_TYPE = "picture.type";
    /// The picture moves.
    PICTURE_ANIMATED = "picture.animated";
    /// The picture has too many pixels. Params: `max`, in millions, `width`, `height`.
    PICTURE_TOO_MANY_PIXELS = "picture.too_many_pixels";
    /// The file begins like a picture and cannot be decoded.
    PICTURE_DAMAGED = "picture.damaged";
    /// The picture takes too long to decode.
    PICTURE_SLOW = "picture.slow";
    /// Too many pictures are being worked on.
    PICTURE_BUSY = "picture.busy";

    // Mailings
    /// Nobody would get it.
    MAILING_NO_RECIPIENTS = "mailing.no_recipients";
    /// More recipients picked one by one than can be. Params: `max`.
    MAILING_TOO_MANY_CHOSEN = "mailing.too_many_chosen";
    /// Two windows of a mailing are the same. Params: `window`, the number of the first.
    MAILING_WINDOW_TWICE = "mailing.window.twice";
    /// The start lies in the past. Params: `start`, `now`, both local.
    MAILING_START_IN_PAST = "mailing.window.start_in_past";
    /// One of the recipients picked one by one is not the owner's.
    MAILING_UNKNOWN_CHOSEN = "mailing.unknown_chosen";
    /// No occurrence is left.
    MAILING_NOTHING_LEFT = "mailing.nothing_left";
    /// The lateness limit is negative or too long. Params: `max_hours`.
    MAILING_LATENESS = "mailing.lateness";
    /// The mailing's state does not allow this. Params: `status`, `event`.
    MAILING_STATE = "mailing.state";
    /// A run by hand was asked for twice at one instant.
    MAILING_SENT_JUST_NOW = "mailing.sent_just_now";

    // Runs
    /// The run's state does not allow a retry. Params: `state`.
    RUN_STATE = "run.state";
    /// No delivery of the run is in the state that was to be left.
    RUN_NOTHING_TO_RETRY = "run.nothing_to_retry";

    /// The last day that is asked for is before the first one.
    LOG_DAYS = "log.days";
    /// A report of more days than are told at once. Params: `max`, `days`.
    REPORT_TOO_LONG = "report.too_long";
    /// Not a month that the calendar shows. Params: `value`.
    CALENDAR_MONTH = "calendar.month";

    // Contacts
    /// The form came back faster than anybody writes.
    FEEDBACK_TOO_FAST = "feedback.too_fast";

    // Rates
    /// Not a rate such as "100 per minute".
    RATE_NOT_UNDERSTOOD = "rate.not_understood";
    /// A rate of zero would send nothing.
    RATE_ZERO = "rate.zero";
    /// A rate below zero.
    RATE_NEGATIVE = "rate.negative";
    /// A rate that no server takes. Params: `max`, per second.
    RATE_TOO_HIGH = "rate.too_high";
    /// What is limited is neither `server`, nor a user's address, nor a domain.
    RATE_TARGET = "rate.target";

    // Configuration
    /// A key that does not exist. Params: `nearest`.
    CONFIG_UNKNOWN_KEY = "config.unknown_key";
    /// A value that cannot be used. Params: `expected`.
    CONFIG_BAD_VALUE = "config.bad_value";
    /// A file cannot be read or written. Params: `path`, `why`.
    CONFIG_FILE_UNREADABLE = "config.file_unreadable";
    /// A file with a secret can be read by others. Params: `path`, `mode`.
    CONFIG_SECRET_READABLE = "config.secret_readable";
    /// A URL whose scheme is none of ours. Params: `scheme`, `known`.
    CONFIG_UNKNOWN_SCHEME = "config.unknown_scheme";
    /// This program was built without an adapter. Params: `feature`.
    CONFIG_FEATURE_OFF = "config.feature_off";
    /// The mail server's URL cannot be used. Params: `why`.
    CONFIG_MAIL = "config.mail";
    /// The demo would be reachable from outside.
    CONFIG_DEMO_PUBLIC = "config.demo_public";
    /// The pages cannot be served at this address. Params: `listen`, `why`.
    CONFIG_LISTEN = "config.listen";
}
