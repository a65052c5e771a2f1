//! A user's own photo.

use mailing_core::post::PICTURE_MAX;
use mailing_core::user::Role;

use crate::files::{FormPart, send_parts};
use crate::site::{PASSWORD, Site};

const ANN: &str = "ann@example.org";
const PNG: &[u8] = b"\x89PNG picture";

#[tokio::test]
async fn a_photo_is_put_shown_to_oneself_and_managers_and_removed() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let (path, avatar) = ("/settings/picture", "/settings/avatar");
    assert_eq!(browser.get(avatar).await.status, 404);
    let parts: [FormPart<'_>; 1] = [("picture", Some("me.svg"), PNG)];
    let saved = send_parts(&mut browser, path, &parts).await;
    assert_eq!(saved.location(), "/settings?done=picture");
    let page = browser.get(saved.location()).await;
    let shown = page.attribute(".menu img.avatar", "src").unwrap();
    assert!(shown.starts_with("/settings/avatar?v="), "{shown}");
    assert_eq!(page.attribute("main img.avatar", "src").unwrap(), shown);
    let image = browser.get(&shown).await;
    assert_eq!(image.header("content-type"), "image/jpeg");
    assert!(image.header("cache-control").starts_with("private, "));
    let csp = image.header("content-security-policy");
    assert!(csp.ends_with("sandbox"), "{csp}");

    let ann = site.find_user(ANN).await.id;
    let seen = format!("/manage/users/{ann}");
    site.user("boss@example.org", &[Role::Manager]).await;
    let mut boss = site.browser();
    boss.sign_in("boss@example.org", PASSWORD).await;
    let card = boss.get(&seen).await;
    let address = card.attribute("main img.avatar", "src").unwrap();
    assert_eq!(boss.get(&address).await.header("cache-control"), "no-store");
    assert_eq!(boss.get(&shown).await.status, 404, "the own one alone");
    assert_eq!(boss.get("/manage/users/junk/avatar").await.status, 404);
    assert_eq!(browser.get(&address).await.status, 403);

    let remove = "/settings/picture/remove";
    for _ in 0..2 {
        let removed = browser.post(remove, remove, &[]).await;
        assert_eq!(removed.location(), "/settings?done=picture-removed");
    }
    let page = browser.get("/settings").await;
    assert!(page.attribute("img.avatar", "src").is_none());
    assert_eq!(boss.get(&address).await.status, 404);
}

#[tokio::test]
async fn what_is_no_photo_is_said_at_the_field_and_the_old_one_stays() {
    let site = Site::new();
    let (_, mut browser) = site.signed_in(ANN).await;
    let path = "/settings/picture";
    let parts: [FormPart<'_>; 1] = [("picture", Some("me.png"), PNG)];
    send_parts(&mut browser, path, &parts).await;
    let large = [PNG, &vec![0; PICTURE_MAX]].concat();
    for (file, words) in [
        (&b"<svg onload=alert(1)>"[..], "not a picture"),
        (&large, "too large"),
        (b"\x89PNG", "damaged"),
        (b"", "is missing"),
    ] {
        let name = if file.is_empty() { "" } else { "me.png" };
        let parts: [FormPart<'_>; 1] = [("picture", Some(name), file)];
        let refused = send_parts(&mut browser, path, &parts).await;
        assert_eq!(refused.status, 422, "{words}");
        let link = refused.attribute(".error-summary a", "href");
        assert_eq!(link.unwrap(), "#picture");
        assert!(refused.texts(".error-summary a")[0].contains(words));
        assert!(refused.attribute("main img.avatar", "src").is_some());
    }
    let bare = browser.post_bare(path, &[("picture", "x")]).await;
    assert_eq!(bare.status, 403, "no token");
}
