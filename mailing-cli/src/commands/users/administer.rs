//! `mailing users roles | block | unblock | reset-password | reset-code`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use mailing_app::App;
use mailing_core::policy::Actor;
use mailing_core::user::{Role, User};
use mailing_web::i18n::Args as Words;

use super::password;
use crate::commands::changing::ChangeArgs;
use crate::context::Context;
use crate::exit::{Done, Failure, USAGE};

/// Options of `mailing users roles`.
#[derive(Debug, Args)]
pub(crate) struct RolesArgs {
    /// The login
    email: String,
    /// Give this role: manager, content-manager, administrator; may be given again
    #[arg(long, value_name = "ROLE")]
    add: Vec<Role>,
    /// Take this role away; may be given again
    #[arg(long, value_name = "ROLE")]
    remove: Vec<Role>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing users block`.
#[derive(Debug, Args)]
pub(crate) struct BlockArgs {
    /// The login
    email: String,
    /// Why; shown to the user at sign-in
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing users unblock`.
#[derive(Debug, Args)]
pub(crate) struct UnblockArgs {
    /// The login
    email: String,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing users reset-password`.
#[derive(Debug, Args)]
pub(crate) struct ResetArgs {
    /// The login
    email: String,
    /// File with the new password, - for standard input [default: ask]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    change: ChangeArgs,
}

/// Options of `mailing users reset-code`.
#[derive(Debug, Args)]
pub(crate) struct ResetCodeArgs {
    /// The login
    email: String,
    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) async fn roles(context: &Context, args: RolesArgs) -> Result<Done, Failure> {
    let (app, actor, user) = meant(context, &args.email).await?;
    if args.add.is_empty() && args.remove.is_empty() {
        context
            .out
            .object(&object(&user), || roles_of(context, &user))?;
        return Ok(Done::OK);
    }
    let mut roles: BTreeSet<Role> = user.roles.iter().chain(&args.add).copied().collect();
    roles.retain(|role| !args.remove.contains(role));
    let accounts = &args.change.services(&app).accounts;
    let changed = accounts.set_roles(&actor, user.id, &roles).await?;
    args.change
        .told(context, object(&changed), || roles_of(context, &changed))
}

pub(super) async fn block(context: &Context, args: BlockArgs) -> Result<Done, Failure> {
    let (app, actor, user) = meant(context, &args.email).await?;
    let question = "cli-user-block-question";
    if !args.change.confirmed(context, question, &words(&user))? {
        return Ok(Done(USAGE));
    }
    let moderation = &args.change.services(&app).moderation;
    let blocked = moderation.block(&actor, user.id, &args.reason).await?;
    args.change.told(context, object(&blocked), || {
        context.out.text("cli-user-blocked", &words(&blocked))
    })
}

pub(super) async fn unblock(context: &Context, args: UnblockArgs) -> Result<Done, Failure> {
    let (app, actor, user) = meant(context, &args.email).await?;
    let moderation = &args.change.services(&app).moderation;
    let unblocked = moderation.unblock(&actor, user.id).await?;
    args.change.told(context, object(&unblocked), || {
        context.out.text("cli-user-unblocked", &words(&unblocked))
    })
}

pub(super) async fn reset(context: &Context, args: ResetArgs) -> Result<Done, Failure> {
    let (app, actor, user) = meant(context, &args.email).await?;
    let typed = password(context, args.password_file.as_deref())?;
    let accounts = &args.change.services(&app).accounts;
    let reset = accounts.reset_password(&actor, user.id, &typed).await?;
    args.change.told(context, object(&reset), || {
        context.out.text("cli-user-password-reset", &words(&reset))
    })
}

pub(super) async fn reset_code(context: &Context, args: ResetCodeArgs) -> Result<Done, Failure> {
    let (app, actor, user) = meant(context, &args.email).await?;
    let question = "cli-user-code-question";
    if !args.change.confirmed(context, question, &words(&user))? {
        return Ok(Done(USAGE));
    }
    let factors = &args.change.services(&app).second_factors;
    factors.reset(&actor, user.id).await?;
    args.change.told(context, object(&user), || {
        context.out.text("cli-user-code-reset", &words(&user))
    })
}

/// The application, who acts, and the user that is meant.
async fn meant(context: &Context, email: &str) -> Result<(App, Actor, User), Failure> {
    let app = context.app().await?;
    let actor = context.operator(&app).await?;
    let user = app.services.accounts.with_email(&actor, email).await?;
    Ok((app, actor, user))
}

fn words(user: &User) -> Words {
    Words::new().text("email", user.email.to_string())
}

fn roles_of(context: &Context, user: &User) -> String {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
    let words = words(user).text("roles", roles.join(", "));
    context.out.text("cli-user-roles", &words)
}

fn object(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email.as_str(),
        "roles": user.roles,
        "active": user.is_active(),
    })
}
