//! `mailing messages test`: a message tried out on a few addresses.

use serde_json::{Value, json};

use mailing_core::engine::TestSent;
use mailing_core::ports::transport::Outcome;
use mailing_web::i18n::Args as Words;

use super::{TestArgs, named};
use crate::commands::serve::idle;
use crate::context::Context;
use crate::exit::{Done, Failure, PARTLY};

pub(super) async fn run(context: &Context, args: &TestArgs) -> Result<Done, Failure> {
    let app = context.app().await?;
    let actor = context.actor(&app).await?;
    let recipient = named(&app, &actor, args.recipient.as_deref()).await?;
    // Before the test is counted: a server that is not configured takes none.
    let engine = app.engine(app.transport()?, idle()).await?;
    let tests = &app.services.test_sends;
    let test = tests.take(&actor, args.id, &args.to, recipient).await?;
    let sent = engine.send_test(&test).await;
    let rows: Vec<Value> = sent.iter().map(object).collect();
    context.out.object(&json!({ "sent": rows }), || {
        let lines: Vec<String> = sent.iter().map(|one| line(context, one)).collect();
        lines.join("\n")
    })?;
    let all = sent.iter().all(is_taken);
    Ok(if all { Done::OK } else { Done(PARTLY) })
}

fn is_taken(sent: &TestSent) -> bool {
    matches!(sent.outcome, Ok(Outcome::Accepted(_)))
}

fn object(sent: &TestSent) -> Value {
    json!({
        "to": sent.to.as_str(),
        "taken": is_taken(sent),
        "said": said(sent),
    })
}

fn line(context: &Context, sent: &TestSent) -> String {
    let key = if is_taken(sent) {
        "cli-test-taken"
    } else {
        "cli-test-not-taken"
    };
    let words = Words::new()
        .text("to", sent.to.to_string())
        .text("said", said(sent));
    context.out.text(key, &words)
}

/// What the server said, or what broke: technical words.
fn said(sent: &TestSent) -> String {
    match &sent.outcome {
        Ok(outcome) => outcome.to_string(),
        Err(error) => error.to_string(),
    }
}
