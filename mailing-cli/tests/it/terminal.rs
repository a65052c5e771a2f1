//! What an operator asks for in the terminal: does it work, does it look right, when does it go out.

use serde_json::Value;

use crate::place::{ANN, Place};

fn health(said: &Value, name: &str) -> String {
    let checks = said["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["check"] == name);
    check.unwrap()["health"].as_str().unwrap().to_owned()
}

#[test]
fn the_doctor_looks_at_everything_and_names_what_is_wrong() {
    let mut place = Place::with_owner();
    let said = place.run("doctor --json").ends(0).json();
    for (name, expected) in [
        ("configuration", "ok"),
        ("public_url", "warning"),
        ("database", "ok"),
        ("mail_server", "warning"),
    ] {
        assert_eq!(health(&said, name), expected, "{said}");
    }
    let said = place.run("doctor").ends(0);
    assert!(said.out.contains("reaches nobody"), "{said:?}");
    place.set("MAILING_MAIL__URL", "smtp://127.0.0.1:1");
    let said = place.run("doctor --json").ends(6).json();
    assert_eq!(health(&said, "mail_server"), "broken");
    assert_eq!(health(&said, "database"), "ok");
    place.set("MAILING_MAIL__URL", "gopher://127.0.0.1");
    let said = place.run("doctor --json").ends(6).json();
    assert_eq!(
        health(&said, "mail_server"),
        "broken",
        "one among the others"
    );
    assert_eq!(health(&said, "database"), "ok");
    place.set("MAILING_MAIL__URL", "smtp://127.0.0.1:1");
    let counted = place.run("doctor --ledger --json").ends(0).json();
    assert_eq!(counted["ledger"], "ok", "it needs no mail server");
    let said = place.run("doctor --lang ru").ends(6);
    assert!(said.out.contains("127.0.0.1:1 не отвечает"), "{said:?}");
    place.set("MAILING_SECRET__KEY_FILE", "mailing.key");
    let away = "postgres://mailing@127.0.0.1:1/mailing";
    place.set("MAILING_DATABASE__URL", away);
    let said = place.run("doctor --json").ends(6).json();
    assert_eq!(health(&said, "database"), "broken");
}

#[test]
fn the_doctor_sends_a_message_when_asked_to() {
    let place = Place::new();
    place.run("doctor --send-to me@example.org").ends(0);
    let mails = place.outbox();
    let mail = String::from_utf8_lossy(&mails[0]).into_owned();
    assert_eq!(mails.len(), 1);
    assert!(mail.contains("To: me@example.org"), "{mail}");
    assert!(mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    let away = place.with("MAILING_MAIL__URL", "smtp://127.0.0.1:1");
    let slip = away.run("doctor --send-to nowhere --json").ends(2);
    assert_eq!(slip.faults(), ["send-to address.no_at"]);
    assert_eq!(slip.out, "", "told before anything is looked at");
}

#[test]
fn a_message_is_tried_out_marked_and_outside_every_run() {
    let (place, message) = Place::furnished();
    let line = format!("messages test {message} --as {ANN} --recipient vera@example.org --json");
    let to = |count: usize| format!("{line} {}", "--to me@example.org ".repeat(count));
    let said = place.run(&to(2)).ends(0).json();
    assert_eq!(said["sent"][1]["taken"], true, "{said}");
    assert_eq!(place.outbox().len(), 2);
    let runs = format!("runs list --as {ANN} --json");
    assert!(place.run(&runs).ends(0).lines().is_empty());
    let said = place.run(&to(6)).ends(2);
    assert_eq!(said.faults(), ["to test.addresses"]);
    for _ in 0..3 {
        place.run(&to(5)).ends(0);
    }
    let said = place.run(&to(4)).ends(4);
    assert_eq!(said.error()["code"], "test.limit");
    place.user("eve@example.org");
    let foreign = format!("messages test {message} --to me@example.org --as eve@example.org");
    place.run(&foreign).ends(3);
}

#[test]
fn a_test_that_the_server_does_not_take_ends_with_5() {
    let (mut place, message) = Place::furnished();
    place.set("MAILING_MAIL__URL", "smtp://127.0.0.1:1");
    let line = format!("messages test {message} --to me@example.org --as {ANN} --json");
    let said = place.run(&line).ends(5).json();
    assert_eq!(said["sent"][0]["taken"], false, "{said}");
}

#[test]
fn an_operator_verifies_a_sender() {
    let place = Place::with_owner();
    let added = format!("senders add news@example.com --as {ANN} --json");
    assert_eq!(place.run(&added).ends(0).json()["verified"], false);
    let verify = |address: &str| place.run(&format!("senders verify {address} --as {ANN} --json"));
    assert_eq!(verify("news@example.com").ends(0).json()["verified"], true);
    verify("nobody@example.com").ends(3);
    verify("nobody").ends(2);
}

#[test]
fn the_next_sends_of_a_mailing_are_those_of_its_schedule() {
    let (place, message) = Place::furnished();
    let rule = "--start 2099-01-31T09:00 --zone Europe/Berlin --repeat monthly";
    let mailing = place.mailing(&message, &format!("--all {rule}"));
    let of_mailing = format!("mailings forecast {mailing} --limit 3 --as {ANN} --json");
    let of_mailing = place.run(&of_mailing).ends(0).json();
    let of_rule = format!("forecast {rule} --limit 3 --json");
    let of_rule = place.run(&of_rule).ends(0).json();
    assert_eq!(of_mailing, of_rule);
    assert_eq!(of_mailing["occurrences"][1]["note"], "month_end");
}
