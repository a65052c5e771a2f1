//! Nothing is lost by one press: each form loses nothing, or can be taken back on the page that follows,
//! or was asked about on a page before. [`consequence`] says which; the walk presses the button and
//! looks. A new route that changes something has no place here, and fails.

use std::time::Duration;

use mailing_core::ports::store::{MailingFilter, PageRequest, RecipientFilter};
use mailing_web::routes;
use poem::http::Method;
use scraper::{Html, Selector};

use super::scene::World;
use super::{Role, Row, rows};
use crate::browser::Answer;

/// What comes of a form.
#[derive(Debug, Clone, Copy)]
enum Consequence {
    /// Something is made, saved, or brought back; nothing is less than before.
    NothingLost,
    /// Something ends that whoever ended it makes again by themselves, as easily.
    MadeAgain,
    /// The sentence that follows has a button that takes it back by this route.
    Undo(&'static str),
    /// The page that follows has the way to its opposite.
    Opposite(&'static str),
    /// This page asks, and its form does it.
    Asked(&'static str),
}

#[rustfmt::skip]
fn consequence(path: &str) -> Option<Consequence> {
    use Consequence::{Asked, MadeAgain, NothingLost, Opposite, Undo};
    Some(match path {
        "/contacts" | "/help/key" | "/language" | "/theme" => NothingLost,
        "/login" | "/login/code" | "/register" | "/verify" | "/verify/:token" => NothingLost,
        "/password/reset" | "/password/reset/:token" => NothingLost,
        "/logout" | "/settings/sessions/end" | "/settings/sessions/end-others" => MadeAgain,
        "/u/:token" => Asked("/u/:token"),

        "/content/posts" | "/content/posts/:id/edit" | "/content/posts/:id/picture" => NothingLost,
        "/content/posts/preview" | "/content/posts/:id/preview" => NothingLost,
        "/content/posts/:id/picture/remove" => Asked("/content/posts/:id/picture/remove"),
        "/content/posts/:id/publish" => Asked("/content/posts/:id/publish"),
        "/content/posts/:id/unpublish" => Undo("/content/posts/:id/publish"),
        "/content/posts/:id/delete" => Undo("/content/posts/:id/undelete"),
        "/content/posts/:id/undelete" => NothingLost,

        "/settings" | "/settings/password" | "/settings/address" => NothingLost,
        "/settings/picture" | "/settings/code" | "/settings/code/confirm" => NothingLost,
        "/settings/picture/remove" => Asked("/settings/picture/remove"),
        "/settings/code/off" => Asked("/settings/code/off"),
        "/settings/senders" | "/settings/senders/:id/resend" => NothingLost,
        "/settings/senders/:id/remove" => Asked("/settings/senders/:id/remove"),
        "/settings/delete" => Asked("/settings/delete"),

        "/recipients" | "/recipients/:id" | "/recipients/undelete" => NothingLost,
        "/recipients/:id/restore" => NothingLost,
        "/recipients/:id/delete" | "/recipients/bulk" => Undo("/recipients/undelete"),
        "/recipients/exports" => NothingLost,
        // The recipients stay, and so does the file on the disk of whoever chose it.
        "/recipients/exports/:id/discard" | "/recipients/import/:id/discard" => MadeAgain,
        "/recipients/import" | "/recipients/import/:id" => NothingLost,
        "/recipients/import/:id/start" => Opposite("/recipients/imports/:id/undo"),
        "/recipients/imports/:id/undo" => Asked("/recipients/imports/:id/undo"),
        "/lists" | "/lists/:id" => NothingLost,
        "/lists/:id/delete" => Asked("/lists/:id/delete"),
        "/suppressions" => Undo("/suppressions/remove"),
        "/suppressions/remove" => Undo("/suppressions"),

        "/mailings" | "/mailings/:id/edit" | "/mailings/:id/duplicate" => NothingLost,
        "/mailings/:id/launch" | "/mailings/:id/launch-now" => Asked("/mailings/:id/review"),
        "/mailings/:id/send" => Asked("/mailings/:id/send"),
        "/mailings/:id/pause" => Opposite("/mailings/:id/resume"),
        "/mailings/:id/resume" => Opposite("/mailings/:id/pause"),
        "/mailings/:id/finish" => Asked("/mailings/:id/finish"),
        "/mailings/:id/reopen" => Opposite("/mailings/:id/finish"),
        "/mailings/:id/delete" => Asked("/mailings/:id/delete"),
        "/mailings/:id/undelete" => NothingLost,
        "/runs/:id/pause" => Opposite("/runs/:id/resume"),
        "/runs/:id/resume" => Opposite("/runs/:id/pause"),
        "/runs/:id/retry" => Asked("/runs/:id/retry"),

        "/messages" | "/messages/:id/edit" | "/messages/:id/autosave" => NothingLost,
        "/messages/:id/files" | "/messages/:id/undelete" => NothingLost,
        // The version before stays in the history.
        "/messages/:id/history/:number" => NothingLost,
        "/messages/:id/files/remove" => Undo("/messages/:id/history/:number"),
        "/messages/:id/discard" => Asked("/messages/:id/discard"),
        "/messages/:id/delete" => Undo("/messages/:id/undelete"),

        "/manage/mailings/:id/disable" => Asked("/manage/mailings/:id/disable"),
        "/manage/mailings/:id/enable" => Asked("/manage/mailings/:id/enable"),
        "/manage/users/:id/block" => Asked("/manage/users/:id/block"),
        "/manage/users/:id/unblock" => Asked("/manage/users/:id/unblock"),
        "/manage/users/:id/roles" => Asked("/manage/users/:id/roles"),
        "/manage/users/invite" => NothingLost,
        "/manage/feedback/:id/answer" => Undo("/manage/feedback/:id/reopen"),
        "/manage/feedback/:id/reopen" => Opposite("/manage/feedback/:id/answer"),
        "/manage/feedback/:id/delete" => Undo("/manage/feedback/:id/undelete"),
        "/manage/feedback/:id/undelete" => NothingLost,
        "/manage/settings" | "/system/check" => NothingLost,
        _ => return None,
    })
}

#[tokio::test]
async fn nothing_is_lost_by_one_press() {
    let mut world = World::new().await;
    for row in rows().iter().filter(|row| row.method == "POST") {
        let said = consequence(row.path).unwrap_or_else(|| {
            panic!("say in walk/consequences.rs how {} is taken back", row.path)
        });
        let role = doer(row);
        match said {
            Consequence::NothingLost => loses_nothing(&world, row, role).await,
            Consequence::MadeAgain => {}
            Consequence::Undo(route) => is_taken_back(&world, row, role, route).await,
            Consequence::Opposite(route) => leads_to(&world, row, role, route).await,
            Consequence::Asked(page) => is_asked(&world, row, role, page).await,
        }
        world.sign_in_again(role).await;
        world.site.clock.advance(Duration::from_secs(60));
    }
}

/// Who may do it.
fn doer(row: &Row) -> Role {
    let refused: &[_] = match row.names_an_object() {
        true => &["login", "403", "404"],
        false => &["login", "403"],
    };
    let may = |role: &Role| !refused.contains(&row.expected(*role));
    let roles = [
        Role::Owner,
        Role::ContentManager,
        Role::Manager,
        Role::Administrator,
    ];
    roles
        .into_iter()
        .find(may)
        .unwrap_or_else(|| panic!("nobody may {}", row.path))
}

async fn press(world: &World, row: &Row, role: Role) -> (String, Answer) {
    let (address, fields) = scene(world, row).await;
    let answer = world.ask(role, "POST", &address, &fields).await;
    (address, answer)
}

/// Where the form goes and what it says; where the table's form would do nothing, one that does.
async fn scene(world: &World, row: &Row) -> (String, Vec<(String, String)>) {
    let mut fields = row.fields.clone();
    match row.path {
        "/recipients/bulk" => {
            let one = world.address("/recipients/:id").await;
            let id = one.rsplit('/').next().unwrap();
            fields.push(("id".to_owned(), id.to_owned()));
        }
        "/suppressions/remove" => {
            world
                .ask(Role::Owner, "POST", "/suppressions", &fields)
                .await;
        }
        "/recipients/import/:id/start" => {
            let address = world.address(row.path).await;
            let columns = [("column_1", "email"), ("mode", "skip")];
            let columns = columns.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let checked = address.trim_end_matches("/start");
            world.ask(Role::Owner, "POST", checked, &columns).await;
            return (address, fields);
        }
        "/mailings/:id/resume" | "/runs/:id/resume" => {
            let address = world.address(row.path).await;
            let pause = address.replace("/resume", "/pause");
            world.ask(Role::Owner, "POST", &pause, &[]).await;
            return (address, fields);
        }
        "/mailings/:id/reopen" => {
            let address = world.address(row.path).await;
            let finish = address.replace("/reopen", "/finish");
            world.ask(Role::Owner, "POST", &finish, &[]).await;
            return (address, fields);
        }
        _ => {}
    }
    (world.address(row.path).await, fields)
}

/// After the form there is at least as much of everything as before.
async fn loses_nothing(world: &World, row: &Row, role: Role) {
    let (address, fields) = scene(world, row).await;
    let before = counted(world).await;
    world.ask(role, "POST", &address, &fields).await;
    let after = counted(world).await;
    let fewer = before
        .iter()
        .zip(&after)
        .any(|(before, after)| after < before);
    assert!(!fewer, "{}: {before:?} became {after:?}", row.path);
}

/// The next page has the button, and the button works.
async fn is_taken_back(world: &World, row: &Row, role: Role, route: &str) {
    let (address, fields) = scene(world, row).await;
    let mut browser = world.browser(role);
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let done = browser.post("/overview", &address, &fields).await;
    assert_eq!(done.status, 303, "{}", row.path);
    let next = browser.get(done.location()).await;
    let undo = next.attribute(".alert-flash form", "action");
    let undo = undo.unwrap_or_else(|| panic!("{} has no button that takes it back", row.path));
    assert!(
        is_at(route, &undo),
        "{}: {undo} instead of {route}",
        row.path
    );
    let fields = next.fields(".alert-flash form");
    let fields: Vec<_> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let undone = browser.post_bare(&undo, &fields).await;
    assert_eq!(undone.status, 303, "{undo}");
}

/// The next page has a form or a link to the opposite.
async fn leads_to(world: &World, row: &Row, role: Role, route: &str) {
    let (address, done) = press(world, row, role).await;
    assert_eq!(done.status, 303, "{address}");
    let next = world.browser(role).get(done.location()).await;
    let ways = targets(&next, "main form[action]", "action")
        .into_iter()
        .chain(targets(&next, "main a[href]", "href"));
    let found = ways.into_iter().any(|way| is_at(route, &way));
    assert!(found, "{}: nothing leads to {route}", row.path);
}

/// The page that asks has the form that does it; nothing else has happened by looking at it.
async fn is_asked(world: &World, row: &Row, role: Role, page: &str) {
    let has_page = routes().any(|r| r.method == Method::GET && r.path == page);
    assert!(
        has_page,
        "{} is asked on {page}, which there is not",
        row.path
    );
    let own = world.address(row.path).await;
    let parts = page.split('/').zip(own.split('/'));
    let named = parts.map(|(part, real)| if part.starts_with(':') { real } else { part });
    let asked = named.collect::<Vec<_>>().join("/");
    let answer = world.browser(role).get(&asked).await;
    assert_eq!(answer.status, 200, "{asked}");
    let forms = targets(&answer, "main form[method=post]", "action");
    let does = |target: &String| target.is_empty() || is_at(row.path, target);
    assert!(forms.iter().any(does), "{}: {page} has {forms:?}", row.path);
}

/// The values of an attribute; an absent one is empty.
fn targets(page: &Answer, css: &str, attribute: &str) -> Vec<String> {
    let document = Html::parse_document(&page.body);
    let css = Selector::parse(css).unwrap();
    let values = document
        .select(&css)
        .map(|e| e.value().attr(attribute).unwrap_or_default());
    values.map(str::to_owned).collect()
}

/// True when an address is one of this route.
fn is_at(route: &str, address: &str) -> bool {
    let address = address.split('?').next().unwrap_or_default();
    let (route, address): (Vec<_>, Vec<_>) =
        (route.split('/').collect(), address.split('/').collect());
    let same = |(part, real): (&&str, &&str)| part.starts_with(':') || part == real;
    route.len() == address.len() && route.iter().zip(&address).all(same)
}

/// How much the owner has of each thing that could get lost.
async fn counted(world: &World) -> [usize; 5] {
    let (services, ann) = (&world.site.services, &world.owner.actor);
    let request = PageRequest::first(1_000);
    let filter = RecipientFilter::default();
    let recipients = services
        .recipients
        .page(ann, &filter, &request)
        .await
        .unwrap();
    let lists = services.recipients.lists(ann).await.unwrap();
    let messages = services.messages.page(ann, &request).await.unwrap();
    let mailings = MailingFilter::default();
    let mailings = services
        .mailings
        .page(ann, &mailings, &request)
        .await
        .unwrap();
    let senders = services.senders.list(ann).await.unwrap();
    [
        recipients.items.len(),
        lists.len(),
        messages.items.len(),
        mailings.items.len(),
        senders.len(),
    ]
}
