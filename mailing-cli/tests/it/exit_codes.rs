//! Every exit code, and the states that refuse.

use crate::place::{ANN, Place};

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

#[test]
fn a_command_that_is_no_command_ends_with_2() {
    let place = Place::new();
    place.run("sned").ends(2).says("send");
    place.run("mailings create --now").ends(2);
    place.run("send --now").ends(2).says("--mailing");
}

#[test]
fn a_foreign_object_is_not_found_and_ends_with_3() {
    let (place, message) = Place::furnished();
    let mailing = place.mailing(&message, "--all --start 2099-01-01T09:00");
    place.user("eve@example.org");
    let foreign = [
        format!("messages show {message} --as eve@example.org"),
        format!("messages preview {message} --as eve@example.org"),
        format!("mailings show {mailing} --as eve@example.org"),
        format!("mailings pause {mailing} --as eve@example.org"),
        format!("mailings finish {mailing} --as eve@example.org"),
        format!("runs show {NOBODY} --as eve@example.org"),
        format!("deliveries list --run {NOBODY} --as eve@example.org"),
        format!("deliveries explain --run {NOBODY} eve@example.org --as eve@example.org"),
        format!("deliveries explain --mailing {mailing} vera@example.org --as eve@example.org"),
        format!("send --mailing {NOBODY}"),
        format!("send --mailing {NOBODY} --now"),
    ];
    for line in foreign {
        let said = place.run(&format!("{line} --json")).ends(3);
        assert_eq!(said.error()["code"], "not_found", "{line}");
    }
}

#[test]
fn a_finished_mailing_is_not_sent_again_and_ends_with_4() {
    let (place, message) = Place::furnished();
    let mailing = place.mailing(&message, "--all --now");
    place.run("send").ends(0);
    let said = place
        .run(&format!("send --mailing {mailing} --now --json"))
        .ends(4);
    assert_eq!(said.error()["code"], "mailing.state");
    assert_eq!(place.outbox().len(), 2);
}

#[test]
fn a_mailing_is_held_goes_on_and_ends() {
    let (place, message) = Place::furnished();
    let mailing = place.mailing(&message, "--all --start 2099-01-01T09:00 --repeat daily");
    let act = |verb: &str| place.run(&format!("mailings {verb} {mailing} --as {ANN} --json"));
    assert_eq!(act("pause").ends(0).json()["status"], "paused");
    act("pause").ends(4);
    assert_eq!(act("resume").ends(0).json()["status"], "created");
    act("resume").ends(4);
    act("launch").ends(4);
    assert_eq!(act("finish").ends(0).json()["status"], "finished");
    act("finish").ends(4);
    act("resume").ends(4);
}

#[test]
fn a_draft_is_sent_only_after_it_is_launched() {
    let (place, message) = Place::furnished();
    let start = "--all --start 2099-01-01T09:00 --draft";
    let mailing = place.mailing(&message, start);
    let listed = place
        .run(&format!("mailings list --as {ANN} --status draft --json"))
        .ends(0)
        .lines();
    assert_eq!(listed.len(), 1);
    place
        .run(&format!("send --mailing {mailing} --now"))
        .ends(4);
    let launched = place
        .run(&format!("mailings launch {mailing} --as {ANN} --json"))
        .ends(0)
        .json();
    assert_eq!(launched["status"], "created");
    assert_eq!(launched["next"], "2099-01-01T09:00:00Z");
}

#[test]
fn a_planned_mailing_can_be_sent_before_its_time_once() {
    let (place, message) = Place::furnished();
    let mailing = place.mailing(&message, "--all --start 2099-01-01T09:00");
    let sent = place
        .run(&format!("send --mailing {mailing} --now --json"))
        .ends(0)
        .json();
    assert_eq!(sent["runs"][0]["delivered"], 2);
    place.run("send --json").ends(0);
    assert_eq!(place.outbox().len(), 2);
}

#[test]
fn with_the_mail_server_away_all_stay_pending_until_it_is_there() {
    let (mut place, message) = Place::furnished();
    place.set("MAILING_MAIL__URL", "smtp://127.0.0.1:1");
    place.mailing(&message, "--all --now");
    let away = place.run("send --json").ends(6).json();
    assert_eq!(away["runs"][0]["pending"], 2, "{away}");
    assert_eq!(away["runs"][0]["delivered"], 0);
    assert!(away["server_away"].is_string(), "{away}");
    place.run("send").ends(6).says("stays pending");

    place.set("MAILING_MAIL__URL", "file://outbox/");
    let sent = place.run("send --json").ends(0).json();
    assert_eq!(sent["runs"][0]["delivered"], 2, "{sent}");
    assert_eq!(place.outbox().len(), 2);
    place.run("doctor --ledger").ends(0);
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let (place, message) = Place::furnished();
    place.mailing(&message, "--all --now");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let mut send = place.command("send -vv");
    let sent = send
        .stdout(std::process::Stdio::null())
        .stderr(full.unwrap());
    assert_eq!(sent.status().unwrap().code(), Some(0));
    assert_eq!(place.outbox().len(), 2);
}

#[test]
fn a_ledger_that_does_not_add_up_ends_with_1() {
    let (place, message) = Place::furnished();
    place.mailing(&message, "--all --now");
    place.run("send").ends(0);
    crate::database::execute(
        &place.path("mailing.db"),
        "UPDATE deliveries SET state = 'failed' WHERE number = 1",
    );
    let doctor = place.run("doctor --ledger --json").ends(1).json();
    assert_eq!(doctor["ledger"], "broken");
    assert!(!doctor["faults"].as_array().unwrap().is_empty());
}
