//! `mailing users`: people with an account.

mod administer;

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, stdin};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use mailing_core::code;
use mailing_core::error::Error;
use mailing_core::policy::Actor;
use mailing_core::ports::store::UserFilter;
use mailing_core::schedule::Zone;
use mailing_core::services::NewUser;
use mailing_core::user::{Language, Role};
use mailing_web::i18n::Args as Words;

use super::changing::ChangeArgs;
use super::files::read_text;
use super::paging::{PageArgs, say_more};
use crate::context::Context;
use crate::exit::{Done, Failure};
use crate::output::Table;

/// `mailing users …`
#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Make a user; the address counts as verified
    Create(CreateArgs),
    /// List the users
    List(PageArgs),
    /// Show a user's roles, give some or take some away
    Roles(administer::RolesArgs),
    /// Block a user: sessions end, nothing more is sent
    Block(administer::BlockArgs),
    /// Let a blocked user go on
    Unblock(administer::UnblockArgs),
    /// Set a user's password anew; all sessions end
    ResetPassword(administer::ResetArgs),
    /// Take sign-in by code off a user who has lost the device
    ResetCode(administer::ResetCodeArgs),
}

/// Options of `mailing users create`.
#[derive(Debug, Args)]
pub(crate) struct CreateArgs {
    /// The login
    email: String,
    /// A role beside owner, which everybody is; may be given again
    #[arg(long, value_name = "ROLE")]
    role: Vec<Role>,
    /// File with the password, - for standard input [default: ask]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Name shown
    #[arg(long, default_value = "")]
    name: String,
    /// Time zone of this user's times
    #[arg(long, default_value = "UTC")]
    zone: String,
    /// Language of this user's screens and mail: en or ru [default: the command's]
    #[arg(long, value_parser = ["en", "ru"])]
    language: Option<String>,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(crate) async fn run(context: &Context, command: UsersCommand) -> Result<Done, Failure> {
    match command {
        UsersCommand::Create(args) => create(context, args).await,
        UsersCommand::List(args) => list(context, &args).await,
        UsersCommand::Roles(args) => administer::roles(context, args).await,
        UsersCommand::Block(args) => administer::block(context, args).await,
        UsersCommand::Unblock(args) => administer::unblock(context, args).await,
        UsersCommand::ResetPassword(args) => administer::reset(context, args).await,
        UsersCommand::ResetCode(args) => administer::reset_code(context, args).await,
    }
}

async fn create(context: &Context, args: CreateArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let zone = Zone::parse(&args.zone).map_err(|refusal| Error::field("zone", refusal))?;
    let language = args.language.as_deref().unwrap_or(context.out.lang.tag());
    let new = NewUser {
        email: args.email,
        name: args.name,
        password: password(context, args.password_file.as_deref())?,
        roles: args.role.into_iter().collect(),
        zone,
        language: Language::from_tag(language).unwrap_or_default(),
    };
    let accounts = &args.change.services(&app).accounts;
    let user = accounts.create(&Actor::console(), new).await?;
    let email = user.email.to_string();
    let object = json!({ "id": user.id, "email": email });
    args.change.told(context, object, || {
        let words = Words::new().text("email", email);
        context.out.text("cli-user-created", &words)
    })
}

async fn list(context: &Context, args: &PageArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let request = args.request();
    let page = app
        .services
        .accounts
        .page(&Actor::console(), &UserFilter::default(), &request)
        .await?;
    let rows: Vec<_> = page
        .items
        .iter()
        .map(|user| {
            json!({
                "id": user.id,
                "email": user.email.as_str(),
                "name": user.name.as_ref().map(|name| name.as_str()),
                "roles": user.roles,
                "active": user.is_active(),
                "created_at": user.created_at,
            })
        })
        .collect();
    context.out.list(&rows, || {
        let head = ["cli-col-email", "cli-col-name", "cli-col-roles"];
        let mut table = Table::new(head.map(|key| context.out.text(key, &Words::new())));
        for user in &page.items {
            let roles: BTreeSet<&str> = user.roles.iter().map(|role| role.as_str()).collect();
            let roles = roles.into_iter().collect::<Vec<_>>().join(", ");
            let name = user.name.as_ref().map_or("", |name| name.as_str());
            table.row([user.email.to_string(), name.to_owned(), roles]);
        }
        table
    })?;
    say_more(context, page.next.as_ref());
    Ok(Done::OK)
}

/// The password from a file, from standard input, or typed twice by nobody else's eyes.
fn password(context: &Context, file: Option<&Path>) -> Result<String, Failure> {
    match file {
        Some(path) if path.as_os_str() == "-" => Ok(first_line()?),
        Some(path) => Ok(read_text("password-file", path)?
            .trim_end_matches(['\r', '\n'])
            .to_owned()),
        None if stdin().is_terminal() => {
            let prompt = context.out.text("cli-password-prompt", &Words::new());
            Ok(rpassword::prompt_password(format!("{prompt} "))?)
        }
        None => Err(Error::field("password-file", code::REQUIRED).into()),
    }
}

fn first_line() -> std::io::Result<String> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
