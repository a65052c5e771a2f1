//! The own account: profile, address, password, sessions, codes, senders, trail, export, end.

use mailing_core::letter::Letter;
use mailing_core::testing::builders::{recipient, start};
use mailing_core::user::TotpSecret;

use crate::browser::Browser;
use crate::site::{PASSWORD, Site};

const ANN: &str = "ann@example.org";
const NEW: &str = "another crooked teapot 8";

/// The path of the link in the newest letter.
async fn link(site: &Site) -> (String, String) {
    let (to, letter) = site.letters().await.pop().expect("a letter");
    let token = match letter {
        Letter::NewAddress { token }
        | Letter::AddressChanged { token, .. }
        | Letter::VerifySender { token, .. } => token,
        other => panic!("{other:?}"),
    };
    (to, format!("/verify/{}", token.reveal()))
}

#[tokio::test]
async fn the_profile_is_changed_and_its_faults_stand_at_their_fields() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let fields = [
        ("full_name", "Анна"),
        ("phone", "+7 (423) 123-45-67"),
        ("country", "RU"),
        ("zone", "Asia/Vladivostok"),
        ("language", "ru"),
    ];
    let saved = browser.post("/settings", "/settings", &fields).await;
    assert_eq!(saved.location(), "/settings?done=profile");
    let page = browser.get(saved.location()).await;
    assert_eq!(page.texts(".alert-success").len(), 1);
    assert_eq!(
        page.attribute("#zone", "value").unwrap(),
        "Asia/Vladivostok"
    );
    assert_eq!(page.attribute("html", "lang").unwrap(), "ru");
    let phone = page.attribute("#phone", "value");
    assert_eq!(phone.unwrap(), "+7 (423) 123-45-67");
    assert_eq!(page.texts("#country option[selected]"), ["Россия"]);
    for (name, phone, country, zone, faults) in [
        ("A\u{0}", "12", "XX", "Mars/Olympus", 4),
        ("Ann", "", "", "Europe/Mosco", 1),
        ("", "<b>call me</b>", "", "UTC", 1),
        ("", "", "<b>RU</b>", "UTC", 1),
        (&"a".repeat(10_000), &"1".repeat(10_000), "", "UTC", 2),
    ] {
        let fields = [
            ("full_name", name),
            ("phone", phone),
            ("country", country),
            ("zone", zone),
            ("language", "en"),
        ];
        let refused = browser.post("/settings", "/settings", &fields).await;
        assert_eq!(refused.status, 422, "{zone}");
        assert_eq!(refused.texts(".error-summary a").len(), faults, "{zone}");
        assert_eq!(refused.attribute("#zone", "value").unwrap(), zone);
        assert_eq!(refused.attribute("#phone", "value").unwrap(), phone);
    }
    let page = browser.get("/settings?done=%3Cscript%3E").await;
    assert!(page.texts(".alert-success").is_empty());
}

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_ends_other_sessions() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let mut other = site.browser();
    other.sign_in(ANN, PASSWORD).await;
    let path = "/settings/password";
    let wrong = [("current", "wrong"), ("password", NEW)];
    let refused = browser.post(path, path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.attribute(".error-summary a", "href").unwrap(),
        "#current"
    );
    let right = [("current", PASSWORD), ("password", NEW)];
    let old = browser.cookies.clone();
    assert_eq!(browser.post(path, path, &right).await.status, 303);
    assert_ne!(browser.cookies, old, "a new session");
    assert_eq!(browser.get("/overview").await.status, 200);
    assert_eq!(other.get("/overview").await.status, 303);
    browser.cookies = old;
    assert_eq!(browser.get("/overview").await.status, 303);
    assert_eq!(other.sign_in(ANN, NEW).await.status, 303);
    let letters = site.letters().await;
    assert_eq!(letters, [(ANN.to_owned(), Letter::PasswordChanged)]);
}

#[tokio::test]
async fn guessing_the_password_in_the_settings_is_limited_as_at_sign_in() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/password";
    let token = browser.token(path).await;
    let wrong = [("current", "wrong"), ("password", NEW), ("csrf", &token)];
    for _ in 0..10 {
        assert_eq!(browser.post_bare(path, &wrong).await.status, 422);
    }
    let answer = browser.post_bare(path, &wrong).await;
    assert_eq!(answer.status, 429);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn a_new_address_is_proved_first_and_the_old_one_can_take_it_back() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/address";
    let fields = [("email", "new@example.org"), ("current", PASSWORD)];
    let asked = browser.post(path, path, &fields).await;
    assert_eq!(asked.location(), "/settings/security?done=address");
    assert_eq!(site.find_user(ANN).await.email.as_str(), ANN, "not yet");
    let (to, proof) = link(&site).await;
    assert_eq!(to, "new@example.org");
    let done = browser.post(&proof, &proof, &[]).await;
    assert_eq!(done.location(), "/confirmed/new-address");
    site.find_user("new@example.org").await;
    let (to, back) = link(&site).await;
    assert_eq!(to, ANN);
    let mut thief = site.browser();
    assert_eq!(thief.sign_in("new@example.org", PASSWORD).await.status, 303);
    let mut owner = site.browser();
    let restored = owner.post(&back, &back, &[]).await;
    assert_eq!(restored.location(), "/confirmed/old-address");
    site.find_user(ANN).await;
    assert_eq!(thief.get("/overview").await.status, 303, "signed out");
}

#[tokio::test]
async fn a_taken_address_gets_the_same_answer_and_its_holder_a_letter() {
    let site = Site::new();
    site.user("bob@example.org", &[]).await;
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/address";
    let fields = [("email", "bob@example.org"), ("current", PASSWORD)];
    let asked = browser.post(path, path, &fields).await;
    assert_eq!(asked.location(), "/settings/security?done=address");
    let letters = site.letters().await;
    assert_eq!(
        letters,
        [("bob@example.org".to_owned(), Letter::AlreadyRegistered)]
    );
    let own = [("email", ANN), ("current", PASSWORD)];
    assert_eq!(browser.post(path, path, &own).await.status, 422);
}

#[tokio::test]
async fn sessions_are_told_apart_by_browser_and_system() {
    let site = Site::new();
    let (_, mut unnamed) = site.signed_in(ANN).await;
    let said = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0";
    let mut named = site.browser();
    named.headers.insert("user-agent", said.to_owned());
    named.sign_in(ANN, PASSWORD).await;
    let mut hostile = site.browser();
    let said = "<script>alert(1)</script> Safari/605.1.15 (iPad)".to_owned();
    hostile.headers.insert("user-agent", said);
    hostile.sign_in(ANN, PASSWORD).await;
    let page = named.get("/settings/security").await;
    let lines = page.texts("ul.rows p:first-child").join("|");
    for told in [
        "This browser (Firefox, Windows), signed in",
        "|Unknown browser, signed in",
        "Safari, iPad, signed in",
    ] {
        assert!(format!("|{lines}").contains(told), "{told}: {lines}");
    }
    assert!(!page.body.contains("alert(1)"));
    let own = unnamed.get("/settings/security").await;
    assert!(own.body.contains("This browser, signed in"));
    // A new password is a new session of the same browser.
    let right = [("current", PASSWORD), ("password", NEW)];
    named
        .post("/settings/password", "/settings/password", &right)
        .await;
    let page = named.get("/settings/security").await;
    let lines = page.texts("ul.rows p:first-child");
    assert!(
        lines[0].starts_with("This browser (Firefox, Windows)"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one_or_together() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let mut others = [site.browser(), site.browser(), site.browser()];
    for other in &mut others {
        other.sign_in(ANN, PASSWORD).await;
    }
    let page = browser.get("/settings/security").await;
    let forms = page.texts("form[action='/settings/sessions/end']");
    assert_eq!(forms.len(), 3, "this one is not ended here");
    let one = page.attribute("input[name=session]", "value").unwrap();
    let ended = browser
        .post(
            "/settings/security",
            "/settings/sessions/end",
            &[("session", &one)],
        )
        .await;
    assert_eq!(ended.status, 303);
    for junk in [one.as_str(), "x", ""] {
        let again = browser
            .post(
                "/settings/security",
                "/settings/sessions/end",
                &[("session", junk)],
            )
            .await;
        assert_eq!(again.status, 404, "{junk}");
    }
    let all = "/settings/sessions/end-others";
    assert_eq!(
        browser.post("/settings/security", all, &[]).await.status,
        303
    );
    for other in &mut others {
        assert_eq!(other.get("/overview").await.status, 303);
    }
    assert_eq!(browser.get("/overview").await.status, 200);
}

/// Another user cannot end a session by its id.
#[tokio::test]
async fn a_foreign_session_is_as_missing_as_one_that_never_was() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in(ANN).await;
    let mut second = site.browser();
    second.sign_in(ANN, PASSWORD).await;
    let page = ann.get("/settings/security").await;
    let id = page.attribute("input[name=session]", "value").unwrap();
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let ended = bob
        .post(
            "/settings/security",
            "/settings/sessions/end",
            &[("session", &id)],
        )
        .await;
    assert_eq!(ended.status, 404);
    assert_eq!(second.get("/overview").await.status, 200);
}

/// Switches sign-in by code on; the secret, and the recovery codes.
async fn switched_on(site: &Site, browser: &mut Browser<'_>) -> (TotpSecret, Vec<String>) {
    let begun = browser
        .post("/settings/security", "/settings/code", &[])
        .await;
    assert_eq!(begun.location(), "/settings/code");
    let setup = browser.get("/settings/code").await;
    let typed = setup.texts("code.raw")[0].replace('-', "");
    let octets = data_encoding::BASE32_NOPAD
        .decode(typed.as_bytes())
        .unwrap();
    let secret = TotpSecret::from_octets(&octets).unwrap();
    let wrong = browser
        .post(
            "/settings/code",
            "/settings/code/confirm",
            &[("code", "000000")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    let code = secret.code(site.now()).unwrap();
    let on = browser
        .post(
            "/settings/code",
            "/settings/code/confirm",
            &[("code", &code)],
        )
        .await;
    assert_eq!(on.status, 200, "{}", on.body);
    (secret, on.texts("main li code"))
}

#[tokio::test]
async fn with_a_code_the_password_alone_opens_nothing() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let (secret, codes) = switched_on(&site, &mut browser).await;
    assert_eq!(codes.len(), 10);
    site.clock.advance(std::time::Duration::from_secs(60));

    let mut second = site.browser();
    let step = second.sign_in(ANN, PASSWORD).await;
    assert_eq!(step.location(), "/login/code?next=");
    for path in ["/overview", "/settings", "/mailings"] {
        assert_eq!(second.get(path).await.status, 303, "{path}");
    }
    let code = secret.code(site.now()).unwrap();
    let wrong = [("code", "123")];
    let refused = second.post("/login/code", "/login/code", &wrong).await;
    assert_eq!(refused.status, 422);
    let right = [("code", code.as_str()), ("next", "/mailings")];
    let done = second.post("/login/code", "/login/code", &right).await;
    assert_eq!(done.location(), "/mailings");
    assert_eq!(second.get("/overview").await.status, 200);

    let mut third = site.browser();
    third.sign_in(ANN, PASSWORD).await;
    let replayed = third.post("/login/code", "/login/code", &right).await;
    assert_eq!(replayed.status, 422, "a code works once");
    site.clock.advance(std::time::Duration::from_secs(600));
    for (code, status) in [(&codes[0], 303), (&codes[0], 422)] {
        let mut fresh = site.browser();
        fresh.sign_in(ANN, PASSWORD).await;
        let used = fresh
            .post("/login/code", "/login/code", &[("code", code)])
            .await;
        assert_eq!(used.status, status, "a recovery code works once");
    }
}

#[tokio::test]
async fn the_sixth_code_within_five_minutes_has_to_wait() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    switched_on(&site, &mut browser).await;
    site.clock.advance(std::time::Duration::from_secs(600));
    let mut second = site.browser();
    second.sign_in(ANN, PASSWORD).await;
    let token = second.token("/login/code").await;
    let wrong = [("code", "123456"), ("csrf", token.as_str())];
    for _ in 0..5 {
        assert_eq!(second.post_bare("/login/code", &wrong).await.status, 422);
    }
    let answer = second.post_bare("/login/code", &wrong).await;
    assert_eq!(answer.status, 429);
}

#[tokio::test]
async fn switching_the_code_off_takes_password_and_code() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let (_, codes) = switched_on(&site, &mut browser).await;
    let path = "/settings/code/off";
    for (current, code) in [("wrong", codes[0].as_str()), (PASSWORD, "123456")] {
        let fields = [("current", current), ("code", code)];
        assert_eq!(browser.post(path, path, &fields).await.status, 422);
    }
    let fields = [("current", PASSWORD), ("code", codes[0].as_str())];
    let off = browser.post(path, path, &fields).await;
    assert_eq!(off.location(), "/settings/security?done=code-off");
    assert_eq!(
        site.browser().sign_in(ANN, PASSWORD).await.location(),
        "/overview"
    );
    let mut kinds: Vec<_> = site.letters().await.iter().map(|(_, l)| l.kind()).collect();
    // Letters of one instant have no order.
    kinds.sort_unstable();
    assert_eq!(kinds, ["second_factor_off", "second_factor_on"]);
}

#[tokio::test]
async fn a_sender_is_proved_by_its_own_mail_and_removed() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/senders";
    let fields = [("address", "shop@example.com"), ("name", "Shop")];
    let added = browser.post(path, path, &fields).await;
    assert_eq!(added.location(), "/settings/senders?done=sender-added");
    let (to, proof) = link(&site).await;
    assert_eq!(to, "shop@example.com");
    let mut reader = site.browser();
    let done = reader.post(&proof, &proof, &[]).await;
    assert_eq!(done.location(), "/confirmed/sender");
    let page = browser.get(path).await;
    assert!(page.texts("form[action$='/resend']").is_empty());
    assert_eq!(browser.post(path, path, &fields).await.status, 422, "twice");
    for junk in ["nobody", "a@b\r\nBcc: x@example.org", ""] {
        let fields = [("address", junk), ("name", "")];
        assert_eq!(
            browser.post(path, path, &fields).await.status,
            422,
            "{junk}"
        );
    }
    let remove = page.attribute("li:last-child a[href$='/remove']", "href");
    let remove = remove.unwrap();
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    assert_eq!(bob.post(path, &remove, &[]).await.status, 404);
    assert_eq!(bob.get(&remove).await.status, 404);
    assert_eq!(browser.submit(&remove, &remove, &[]).await.status, 303);
    assert_eq!(browser.post(path, &remove, &[]).await.status, 404);
}

#[tokio::test]
async fn the_trail_tells_what_was_done_and_by_whom() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let page = browser.get("/settings/activity").await;
    let lines = page.texts("tbody tr");
    assert!(lines[0].starts_with("Signed in"), "{lines:?}");
    assert!(lines[0].contains("You"), "{lines:?}");
}

#[tokio::test]
async fn everything_of_ones_own_comes_as_a_file_and_nothing_else() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in(ANN).await;
    let bob = site.user("bob@example.org", &[]).await;
    let store = site.store.as_ref();
    for (owner, at) in [(&ann, "eve@example.org"), (&bob, "secret@example.org")] {
        recipient().of(owner).at(at).saved(store).await;
    }
    let file = browser.get("/settings/export").await;
    assert!(file.header("content-disposition").starts_with("attachment"));
    let kinds: Vec<_> = file
        .body
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    for kind in ["user", "sender", "recipient", "deed"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
    assert!(file.body.contains("eve@example.org"));
    assert!(!file.body.contains("secret@") && !file.body.contains(PASSWORD));
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_address_is_free() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/delete";
    for (word, current) in [("", PASSWORD), ("yes", PASSWORD), ("delete", "wrong")] {
        let fields = [("word", word), ("current", current)];
        assert_eq!(
            browser.post(path, path, &fields).await.status,
            422,
            "{word}"
        );
    }
    let fields = [("word", " Delete "), ("current", PASSWORD)];
    let gone = browser.post(path, path, &fields).await;
    assert_eq!(gone.location(), "/");
    assert!(!browser.cookies.contains_key("__Host-session"));
    let mut again = site.browser();
    assert_eq!(again.sign_in(ANN, PASSWORD).await.status, 422);
    let letters = site.letters().await;
    assert_eq!(letters, [(ANN.to_owned(), Letter::AccountDeleted)]);
    let fields = [("email", ANN), ("password", PASSWORD)];
    again.post("/register", "/register", &fields).await;
    let letters = site.letters().await;
    assert_eq!(letters[0].1.kind(), "verify_address");
    assert!(site.now() >= start());
}
