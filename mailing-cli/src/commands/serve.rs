//! `mailing serve` and `mailing worker`: the long-lived processes.

mod examiner;
mod exports;
mod imports;
mod outbox;
mod pages;
mod queued;
mod test_sends;
mod upkeep;
mod views;

use std::sync::Arc;

use clap::Args;

use mailing_app::demo::{self, DemoTransport, DemoUser, ShiftedClock};
use mailing_app::{App, EngineWish, RunningEngine, Signals};
use mailing_core::engine::{Engine, Footers, Stopper};
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::ports::MailTransport;
use mailing_web::i18n::{Args as Words, Lang};
use mailing_web::{WebLetters, mail_words};

use crate::context::Context;
use crate::exit::{Done, Failure, INTERRUPTED};
use crate::output::complain;

/// Options of `mailing serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Demo data in an own database; mail goes into an outbox that a page shows
    #[arg(long)]
    demo: bool,
    /// Only the pages; something else sends
    #[arg(long, conflicts_with = "demo")]
    no_worker: bool,
}

pub(crate) async fn run(context: &Context, args: ServeArgs) -> Result<Done, Failure> {
    // A log would push the demo's addresses and passwords off the screen.
    let mut config = context.config(!args.demo)?;
    if args.demo {
        config = demo::configure(config)?;
    }
    let listener = pages::bind(&config.server.listen).await?;
    let app = App::open(config).await?;
    let transport = if args.demo {
        DemoTransport::open(&app.config)?
    } else {
        app.transport()?
    };
    let people = match args.demo {
        true => Some(prepare_demo(context, &app, &transport).await?),
        false => None,
    };
    // Whoever reads that it serves may stop it in the same moment.
    let signals = Signals::listen()?;
    if let Some(people) = people {
        tell_demo(context, &app, &people);
    } else {
        context.out.say(
            "cli-serving",
            &Words::new().text("url", app.config.server.public_url()),
        );
    }
    let sends = !args.no_worker && is_whole(context, &app).await;
    let wish = EngineWish {
        sends,
        ..wish(false)
    };
    let engine = app.engine(transport, wish).await?;
    let worker = sends.then(|| engine.status());
    let (tests, waiting) = test_sends::queue();
    // The demo brings its own people.
    let first_run = (!args.demo).then(|| context.first_run());
    let host = examiner::facts(&app, first_run).await?;
    let pages = pages::settings(&app, args.demo, worker, tests, host)?;
    let stopper = engine.stopper();
    let serving = async {
        let pages = pages::serve(listener, app.services.clone(), pages, stopper.clone());
        let tests = test_sends::send(&engine, &stopper, waiting);
        let imports = queued::work(&app.services.upload_work, app.clock.as_ref(), &stopper);
        let exports = queued::work(&app.services.export_work, app.clock.as_ref(), &stopper);
        let upkeep = upkeep::work(&app.services, app.clock.as_ref(), &stopper);
        let views = views::write(&app.services.blog, app.clock.as_ref(), &stopper);
        let (served, (), (), (), (), ()) =
            tokio::join!(pages, tests, imports, exports, upkeep, views);
        served
    };
    if !sends {
        return until_stopped(context, signals, stopper.clone(), serving).await;
    }
    until_stopped(
        context,
        signals,
        stopper.clone(),
        work_and(serving, &engine, &stopper),
    )
    .await
}

/// `mailing worker`.
pub(crate) async fn worker(context: &Context) -> Result<Done, Failure> {
    let app = App::open(context.config(true)?).await?;
    app.store.verify().await.map_err(Error::from)?;
    let engine = app.engine(app.transport()?, wish(false)).await?;
    let stopper = engine.stopper();
    let signals = Signals::listen()?;
    context.out.say("cli-working", &Words::new());
    let mut work = RunningEngine::start(&engine)?;
    let working = async { Ok(work.ended().await?) };
    until_stopped(context, signals, stopper, working).await
}

/// What every command that sends wants of its engine.
pub(super) fn wish(plans: bool) -> EngineWish {
    let footers = Footers {
        en: mail_words(Lang::En),
        ru: mail_words(Lang::Ru),
    };
    EngineWish {
        footers,
        letters: Arc::new(WebLetters),
        only: None,
        plans,
        sends: true,
    }
}

/// Whether the store may be sent from. Pages are served from a damaged one as well: they say what is
/// wrong, and show what can still be read.
async fn is_whole(context: &Context, app: &App) -> bool {
    match app.store.verify().await {
        Ok(()) => true,
        Err(error) => {
            context.out.failure(&Failure(error.into()));
            false
        }
    }
}

/// An engine that claims nothing and takes no worker's place.
pub(super) fn idle() -> EngineWish {
    EngineWish {
        sends: false,
        ..wish(false)
    }
}

async fn work_and(
    serving: impl Future<Output = Result<(), Failure>>,
    engine: &Engine,
    stopper: &Stopper,
) -> Result<(), Failure> {
    let mut work = RunningEngine::start(engine)?;
    let working = async {
        let ended = work.ended().await;
        stopper.drain();
        ended.map_err(Failure::from)
    };
    let (served, worked) = tokio::join!(serving, working);
    served.and(worked)
}

/// Runs until the work has ended; the first signal drains, the second one ends at once.
async fn until_stopped(
    context: &Context,
    signals: Signals,
    stopper: Stopper,
    work: impl Future<Output = Result<(), Failure>>,
) -> Result<Done, Failure> {
    let told = |first| {
        context.out.say(
            if first { "cli-draining" } else { "cli-cutting" },
            &Words::new(),
        );
    };
    tokio::select! {
        biased;
        ended = work => ended.map(|()| Done::OK),
        () = signals.drain(stopper, told) => Ok(Done(INTERRUPTED)),
    }
}

/// Fills an empty demo database, and plans the mailing that the visitor will see going out.
async fn prepare_demo(
    context: &Context,
    app: &App,
    transport: &Arc<dyn MailTransport>,
) -> Result<Vec<DemoUser>, Failure> {
    let people = demo::users(&app.key);
    let first = people.first().map_or("", |person| person.email);
    if app
        .services
        .accounts
        .named(&Actor::console(), first)
        .await
        .is_err()
    {
        context.out.say("cli-demo-seeding", &Words::new());
        seed_demo(&app.config, transport).await?;
    }
    demo::plan_soon(app).await.map_err(Error::from)?;
    Ok(people)
}

/// Makes the demo's history over the database of `config`.
pub(super) async fn seed_demo(
    config: &mailing_app::Config,
    transport: &Arc<dyn MailTransport>,
) -> Result<(), Failure> {
    let clock = Arc::new(ShiftedClock::default());
    let past = App::open_at(config.clone(), Arc::clone(&clock) as _).await?;
    let send = || async {
        let engine = past
            .engine(Arc::clone(transport), wish(true))
            .await
            .map_err(Error::from)?;
        engine.run_until_idle().await?;
        Ok(())
    };
    demo::seed(&past, &clock, send).await.map_err(Error::from)?;
    Ok(())
}

fn tell_demo(context: &Context, app: &App, people: &[DemoUser]) {
    let url = app.config.server.public_url();
    context.out.say("cli-demo", &Words::new().text("url", url));
    for person in people {
        let role = person.role.map_or("owner", |role| role.as_str());
        complain(&format!(
            "  {:<18} {}  {role}",
            person.email, person.password
        ));
    }
}
