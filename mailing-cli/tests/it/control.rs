//! Commands that stop, let go on, retry and suppress.

use crate::database::execute;
use crate::place::{ANN, Place, Said};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

/// The code of the refusal that a command ended with.
#[track_caller]
fn refused(place: &Place, line: &str, code: i32) -> String {
    let error = place.run(&format!("{line} --json")).ends(code).error();
    error["code"].as_str().unwrap().to_owned()
}

#[test]
fn the_console_makes_the_roles_and_the_first_administrator() {
    let place = Place::new();
    let all = serde_json::json!(["owner", "manager", "content-manager", "administrator"]);
    for _ in 0..2 {
        assert_eq!(place.run("seed roles --json").ends(0).json()["roles"], all);
    }
    place.write("password", "crooked teapot sings 7\n");
    place
        .run("users create root@example.org --role administrator --password-file password")
        .ends(0);
    let users = place.run("users list --json").ends(0).lines();
    let roles = serde_json::json!(["owner", "administrator"]);
    assert_eq!((users.len(), &users[0]["roles"]), (1, &roles));
}

#[test]
fn roles_are_shown_given_and_taken() {
    let place = Place::with_owner();
    let roles = |rest: &str| {
        let line = format!("users roles {ANN} {rest} --json");
        place.run(&line).ends(0).json()["roles"].clone()
    };
    assert_eq!(roles(""), serde_json::json!(["owner"]));
    let both = serde_json::json!(["owner", "manager"]);
    assert_eq!(roles("--add manager --dry-run"), both);
    assert_eq!(roles(""), serde_json::json!(["owner"]), "only rehearsed");
    assert_eq!(roles("--add manager"), both);
    assert_eq!(roles("--remove manager"), serde_json::json!(["owner"]));
    place.run(&format!("users roles {ANN} --add king")).ends(2);
    assert_eq!(
        refused(&place, "users roles eve@example.org", 3),
        "not_found"
    );
}

#[test]
fn a_blocked_user_can_do_nothing_until_let_go_on() {
    let place = Place::with_owner();
    let block = format!("users block {ANN} --reason 'Sends spam'");
    place
        .run(&format!("users block {ANN}"))
        .ends(2)
        .says("--reason");
    let rehearsed = place
        .run(&format!("{block} --dry-run --json"))
        .ends(0)
        .json();
    assert_eq!(
        (&rehearsed["active"], &rehearsed["dry_run"]),
        (&false.into(), &true.into())
    );
    place.run(&format!("mailings list --as {ANN}")).ends(0);
    place.run(&block).ends(0);
    assert_eq!(
        refused(&place, &format!("mailings list --as {ANN}"), 4),
        "denied"
    );
    assert_eq!(refused(&place, &block, 4), "user.blocked_already");
    let unblock = format!("users unblock {ANN}");
    place.run(&unblock).ends(0);
    place.run(&format!("mailings list --as {ANN}")).ends(0);
    assert_eq!(refused(&place, &unblock, 4), "user.not_blocked");
    let nobody = "users block eve@example.org --reason spam";
    assert_eq!(refused(&place, nobody, 3), "not_found");
}

#[test]
fn an_owner_moderates_nobody_and_a_manager_does() {
    let (place, message) = Place::furnished();
    let id = place.mailing(&message, "--all --start 2099-01-01T09:00");
    place.user("boss@example.org");
    let disable = format!("mailings disable {id} --reason spam --as boss@example.org");
    assert_eq!(refused(&place, &disable, 4), "denied");
    let block = format!("users block {ANN} --reason spam --as boss@example.org");
    assert_eq!(refused(&place, &block, 4), "denied");
    place
        .run("users roles boss@example.org --add manager")
        .ends(0);
    place.run(&disable).ends(0);
    place.run(&block).ends(0);
}

#[test]
fn a_password_is_set_anew() {
    let place = Place::with_owner();
    let line = format!("users reset-password {ANN} --password-file - --json");
    let said = place.feed(&line, "short\n").ends(2);
    assert_eq!(said.faults(), ["password password.too_short"]);
    let reset = place.feed(&line, "nine purple otters hum\n").ends(0).json();
    assert_eq!(
        (&reset["email"], &reset["schema"]),
        (&ANN.into(), &1.into())
    );
    place.run(&format!("users reset-password {ANN}")).ends(2);
}

#[test]
fn a_disabled_mailing_sends_nothing_until_it_is_enabled() {
    let (place, message) = Place::furnished();
    let id = place.mailing(&message, "--all --start 2099-01-01T09:00");
    let act = |verb: &str| place.run(&format!("mailings {verb} --json"));
    let disable = format!("disable {id} --reason spam");
    let rehearsed = act(&format!("{disable} --dry-run")).ends(0).json();
    assert_eq!(rehearsed["status"], "disabled");
    assert_eq!(act(&disable).ends(0).json()["status"], "disabled");
    assert_eq!(act(&disable).ends(4).error()["code"], "mailing.state");
    let now = format!("send --mailing {id} --now");
    assert_eq!(refused(&place, &now, 4), "mailing.state");
    act(&format!("disable {id} --reason ' '")).ends(2);
    assert_eq!(
        act(&format!("enable {id}")).ends(0).json()["status"],
        "created"
    );
    assert_eq!(
        act(&format!("enable {id}")).ends(4).error()["code"],
        "mailing.state"
    );
    act(&format!("enable {NOBODY}")).ends(3);
    place.run(&now).ends(0);
    // The owner was told of both.
    let (bulk, notices): (Vec<_>, Vec<_>) = place.outbox().into_iter().partition(|mail| {
        let mail = String::from_utf8_lossy(mail);
        mail.contains("List-Unsubscribe")
    });
    assert_eq!((bulk.len(), notices.len()), (2, 2));
}

/// What makes the first of two deliveries one that failed.
const FAILED: [&str; 2] = [
    "UPDATE deliveries SET state = 'failed', reason = 'policy' WHERE number = 1",
    "UPDATE runs SET delivered = 1, failed = 1",
];
/// What makes it one in doubt.
const UNKNOWN: [&str; 2] = [
    "UPDATE deliveries SET state = 'unknown' WHERE number = 1",
    "UPDATE runs SET delivered = 1, unknown = 1",
];

/// A run of two that was sent, of which one is made to have ended otherwise.
fn sent(otherwise: [&'static str; 2]) -> (Place, String) {
    let (place, message) = Place::furnished();
    place.mailing(&message, "--all --now");
    place.run("send").ends(0);
    let runs = place.run(&format!("runs list --as {ANN} --json")).lines();
    let id = runs[0]["id"].as_str().unwrap().to_owned();
    for statement in otherwise {
        execute(&place.path("mailing.db"), statement);
    }
    (place, id)
}

fn retry(place: &Place, id: &str, how: &str) -> Said {
    place.run(&format!("runs retry {id} {how} --as {ANN} --json"))
}

#[test]
fn what_failed_is_tried_again_in_the_same_run() {
    let (place, id) = sent(FAILED);
    let watch = format!("runs watch {id} --as {ANN}");
    place.run(&watch).ends(5);
    let rehearsed = retry(&place, &id, "--failed --dry-run").ends(0).json();
    assert_eq!(
        (&rehearsed["retried"], &rehearsed["state"]),
        (&1.into(), &"running".into())
    );
    place.run(&watch).ends(5);
    retry(&place, &id, "--failed").ends(0);
    let again = retry(&place, &id, "--failed").ends(4);
    assert_eq!(again.error()["code"], "run.nothing_to_retry");
    place.run("send").ends(0);
    assert_eq!(place.outbox().len(), 3);
    let lines = place.run(&format!("{watch} --json")).ends(0).lines();
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["outcome"], &last["schema"]),
        (&"success".into(), &1.into())
    );
}

#[test]
fn a_doubt_is_sent_again_or_counted() {
    let (place, id) = sent(UNKNOWN);
    retry(&place, &id, "").ends(2);
    retry(&place, &id, "--failed --send-again").ends(2);
    retry(&place, &id, "--send-again --number 2").ends(4);
    let counted = retry(&place, &id, "--count-delivered --number 1");
    assert_eq!(counted.ends(0).json()["outcome"], "success");
    place.run(&format!("runs watch {id} --as {ANN}")).ends(0);
    let (place, id) = sent(UNKNOWN);
    retry(&place, &id, "--send-again").ends(0);
    place.run("send").ends(0);
    assert_eq!(place.outbox().len(), 3);
    retry(&place, NOBODY, "--failed").ends(3);
    place
        .run(&format!("runs watch {NOBODY} --as {ANN}"))
        .ends(3);
}

#[test]
fn what_is_suppressed_gets_nothing() {
    let (place, message) = Place::furnished();
    let suppress = |rest: &str| place.run(&format!("recipients suppress {rest} --as {ANN} --json"));
    suppress("boris@example.org --dry-run").ends(0);
    let entry = suppress("BORIS@example.org").ends(0).json();
    assert_eq!(
        (&entry["kind"], &entry["target"]),
        (&"address".into(), &"boris@example.org".into())
    );
    let again = suppress("boris@example.org").ends(4);
    assert_eq!(again.error()["code"], "suppression.exists");
    assert_eq!(
        suppress("localhost").ends(2).faults(),
        ["target address.no_dot"]
    );
    place.mailing(&message, "--all --now");
    place.run("send").ends(0);
    assert_eq!(place.outbox().len(), 1);
    suppress("boris@example.org --remove").ends(0);
    suppress("boris@example.org --remove").ends(3);
}
