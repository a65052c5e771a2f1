//! The configuration: what is wrong with it is told, its secrets are not.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::place::{ANN, Place, Said};

/// Stands where a password stands, and nowhere in what is printed.
const SENTINEL: &str = "xyzzy-plugh-4711";

#[track_caller]
fn keeps_secret(said: &Said) {
    assert!(!said.out.contains(SENTINEL), "{said:#?}");
    assert!(!said.err.contains(SENTINEL), "{said:#?}");
}

#[test]
fn passwords_in_urls_are_never_printed() {
    let (mut place, message) = Place::furnished();
    place.mailing(&message, "--all --now");
    let mail = format!("smtp://sender:{SENTINEL}@127.0.0.1:1");
    place.set("MAILING_MAIL__URL", &mail);
    let shown = place.run("config show").ends(0);
    assert!(shown.out.contains("127.0.0.1:1"), "{shown:?}");
    keeps_secret(&shown);
    for line in [
        "config show --json",
        "config check",
        "config show -vv",
        "send -vv",
        "send -vv --json",
    ] {
        keeps_secret(&place.run(line));
    }
    for url in [
        format!("nowhere://sender:{SENTINEL}@127.0.0.1/"),
        format!("smtp://sender:{SENTINEL}/@127.0.0.1:port"),
        format!("smtp://sender:{SENTINEL}@"),
    ] {
        place.set("MAILING_MAIL__URL", &url);
        for line in ["send", "send --json -vv", "config show"] {
            keeps_secret(&place.run(line));
        }
    }
}

#[test]
fn the_database_password_is_never_printed() {
    let mut place = Place::new();
    place.write("key", "ab".repeat(32));
    fs::set_permissions(place.path("key"), Permissions::from_mode(0o600)).unwrap();
    place.set("MAILING_SECRET__KEY_FILE", "key");
    let url = format!("postgres://ann:{SENTINEL}@127.0.0.1:1/mailing");
    place.set("MAILING_DATABASE__URL", &url);
    for line in [
        "config show",
        "users list -vv",
        "migrate --json",
        "doctor --ledger",
    ] {
        keeps_secret(&place.run(line));
    }
}

#[test]
fn the_key_and_passwords_of_users_are_in_no_log() {
    let place = Place::new();
    let said = place.feed(
        "users create ann@example.org --password-file - -vv",
        format!("{SENTINEL}\n"),
    );
    keeps_secret(&said);
    let key = place.read("mailing.key");
    for line in ["config show -vv", "send -vv"] {
        let said = place.run(line);
        assert!(!said.out.contains(key.trim()) && !said.err.contains(key.trim()));
    }
}

#[test]
fn an_unknown_setting_names_the_nearest() {
    let mut place = Place::new();
    place.write("mailing.toml", "[server]\nlisten_on = \"127.0.0.1:1\"\n");
    let said = place.run("config check --json").ends(2);
    assert_eq!(said.faults(), ["server.listen_on config.unknown_key"]);
    place.run("config check").ends(2).says("server.listen");
    fs::remove_file(place.path("mailing.toml")).unwrap();
    place.set("MAILING_MAIL__ULR", "smtp://127.0.0.1");
    place.run("config check").ends(2).says("mail.url");
}

#[test]
fn every_fault_of_a_configuration_is_told_at_once() {
    let place = Place::new();
    place.write(
        "mailing.toml",
        "[delivery]\nin_flight = 0\n[mail]\nlanes = 0\n[server]\npublic_url = \"example.org\"\n",
    );
    let mut faults = place.run("config check --json").ends(2).faults();
    faults.sort();
    let wanted = [
        "delivery.in_flight config.bad_value",
        "mail.lanes config.bad_value",
        "server.public_url config.bad_value",
    ];
    assert_eq!(faults, wanted);
    place.write("mailing.toml", "[mail\n");
    place.run("config check").ends(2);
    place
        .run("config check --config missing.toml")
        .ends(2)
        .says("missing.toml");
}

#[test]
fn a_written_sample_is_a_configuration_and_is_not_overwritten() {
    let place = Place::new();
    place.run("config init").ends(0).says("mailing.toml");
    place.run("config check").ends(0);
    place.run("config init").ends(2);
    place.run("config init .env --env").ends(0);
    place.run("config check").ends(0);
}

#[test]
fn a_secret_that_others_can_read_is_refused() {
    let mut place = Place::new();
    place.write("key", "ab".repeat(32));
    fs::set_permissions(place.path("key"), Permissions::from_mode(0o644)).unwrap();
    place.set("MAILING_SECRET__KEY_FILE", "key");
    let said = place.run("users list --json").ends(2);
    assert_eq!(said.faults(), ["secret.key_file config.secret_readable"]);
    place.run("users list").ends(2).says("chmod 600");

    let mut place = Place::new();
    place.write("url", "smtp://127.0.0.1:1\n");
    fs::set_permissions(place.path("url"), Permissions::from_mode(0o644)).unwrap();
    place.set("MAILING_MAIL__URL_FILE", "url");
    let said = place.run("config check --json").ends(2);
    assert_eq!(said.faults(), ["mail.url_file config.secret_readable"]);
}

#[test]
fn a_demo_does_not_leave_the_machine() {
    for (name, value, fault) in [
        ("MAILING_SERVER__LISTEN", "0.0.0.0:0", "server.listen"),
        (
            "MAILING_SERVER__PUBLIC_URL",
            "https://example.org",
            "server.public_url",
        ),
    ] {
        let said = Place::new()
            .with(name, value)
            .run("serve --demo --json")
            .ends(2);
        assert_eq!(said.faults(), [format!("{fault} config.demo_public")]);
    }
}

#[test]
fn a_weak_password_is_refused() {
    let place = Place::new();
    for (password, code) in [
        ("short", "password.too_short"),
        ("password1234", "password.common"),
    ] {
        let line = format!("users create {ANN} --password-file - --json");
        let said = place.feed(&line, format!("{password}\n")).ends(2);
        assert_eq!(said.faults(), [format!("password {code}")]);
    }
}
