//! The JSON that scripts rely on (its keys are promised).

use serde_json::{Value, json};

use crate::place::{ANN, Place};

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[track_caller]
fn has(value: &Value, wanted: &[&str]) {
    let found = keys(value);
    for key in wanted {
        assert!(found.contains(key), "{key} is not among {found:?}");
    }
    assert_eq!(value["schema"], 1, "{value}");
}

#[test]
fn a_user_is_made_with_an_id_and_is_a_sender_at_once() {
    let place = Place::new();
    place.write("password", "crooked teapot sings 7\n");
    let made = place
        .run("users create ann@example.org --role content-manager --password-file password --json")
        .ends(0)
        .json();
    has(&made, &["id"]);
    let users = place.run("users list --json").ends(0).lines();
    assert_eq!(users.len(), 1);
    assert_eq!(users[0]["id"], made["id"]);
    let senders = place
        .run(&format!("senders list --as {ANN} --json"))
        .ends(0)
        .lines();
    assert_eq!(senders[0]["address"], ANN);
    assert!(senders[0]["verified_at"].is_string(), "{senders:?}");
}

#[test]
fn an_import_counts_what_it_did() {
    let place = Place::with_owner();
    let counts = |said: &Value| {
        let of = |key: &str| said[key].as_u64().unwrap();
        [of("added"), of("updated"), of("skipped"), of("rejected")]
    };
    let csv = "email,full_name\nboris@example.org,Борис\nnobody,Никто\n";
    assert_eq!(counts(&place.import(csv).json()), [1, 0, 0, 1]);
    assert_eq!(counts(&place.import(csv).json()), [0, 0, 1, 1]);
    let changed = "email,full_name\nboris@example.org,Борис Орлов\n";
    let line = format!("recipients import - --as {ANN} --update --yes --json");
    assert_eq!(
        counts(&place.feed(&line, changed).ends(0).json()),
        [0, 1, 0, 0]
    );
    let listed = place
        .run(&format!("recipients list --as {ANN} --json"))
        .ends(0)
        .lines();
    assert_eq!(listed[0]["full_name"], "Борис Орлов");
}

#[test]
fn columns_are_named_by_number_or_by_header() {
    let place = Place::with_owner();
    let csv = "кто;куда\nБорис;boris@example.org\n";
    for (map, added) in [("email=2,full_name=1", 1), ("email=куда,full_name=кто", 0)] {
        let line = format!("recipients import - --as {ANN} --map {map} --yes --json");
        let report = place.feed(&line, csv).ends(0).json();
        assert_eq!(report["added"], added, "{map}");
        assert_eq!(report["rejected"], 0, "{map}");
    }
}

#[test]
fn a_planned_mailing_says_its_id_and_its_next_send() {
    let (place, message) = Place::furnished();
    let line = format!(
        "mailings create --as {ANN} --message {message} --all --start 2099-01-31T09:00 --zone \
         Europe/Berlin --repeat monthly --month-day 31 --count 2 --json"
    );
    let made = place.run(&line).ends(0).json();
    has(&made, &["id", "next"]);
    assert_eq!(made["next"], "2099-01-31T08:00:00Z");
    let id = made["id"].as_str().unwrap();
    let shown = place
        .run(&format!("mailings show {id} --as {ANN} --json"))
        .ends(0)
        .json();
    assert_eq!(shown["audience_size"], 2);
    assert_eq!(shown["forecast"][1]["at"], "2099-02-28T08:00:00Z");
    assert_eq!(shown["forecast"][1]["note"], "month_end");
}

#[test]
fn a_run_is_told_by_send_runs_deliveries_and_doctor() {
    let (place, message) = Place::furnished();
    let mailing = place.mailing(&message, "--all --now");
    let sent = place.run("send --json").ends(0).json();
    has(&sent, &["runs"]);
    let run = &sent["runs"][0];
    let sums = [
        ("planned", 2),
        ("delivered", 2),
        ("failed", 0),
        ("suppressed", 0),
        ("cancelled", 0),
        ("unknown", 0),
        ("pending", 0),
    ];
    for (key, sum) in sums {
        assert_eq!(run[key], sum, "{key}: {sent}");
    }
    assert_eq!(run["mailing"], mailing.as_str());

    let runs = place
        .run(&format!("runs list --as {ANN} --json"))
        .ends(0)
        .lines();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["id"], run["id"]);
    assert_eq!(runs[0]["delivered"], 2);

    let id = run["id"].as_str().unwrap();
    let rows = place
        .run(&format!("deliveries list --run {id} --as {ANN} --json"))
        .ends(0)
        .lines();
    assert_eq!(rows.len(), 2);
    let promised = [
        "recipient",
        "state",
        "cause",
        "attempts",
        "code",
        "enhanced",
        "text",
        "message_id",
    ];
    for row in &rows {
        has(row, &promised);
        assert_eq!(row["state"], "delivered");
        assert_eq!(row["attempts"], 1);
    }
    let doctor = place.run("doctor --ledger --json").ends(0).json();
    assert_eq!(doctor["ledger"], "ok");
    assert_eq!(doctor["deliveries"], 2);
}

#[test]
fn an_explanation_has_its_sentence_and_its_data() {
    let (place, message) = Place::furnished();
    place.mailing(&message, "--all --now");
    let sent = place.run("send --json").ends(0).json();
    let run = sent["runs"][0]["id"].as_str().unwrap();
    let explain = format!("deliveries explain --run {run} VERA@example.org --as {ANN}");
    let told = place.run(&format!("{explain} --json")).ends(0).json();
    let promised = [
        "run",
        "mailing",
        "recipient",
        "number",
        "fate",
        "reason",
        "next",
        "sentence",
        "attempts",
        "at",
        "stage",
        "code",
        "enhanced",
        "text",
        "fault",
    ];
    has(&told, &promised);
    assert_eq!(told["recipient"], "vera@example.org");
    assert_eq!(
        (&told["fate"], &told["next"]),
        (&json!("delivered"), &json!("nothing"))
    );
    let english = place.run(&format!("{explain} --lang en")).ends(0);
    assert!(
        english.out.contains("the mail server took the message"),
        "{}",
        english.out
    );
    let russian = place.run(&format!("{explain} --lang ru")).ends(0);
    assert!(
        russian.out.contains("почтовый сервер принял письмо"),
        "{}",
        russian.out
    );

    place
        .run(&format!("recipients add late@example.org --as {ANN}"))
        .ends(0);
    let mailing = sent["runs"][0]["mailing"].as_str().unwrap();
    let late = format!("deliveries explain --mailing {mailing} late@example.org --as {ANN} --json");
    let told = place.run(&late).ends(0).json();
    assert_eq!(told["fate"], "absent");
    assert_eq!(
        (&told["reason"], &told["next"]),
        (&json!("added_later"), &json!("next_run"))
    );
    assert!(told["added_at"].is_string(), "{told}");

    for (address, code) in [("nobody@example.org", 3), ("nobody", 2)] {
        let line = format!("deliveries explain --run {run} {address} --as {ANN}");
        place.run(&line).ends(code);
    }
    place
        .run(&format!("deliveries explain vera@example.org --as {ANN}"))
        .ends(2)
        .says("--run");
    let help = place.run("deliveries explain --help").ends(0);
    assert!(help.out.contains("Example:"), "{}", help.out);
}

#[test]
fn a_dash_is_standard_input_and_standard_output() {
    let place = Place::with_owner();
    let id = place.message("From a pipe", "Body from a pipe\n");
    let shown = place
        .run(&format!("messages show {id} --as {ANN} --json"))
        .ends(0)
        .json();
    assert_eq!(shown["body"], "Body from a pipe\n");
    let sample = place.run("config init -").ends(0);
    assert!(sample.out.contains("[database]"), "{}", sample.out);
    assert!(!place.path("-").exists());
}

#[test]
fn a_preview_has_the_recipients_own_words() {
    let (place, message) = Place::furnished();
    let seen = place
        .run(&format!(
            "messages preview {message} --as {ANN} --recipient vera@example.org --json"
        ))
        .ends(0)
        .json();
    assert_eq!(seen["subject"], "Hello Вера");
    assert!(seen["text"].as_str().unwrap().contains("garden"));
    assert!(seen["html"].as_str().unwrap().contains("<p"));
}

#[test]
fn sending_with_nothing_due_is_all_well() {
    let place = Place::with_owner();
    let sent = place.run("send --json").ends(0).json();
    assert_eq!(sent["runs"], json!([]));
}

#[test]
fn rates_are_set_shown_and_taken_back() {
    let place = Place::new();
    place.user("ann@example.org");
    for (target, rate) in [
        ("server", "100 per minute"),
        ("ann@example.org", "unlimited"),
        ("gmail.com", "20 per minute"),
    ] {
        let line = format!("rates set {target} '{rate}' --json");
        let set = place.run(&line).ends(0).json();
        assert_eq!(
            (&set["target"], &set["rate"]),
            (&target.into(), &rate.into())
        );
    }
    place.run("rates clear gmail.com").ends(0);
    let listed = place.run("rates list --json").ends(0).lines();
    let targets: Vec<_> = listed.iter().map(|set| set["target"].clone()).collect();
    assert_eq!(targets, ["ann@example.org", "server"]);
    let table = place.run("rates list").ends(0).out;
    assert!(table.contains("100 per minute"), "{table}");
}

#[test]
fn what_is_no_rate_is_refused_at_its_field() {
    let place = Place::new();
    for (rate, code) in [
        ("0 per minute", "rate.zero"),
        ("-5 per minute", "rate.negative"),
        ("2000000 per second", "rate.too_high"),
        ("fast", "rate.not_understood"),
    ] {
        let line = format!("rates set server '{rate}' --json");
        let said = place.run(&line).ends(2);
        assert_eq!(said.faults(), [format!("rate {code}")], "{rate}");
    }
}
