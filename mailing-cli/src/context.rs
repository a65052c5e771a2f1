//! What every command starts from: language, configuration, application, actor.

use mailing_app::config::Sources;
use mailing_app::{App, Config, telemetry};
use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::user::User;
use mailing_web::FirstRun;
use mailing_web::i18n::Lang;

use crate::args::Global;
use crate::exit::Failure;
use crate::output::Output;

/// What makes the first administrator, but for the program.
const FIRST: &str = "users create you@example.org --role administrator";

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

    /// How the first administrator is made: this program, with the configuration that it was given.
    pub(crate) fn first_run(&self) -> FirstRun {
        let program = std::env::args_os().next().unwrap_or_default();
        let mut words = vec![word(&program.to_string_lossy())];
        if let Some(file) = &self.global.config {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            words.extend(["--config".to_owned(), word(&file.to_string_lossy())]);
        }
        words.push(FIRST.to_owned());
        let mut variables = std::env::vars_os();
        FirstRun {
            command: words.join(" "),
            folder: self.sources().folder.display().to_string(),
            has_environment: variables
                .any(|(name, _)| name.to_string_lossy().starts_with("MAILING_")),
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

/// A word of a command line, in quotes if a shell would read it as something else.
fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:=@%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_the_command() {
        assert_eq!(word("./target/release/mailing"), "./target/release/mailing");
        assert_eq!(word("/srv/my mailing.toml"), "'/srv/my mailing.toml'");
        assert_eq!(word("it's"), r"'it'\''s'");
        assert_eq!(word("почта.toml"), "'почта.toml'");
    }
}
