//! What every command starts from: language, configuration, application, actor.

use mailing_app::config::Sources;
use mailing_app::{App, Config, telemetry};
use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::user::User;
use mailing_web::i18n::Lang;

use crate::args::Global;
use crate::exit::Failure;
use crate::output::Output;

/// What every command starts from.
pub(crate) struct Context {
    global: Global,
    /// How it speaks.
    pub(crate) out: Output,
}

impl Context {
    pub(crate) fn new(global: Global) -> Self {
        let lang = language(global.lang.as_deref());
        let out = Output::new(global.json, global.quiet, global.no_color, lang);
        Self { global, out }
    }

    /// Where the configuration is read from.
    pub(crate) fn sources(&self) -> Sources {
        Sources {
            file: self.global.config.clone(),
            folder: std::env::current_dir().unwrap_or_default(),
            environment: true,
        }
    }

    /// The configuration; `-v` raises its log level, `long_lived` commands log at `info`.
    pub(crate) fn config(&self, long_lived: bool) -> Result<Config, Failure> {
        let mut config = Config::load(&self.sources())?;
        match self.global.verbose {
            0 if !long_lived && config.log.level == "info" => config.log.level = "warn".to_owned(),
            0 => {}
            1 => config.log.level = "debug".to_owned(),
            _ => config.log.level = "trace".to_owned(),
        }
        telemetry::start(&config.log)?;
        Ok(config)
    }

    /// The application of the configuration.
    pub(crate) async fn app(&self) -> Result<App, Failure> {
        Ok(App::open(self.config(false)?).await?)
    }

    /// Who acts: the console on behalf of `--as`.
    pub(crate) async fn actor(&self, app: &App) -> Result<Actor, Failure> {
        Ok(Actor::console_as(&self.owner(app).await?))
    }

    /// Who administers and moderates: the console, or the user whom `--as` names.
    pub(crate) async fn operator(&self, app: &App) -> Result<Actor, Failure> {
        match self.global.owner {
            Some(_) => self.actor(app).await,
            None => Ok(Actor::console()),
        }
    }

    /// The user named by `--as`.
    pub(crate) async fn owner(&self, app: &App) -> Result<User, Failure> {
        let Some(email) = &self.global.owner else {
            return Err(Error::field("as", code::OWNER_NOT_NAMED).into());
        };
        Ok(app
            .services
            .accounts
            .named(&Actor::console(), email)
            .await?)
    }
}

fn language(asked: Option<&str>) -> Lang {
    let from_system = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    };
    let tag = asked
        .map(str::to_owned)
        .or_else(from_system)
        .unwrap_or_default();
    tag.parse().unwrap_or_default()
}
