//! A file becomes recipients, in three steps; what comes badly is told.

use mailing_core::recipient::import::FILE_MAX;
use mailing_core::services::wait;
use mailing_core::testing::builders::list;
use mailing_core::user::UserState;
use poem::http::Method;

use crate::browser::{Answer, Browser};
use crate::site::Site;

const PATH: &str = "/recipients/import";

/// A part of a form as a browser writes it.
fn part(name: &str, file: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
    let head = format!("--limit\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

async fn send(browser: &mut Browser<'_>, parts: &[Vec<u8>]) -> Answer {
    let body = [&parts.concat()[..], b"--limit--\r\n"].concat();
    let kind = "multipart/form-data; boundary=limit";
    browser.headers.insert("content-type", kind.to_owned());
    let answer = browser.send_bytes(Method::POST, PATH, body).await;
    browser.headers.remove("content-type");
    answer
}

/// Uploads as the form of the first step does.
pub(crate) async fn upload(browser: &mut Browser<'_>, name: &str, content: &[u8]) -> Answer {
    let token = browser.token(PATH).await;
    let parts = [
        part("csrf", None, token.as_bytes()),
        part("file", Some(name), content),
        part("pasted", None, b""),
    ];
    send(browser, &parts).await
}

/// Sends pasted rows instead of a file.
pub(crate) async fn paste(browser: &mut Browser<'_>, rows: &str) -> Answer {
    let token = browser.token(PATH).await;
    let parts = [
        part("csrf", None, token.as_bytes()),
        part("file", Some(""), b""),
        part("pasted", None, rows.as_bytes()),
    ];
    send(browser, &parts).await
}

/// Answers the second step with what is proposed, and `typed` besides.
async fn check(browser: &mut Browser<'_>, path: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.get(path).await;
    let mut fields = page.fields("main form.form");
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    browser.post_bare(path, &fields).await
}

#[tokio::test]
async fn a_file_becomes_recipients_in_three_steps() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    list()
        .of(&ann)
        .named("Customers")
        .saved(site.store.as_ref())
        .await;
    let text = "Почта;ФИО;Город\nanna@example.com;Анна;Казань\n=nobody;;\nb@example.com;;Тула\n";
    let bytes = windows_1251(text);
    let sent = upload(&mut browser, "customers.csv", &bytes).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let path = sent.location().to_owned();
    let page = browser.get(&path).await;
    let lead = page.texts(".lead").remove(0);
    assert_eq!(lead, "customers.csv, 3 rows, windows-1251, separator “;”");
    assert_eq!(
        page.attribute("#column_1 [selected]", "value").unwrap(),
        "email"
    );
    assert_eq!(
        page.attribute("#column_2 [selected]", "value").unwrap(),
        "full_name"
    );
    assert!(page.body.contains("Казань"));

    let town = [("column_3", "attributes.column_3"), ("list", "Customers")];
    let checked = check(&mut browser, &path, &town).await;
    assert_eq!((checked.status, checked.location()), (303, path.as_str()));
    let page = browser.get(&path).await;
    assert_eq!(page.texts(".stat dd"), ["2", "0", "0", "1"]);
    assert!(
        page.texts("table td")
            .iter()
            .any(|cell| cell.contains("=nobody;;"))
    );
    assert_eq!(page.texts(".btn-primary"), ["Import 2"]);
    let list = browser.get("/recipients").await;
    assert!(!list.body.contains("anna@"), "nothing is imported yet");

    let start = format!("{path}/start");
    let done = browser.submit(&path, &start, &[]).await;
    assert_eq!((done.status, done.location()), (303, path.as_str()));
    // The button is gone, but an old page still has it.
    let token = browser.token(&path).await;
    let again = browser.post_bare(&start, &[("csrf", &token)]).await;
    assert_eq!(
        (again.status, again.location()),
        (303, path.as_str()),
        "pressed twice"
    );
    let page = browser.get(&path).await;
    assert_eq!(page.texts(".stat dd"), ["2", "0", "0", "1"]);
    assert_eq!(page.texts("h1"), ["Imported"]);
    let rejects = browser.get(&format!("{path}/rejects")).await;
    assert!(
        rejects
            .header("content-disposition")
            .contains("rejects.csv")
    );
    assert!(rejects.body.contains("\"'=nobody;;\""), "{}", rejects.body);
    let list = browser.get("/recipients").await;
    assert!(list.body.contains("anna@example.com") && list.body.contains("Customers"));

    let old = browser
        .post_bare(&path, &[("csrf", &token), ("column_1", "email")])
        .await;
    assert_eq!(
        (old.status, old.location()),
        (303, path.as_str()),
        "from an old page"
    );
    let undo = page
        .attribute("a[href^='/recipients/imports/']", "href")
        .unwrap();
    let asked = browser.get(&undo).await;
    assert!(asked.texts("h1")[0].starts_with("Undo the import of "));
    let happens = asked.texts(".well p");
    assert_eq!(happens[1], "2 recipients that it added go into the trash.");
    assert_eq!(
        happens[2],
        "Whoever it put into the list “Customers” leaves it."
    );
    let undone = browser.submit(&undo, &undo, &[]).await;
    assert_eq!((undone.status, undone.location()), (303, PATH));
    let flash = browser.get(PATH).await;
    assert!(flash.body.contains("2 removed"), "{}", flash.body);
    assert!(!browser.get("/recipients").await.body.contains("anna@"));
    let late = browser.get(&undo).await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("was undone before"), "{}", late.body);
}

/// As Windows writes Cyrillic.
fn windows_1251(text: &str) -> Vec<u8> {
    let octet = |c: char| match c {
        'А'..='я' => u8::try_from(c as u32 - 'А' as u32 + 0xC0).unwrap(),
        other => u8::try_from(other as u32).unwrap(),
    };
    text.chars().map(octet).collect()
}

#[tokio::test]
async fn pasted_rows_are_as_good_as_a_file() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let sent = paste(&mut browser, "a@example.org\r\nb@example.org\r\n").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let path = sent.location().to_owned();
    let page = browser.get(&path).await;
    assert!(
        page.texts(".lead")
            .remove(0)
            .starts_with("Pasted rows, 2 rows")
    );
    check(&mut browser, &path, &[("new_list", "Guests")]).await;
    browser.submit(&path, &format!("{path}/start"), &[]).await;
    assert_eq!(
        browser.get(&path).await.texts(".stat dd"),
        ["2", "0", "0", "0"]
    );
    assert!(browser.get("/lists").await.body.contains("Guests"));
}

#[tokio::test]
async fn what_is_no_list_of_people_is_told_at_the_file() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let workbook =
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00b\xee\x9dh^\x01\x00\x00\x90\x04";
    let long = "ж".repeat(10_000);
    for (name, content, told) in [
        ("empty.csv", &b""[..], "The file is empty"),
        (
            "picture.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
            "Save it as CSV",
        ),
        ("people.xlsx", workbook, "Save it as CSV"),
        (long.as_str(), b"", "The file is empty"),
        ("", b"", "Choose a file, or paste rows"),
    ] {
        let answer = upload(&mut browser, name, content).await;
        assert_eq!(answer.status, 422, "{name:.20}");
        let error = answer.texts("#file-error").join("");
        assert!(error.contains(told), "{name:.20}: {error}");
        assert!(answer.texts("title")[0].starts_with("Error: "));
    }
    assert!(browser.get(PATH).await.texts("table").is_empty());
}

#[tokio::test]
async fn faulty_pasted_rows_stay_in_their_field() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let token = browser.token(PATH).await;
    let mut paste = async |name: &str, file: &[u8], pasted: &str| {
        let parts = [
            part("csrf", None, token.as_bytes()),
            part("file", Some(name), file),
            part("pasted", None, pasted.as_bytes()),
        ];
        send(&mut browser, &parts).await
    };
    let wide = format!("{}x</textarea>", "x,".repeat(100));
    for (pasted, told) in [
        (wide.as_str(), "more than 100 columns"),
        ("\u{0}\u{1}\u{2}", "This is no text"),
        ("\r\n\r\n", "or paste rows"),
    ] {
        let answer = paste("", b"", pasted).await;
        assert_eq!(answer.status, 422, "{told}");
        let error = answer.texts("#pasted-error").join("");
        assert!(error.contains(told), "{told}: {error}");
        assert!(answer.texts("#file-error").is_empty(), "{told}");
        let anchor = answer.attribute(".error-summary a", "href");
        assert_eq!(anchor.as_deref(), Some("#pasted"));
    }
    let again = paste("", b"", &wide).await;
    assert_eq!(again.texts("#pasted")[0], wide);
    let picture = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00";
    let of_file = paste("a.png", picture, "a@example.org").await;
    assert_eq!(of_file.texts("#file-error").len(), 1);
    assert_eq!(of_file.texts("#pasted"), ["a@example.org"]);
    let large = paste("", b"", &wide.repeat(5_500)).await;
    assert_eq!(large.status, 422);
    assert_eq!(large.texts("#pasted"), [""], "too much for a page");
    let kept = browser.get(PATH).await;
    assert!(kept.texts("table").is_empty());
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_by_what_it_tells() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    browser
        .headers
        .insert("content-length", (FILE_MAX * 2).to_string());
    let answer = upload(&mut browser, "large.csv", b"email\n").await;
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("200 MB"), "{}", answer.body);
}

#[tokio::test]
async fn a_file_without_a_token_or_before_it_is_nobodys() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let token = browser.token(PATH).await;
    let file = part("file", Some("a.csv"), b"email\na@example.org\n");
    let csrf = part("csrf", None, token.as_bytes());
    for parts in [
        vec![file.clone()],
        vec![file.clone(), csrf.clone()],
        vec![part("csrf", None, b"wrong"), file.clone()],
    ] {
        assert_eq!(send(&mut browser, &parts).await.status, 403);
    }
    let unknown = part("role", None, b"administrator");
    assert_eq!(
        send(&mut browser, &[csrf.clone(), unknown]).await.status,
        400
    );
    browser
        .headers
        .insert("sec-fetch-site", "cross-site".to_owned());
    assert_eq!(send(&mut browser, &[csrf, file]).await.status, 403);
}

#[tokio::test]
async fn columns_that_make_no_sense_are_told_and_the_choices_stay() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let text = "name,where\nAnn <b>,{{ 7*7 }}\n\u{202e}Eve,\u{200b}Tula\n";
    let sent = upload(&mut browser, "a.csv", text.as_bytes()).await;
    let path = sent.location().to_owned();
    let page = browser.get(&path).await;
    assert!(page.body.contains("{{ 7*7 }}") && !page.body.contains("Ann <b>"));
    let typed = [
        ("column_1", "full_name"),
        ("column_2", ""),
        ("new_list", "Friends"),
    ];
    let answer = check(&mut browser, &path, &typed).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer
            .texts(".error-summary")
            .join("")
            .contains("No column holds e-mail")
    );
    assert_eq!(answer.attribute("#new_list", "value").unwrap(), "Friends");
    assert_eq!(
        answer.attribute("#column_1 [selected]", "value").unwrap(),
        "full_name"
    );
    for nonsense in [("column_1", "email=9,x"), ("column_2", "attributes.a b?")] {
        let answer = check(&mut browser, &path, &[nonsense]).await;
        assert_eq!(answer.status, 422, "{nonsense:?}");
    }
    let answer = check(&mut browser, &path, &[("encoding", "utf-7"), ("look", "1")]).await;
    assert_eq!(answer.status, 422);
    let other = [
        ("delimiter", "semicolon"),
        ("encoding", "UTF-8"),
        ("look", "1"),
    ];
    assert_eq!(check(&mut browser, &path, &other).await.status, 303);
    assert!(browser.get(&path).await.body.contains("name,where"));
}

#[tokio::test]
async fn what_takes_long_is_done_beside_the_page_which_tells_how_far_it_is() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let mut text = "email,comment\n".to_owned();
    for number in 0..6_000 {
        let comment = "x".repeat(100);
        text.push_str(&format!("r{number}@example.org,{comment}\n"));
    }
    let sent = upload(&mut browser, "a.csv", text.as_bytes()).await;
    let path = sent.location().to_owned();
    for (title, next) in [
        ("Checking the rows", "Import 6,000"),
        ("Importing", "Write a message"),
    ] {
        if title == "Importing" {
            browser.submit(&path, &format!("{path}/start"), &[]).await;
        } else {
            check(&mut browser, &path, &[]).await;
        }
        let page = browser.get(&path).await;
        assert_eq!(page.texts("h1"), [title]);
        assert_eq!(page.texts("#progress strong"), ["0 of 6,000 rows"]);
        assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\""));
        let work = site.services.upload_work.clone();
        let job = work.claim().await.unwrap().unwrap();
        let worked =
            tokio::task::spawn_blocking(move || wait(work.run(job, &|_, _| String::new())));
        worked.await.unwrap().unwrap();
        assert_eq!(
            browser.get(&path).await.texts(".btn-primary").join(""),
            next
        );
    }
    assert_eq!(browser.get(&path).await.texts(".stat dd")[0], "6,000");
}

#[tokio::test]
async fn whoever_is_blocked_in_the_middle_gets_no_further() {
    let site = Site::new();
    let (ann, mut browser) = site.signed_in("ann@example.org").await;
    let sent = upload(&mut browser, "a.csv", b"email\na@example.org\n").await;
    let path = sent.location().to_owned();
    check(&mut browser, &path, &[]).await;
    let token = browser.token(&path).await;
    let mut user = ann.user.clone();
    let (at, reason) = (site.now(), "spam".to_owned());
    user.state = UserState::Blocked { at, reason };
    site.save_user(&user).await;
    let answer = browser
        .post_bare(&format!("{path}/start"), &[("csrf", &token)])
        .await;
    assert_eq!(answer.status, 403);
    assert!(site.services.upload_work.claim().await.unwrap().is_none());
}

#[tokio::test]
async fn junk_ids_and_strangers_files_are_not_there() {
    let site = Site::new();
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    let (_, mut bob) = site.signed_in("bob@example.org").await;
    let sent = upload(&mut ann, "a.csv", b"email\na@example.org\n").await;
    let own = sent.location().rsplit('/').next().unwrap().to_owned();
    for id in [
        own.as_str(),
        "x",
        "%00",
        "00000000-0000-0000-0000-000000000000",
    ] {
        assert_eq!(bob.get(&format!("{PATH}/{id}")).await.status, 404, "{id}");
        assert_eq!(
            bob.get(&format!("{PATH}/{id}/rejects")).await.status,
            404,
            "{id}"
        );
        let token = bob.token(PATH).await;
        for verb in ["", "/start", "/discard"] {
            let answer = bob
                .post_bare(&format!("{PATH}/{id}{verb}"), &[("csrf", &token)])
                .await;
            assert_eq!(answer.status, 404, "{id}{verb}");
        }
        let undo = format!("/recipients/imports/{id}/undo");
        assert_eq!(
            bob.post_bare(&undo, &[("csrf", &token)]).await.status,
            404,
            "{id}"
        );
    }
    assert_eq!(ann.get(&format!("{PATH}/{own}")).await.status, 200);
}

#[tokio::test]
async fn the_template_is_a_file_that_imports() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in("ann@example.org").await;
    let template = browser.get(&format!("{PATH}/template")).await;
    assert!(
        template
            .header("content-disposition")
            .contains("template.csv")
    );
    let sent = upload(&mut browser, "template.csv", template.body.as_bytes()).await;
    let path = sent.location().to_owned();
    let page = browser.get(&path).await;
    assert_eq!(
        page.attribute("#column_1 [selected]", "value").unwrap(),
        "email"
    );
    check(&mut browser, &path, &[]).await;
    assert_eq!(
        browser.get(&path).await.texts(".stat dd"),
        ["1", "0", "0", "0"]
    );
}
