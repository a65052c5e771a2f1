//! Every key with its meaning: the samples, `config show` and the check for unknown keys read it.

/// One key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Section and name: `server.listen`.
    pub key: &'static str,
    /// What stands in the sample, as TOML; `None` for a key that has no default and is commented
    /// out there.
    pub example: &'static str,
    /// True when the example is the default.
    pub is_default: bool,
    /// What it does.
    pub meaning: &'static str,
}

const fn default(key: &'static str, example: &'static str, meaning: &'static str) -> Setting {
    Setting {
        key,
        example,
        is_default: true,
        meaning,
    }
}

const fn optional(key: &'static str, example: &'static str, meaning: &'static str) -> Setting {
    Setting {
        key,
        example,
        is_default: false,
        meaning,
    }
}

impl Setting {
    /// The section.
    #[must_use]
    pub fn section(&self) -> &'static str {
        self.key.split('.').next().unwrap_or_default()
    }

    /// The name in its section.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.key.split_once('.').map_or(self.key, |(_, name)| name)
    }

    /// The environment variable: `MAILING_SERVER__LISTEN`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("MAILING_{}", self.key.replace('.', "__").to_uppercase())
    }
}

/// Every key there is, in the order of the samples.
pub const SETTINGS: &[Setting] = &[
    default(
        "database.url",
        r#""sqlite://mailing.db""#,
        "Where everything is kept: sqlite://FILE, or postgres://USER:PASSWORD@HOST/DATABASE.",
    ),
    optional(
        "database.url_file",
        r#""/etc/mailing/database-url""#,
        "A file with the URL instead, readable by its owner only.",
    ),
    default(
        "mail.url",
        r#""smtp://127.0.0.1:25""#,
        "The next mail server: smtp://, smtps:// or smtp+starttls:// with USER:PASSWORD@HOST:PORT, \
         or file://FOLDER/ to write messages into a folder.",
    ),
    optional(
        "mail.url_file",
        r#""/etc/mailing/mail-url""#,
        "A file with the URL instead, readable by its owner only.",
    ),
    optional(
        "mail.from",
        r#""mailing@example.org""#,
        "The address that the service's own mail comes from; else mailing@ and the host of \
         server.public_url.",
    ),
    default(
        "mail.tls",
        r#""auto""#,
        "Encryption for smtp://: auto (required, except on loopback), required, opportunistic, none.",
    ),
    optional(
        "mail.ca_file",
        r#""/etc/mailing/ca.pem""#,
        "Certificates trusted beside the system's, as PEM.",
    ),
    optional(
        "mail.helo",
        r#""mail.example.org""#,
        "The name said in EHLO; else localhost.",
    ),
    optional(
        "mail.lanes",
        "4",
        "Connections at once; else 4, on loopback 10.",
    ),
    default(
        "mail.messages_per_connection",
        "100",
        "Messages over one connection before a new one is made.",
    ),
    default(
        "mail.rate",
        r#""unlimited""#,
        "How fast mail goes to the server, all workers together: 100 per minute, 10 per second, \
         5000 per hour, 20000 per day, unlimited. While running: mailing rates.",
    ),
    default(
        "mail.reply_timeout",
        r#""1m""#,
        "How long the answer to MAIL and RCPT may take; up to 5m for slow servers.",
    ),
    default(
        "cache.url",
        r#""memory:""#,
        "Where the home page, the blog and their numbers are cached: memory: (each process by itself), \
         redis://HOST:6379/0 or, with TLS, rediss://… (several processes together). A cache that is \
         away slows the service and breaks nothing.",
    ),
    default(
        "server.listen",
        r#""127.0.0.1:8080""#,
        "Address and port of the pages.",
    ),
    optional(
        "server.public_url",
        r#""https://mailing.example.org""#,
        "The address under which people reach the pages, for links in mail; else http:// and listen.",
    ),
    default(
        "server.trusted_proxies",
        "[]",
        "Addresses of proxies whose X-Forwarded-For is believed.",
    ),
    optional(
        "server.theme_css",
        r#""/theme.css""#,
        "Path of a stylesheet of your own on this site, linked after ours.",
    ),
    default(
        "accounts.registration",
        r#""open""#,
        "Who may make an account: open (everybody), invitation (whom an administrator invites), \
         closed (only `mailing users create` makes one).",
    ),
    default(
        "scheduler.enabled",
        "true",
        "false: only `mailing send` sends.",
    ),
    default(
        "scheduler.poll",
        r#""5s""#,
        "Changes made by other processes are seen after at most this long.",
    ),
    default(
        "delivery.in_flight",
        "256",
        "Deliveries that a worker has claimed and not yet recorded, at most.",
    ),
    default(
        "delivery.per_domain",
        "20",
        "Messages at once to one domain of recipients, at most.",
    ),
    default(
        "delivery.lease",
        r#""2m""#,
        "How long a claim lasts without being renewed.",
    ),
    default(
        "delivery.drain",
        r#""30s""#,
        "How long messages in dialogue may take when the service is stopped.",
    ),
    default(
        "delivery.ambiguous_retry_after",
        r#""10m""#,
        "When a doubtful delivery is sent again, for mailings whose policy is retry.",
    ),
    optional(
        "delivery.domain_rates",
        r#"{ "gmail.com" = "20 per minute" }"#,
        "How fast mail goes to single recipient domains.",
    ),
    optional(
        "worker.state_dir",
        r#""/var/lib/mailing""#,
        "Folder where each worker keeps its id and its journal, on a disk of this machine; else \
         beside the SQLite file, with PostgreSQL the working folder.",
    ),
    optional(
        "secret.key_file",
        r#""/etc/mailing/instance-key""#,
        "64 hexadecimal digits, readable by their owner only; made beside the SQLite file if unset, \
         required with PostgreSQL.",
    ),
    default(
        "log.level",
        r#""info""#,
        "error, warn, info, debug, trace, or a filter such as info,mailing_core=debug.",
    ),
    default(
        "log.format",
        r#""text""#,
        "text, or json (one object a line).",
    ),
];
