//! An instance without people.

use mailing_web::FirstRun;

use crate::site::Site;

const COMMAND: &str = "./mailing --config '/srv/my mailing.toml' users create you@example.org";

fn fresh() -> Site {
    Site::with(|settings| {
        settings.host.first_run = Some(FirstRun {
            command: COMMAND.to_owned(),
            folder: "/srv".to_owned(),
            has_environment: true,
        });
    })
}

#[tokio::test]
async fn guests_are_led_to_the_first_administrator_until_there_is_one() {
    let site = fresh();
    let mut guest = site.browser();
    for path in ["/", "/login", "/register", "/login?next=/mailings"] {
        let page = guest.get(path).await;
        assert_eq!(
            (page.status, page.texts("h1")),
            (200, vec!["One step is left".to_owned()])
        );
        assert_eq!(page.texts("pre"), [COMMAND]);
        assert!(page.body.contains("/srv"), "{path}");
        assert!(page.body.contains("MAILING_"), "{path}");
        assert!(page.texts("input[type=password]").is_empty());
    }
    site.user("root@example.org", &[]).await;
    assert_eq!(guest.get("/login").await.texts("h1"), ["Sign in"]);
    assert_ne!(guest.get("/").await.texts("h1"), ["One step is left"]);
    assert_ne!(
        guest.get("/register").await.texts("h1"),
        ["One step is left"]
    );
}

#[tokio::test]
async fn while_it_cannot_be_known_the_ordinary_pages_stand() {
    let site = fresh();
    site.store.cut_off(true);
    let page = site.browser().get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.texts("pre").is_empty());
}
