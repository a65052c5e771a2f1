//! The whole service inside another program: import, write, plan, send. The mail server is a
//! transport that prints, the store is in memory; both are one line to exchange.
//!
//! `cargo run -p mailing-examples --bin embed_minimal`

use std::sync::Arc;

use async_trait::async_trait;
use mailing_core::delivery::Reply;
use mailing_core::engine::{Engine, EnginePorts, EngineSettings, Footers};
use mailing_core::events::Events;
use mailing_core::instance_key::InstanceKey;
use mailing_core::links::LinkKeys;
use mailing_core::mailing::{AudienceChoice, LATENESS_DEFAULT, LaunchMode, MailingDraft};
use mailing_core::message::{BodyFormat, FooterWords};
use mailing_core::policy::Actor;
use mailing_core::ports::Entropy as _;
use mailing_core::ports::journal::NoJournal;
use mailing_core::ports::transport::{
    BuildError, Content, Envelope, Gate, MailLane, MailMessage, MailTransport, Outcome,
    PreparedMail,
};
use mailing_core::recipient::RecipientDraft;
use mailing_core::schedule::Zone;
use mailing_core::seal::SealingKey;
use mailing_core::services::{MessageDraft, NewUser, ServicePorts, Services};
use mailing_core::testing::transport::PlainMail;
use mailing_core::testing::{KeepingCache, MemoryStore, PlainHasher, PlainLetters, PlainPictures};
use mailing_core::user::Language;
use mailing_examples::{SystemClock, SystemEntropy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let (services, engine) = embed();

    let zone = Zone::parse("Europe/Moscow").map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
    let console = Actor::console();
    let user = services.accounts.create(&console, new_user(zone)).await?;
    let ann = Actor::console_as(&user);
    for (email, full_name) in [("eve@example.org", "Eve"), ("ivan@example.org", "Иван")] {
        let draft = RecipientDraft {
            email: email.into(),
            full_name: full_name.into(),
            ..RecipientDraft::default()
        };
        services.recipients.add(&ann, draft, None).await?;
    }
    let draft = MessageDraft {
        subject: "Hello, {{ recipient.full_name }}".into(),
        body: "We *write* to you.".into(),
        format: BodyFormat::Markdown,
        text: None,
    };
    let message = services.messages.create(&ann, &draft).await?;
    let draft = MailingDraft {
        name: String::new(),
        message: message.id,
        sender: None,
        audience: AudienceChoice::All,
        zone,
        windows: Vec::new(),
        missed: Default::default(),
        lateness: LATENESS_DEFAULT,
        ambiguous: Default::default(),
        mode: LaunchMode::Now,
    };
    services.mailings.create(&ann, &draft).await?;

    // A long-running host spawns `engine.parts()` instead.
    let summary = engine.run_until_idle().await?;
    for run in summary.runs {
        println!(
            "{} of {} delivered",
            run.counts.delivered, run.counts.planned
        );
        anyhow::ensure!(run.counts.delivered == 2, "everybody gets it");
    }
    Ok(())
}

/// Services and engine over the same ports: they meet in the store and in the events.
fn embed() -> (Services, Engine) {
    let clock = Arc::new(SystemClock::start());
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let entropy = Arc::new(SystemEntropy);
    let events = Events::default();
    let mut secret = [0; InstanceKey::LENGTH];
    entropy.fill(&mut secret);
    let instance = InstanceKey::new(secret);
    let (links, seals) = (LinkKeys::new(&instance, 1), SealingKey::new(&instance));
    let services = Services::new(ServicePorts {
        store: store.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        hasher: Arc::new(PlainHasher),
        pictures: Arc::new(PlainPictures),
        cache: Arc::new(KeepingCache::default()),
        events: events.clone(),
        links: links.clone(),
        seals: seals.clone(),
    });
    let ports = EnginePorts {
        store,
        transport: Arc::new(Printer),
        clock,
        entropy,
        // A service that must survive being killed keeps one in a file.
        journal: Arc::new(NoJournal),
        orphans: Vec::new(),
        events,
        keys: links,
        seals,
        // Words for the service's own mail: this program sends none.
        letters: Arc::new(PlainLetters),
    };
    let words = |why: &str, unsubscribe: &str| FooterWords {
        why: why.into(),
        unsubscribe: unsubscribe.into(),
    };
    let footers = Footers {
        en: words("You asked for our news.", "Unsubscribe"),
        ru: words("Вы просили наших новостей.", "Отписаться"),
    };
    let settings = EngineSettings::new("https://mail.example.org", footers);
    (services, Engine::new(ports, settings))
}

fn new_user(zone: Zone) -> NewUser {
    NewUser {
        email: "ann@example.org".into(),
        name: "Ann".into(),
        password: "correct horse battery staple".into(),
        roles: [].into(),
        zone,
        language: Language::En,
    }
}

/// A mail server that prints what it is given.
struct Printer;

impl MailTransport for Printer {
    fn prepare(&self, content: &Content) -> Result<Arc<dyn PreparedMail>, BuildError> {
        Ok(Arc::new(PlainMail::new(content.clone())))
    }

    fn lane(&self) -> Box<dyn MailLane> {
        Box::new(Self)
    }

    fn lanes(&self) -> usize {
        1
    }

    fn server(&self) -> String {
        "the screen".into()
    }
}

#[async_trait]
impl MailLane for Printer {
    async fn send(
        &mut self,
        envelope: &Envelope,
        message: &MailMessage,
        gate: Gate<'_>,
    ) -> Outcome {
        if !gate() {
            return Outcome::Held;
        }
        let message = message.to_vec();
        let message = String::from_utf8_lossy(&message);
        println!("→ {}\n{message}\n", envelope.to.as_str());
        Outcome::Accepted(Reply::new(250, "2.0.0 printed"))
    }

    async fn close(&mut self) {}
}
