//! The people of the walk, and the owner's objects that its addresses name.

use std::collections::BTreeMap;

use mailing_core::id::RecipientId;
use mailing_core::instance::FeedbackDraft;
use mailing_core::letter::Letter;
use mailing_core::links::UnsubscribeClaim;
use mailing_core::mailing::Mailing;
use mailing_core::message::FileHash;
use mailing_core::post::{PictureSize, Post};
use mailing_core::recipient::import::UploadChoices;
use mailing_core::services::{ExportOptions, NewFile, wait};
use mailing_core::testing::builders::{self, Owner};
use mailing_core::testing::system;
use mailing_core::user::{Language, Role as Right, UserState};
use tempfile::TempDir;

use super::{ROLES, Role};
use crate::browser::{Answer, Browser};
use crate::site::{PASSWORD, Site};

/// The content of the owner's file.
const FILE: &[u8] = b"a";

/// A name as nobody should have it: markup, both quotes, template syntax. Every object bears it.
pub(super) const HOSTILE: &str = "Secret <script>x(\"1\")</script><img onerror=x()>' {{ 7*7 }}";

/// What an owner may try to get into a reader's page.
const HOSTILE_BODY: &str = "<script>alert(1)</script><a href=\"javascript:alert(1)\" onclick=x()>x</a>\n\
    <svg onload=alert(1)>\n[x](javascript:alert(1)) <base href=//evil.example>";

/// The site on SQLite with the users of all roles.
pub(super) struct World {
    pub(super) site: Site,
    pub(super) owner: Owner,
    cookies: BTreeMap<Role, BTreeMap<String, String>>,
    /// Gone with the world.
    _folder: TempDir,
}

impl World {
    pub(super) async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let site = Site::on_sqlite(folder.path()).await;
        let owner = site.user(login(Role::Owner), &[]).await;
        for role in ROLES {
            let rights: &[_] = match role {
                Role::Guest | Role::Owner => continue,
                Role::Blocked | Role::Other => &[],
                Role::Manager => &[Right::Manager],
                Role::ContentManager => &[Right::ContentManager],
                Role::Administrator => &[Right::Administrator],
            };
            site.user(login(role), rights).await;
        }
        let mut world = Self {
            site,
            owner,
            cookies: BTreeMap::new(),
            _folder: folder,
        };
        for role in ROLES {
            world.sign_in(role).await;
        }
        let mut blocked = world.site.find_user(login(Role::Blocked)).await;
        blocked.state = UserState::Blocked {
            at: world.site.now(),
            reason: "Complaints".to_owned(),
        };
        world.site.save_user(&blocked).await;
        world
    }

    /// A browser of somebody of this role, at the form of whichever page.
    pub(super) fn browser(&self, role: Role) -> Browser<'_> {
        let mut browser = self.site.browser();
        browser.cookies.clone_from(&self.cookies[&role]);
        browser
    }

    /// Signs in whoever signs in, and notes the cookies.
    pub(super) async fn sign_in(&mut self, role: Role) {
        let mut browser = self.site.browser();
        if role == Role::Guest {
            browser.get("/login").await;
        } else {
            let answer = browser.sign_in(login(role), PASSWORD).await;
            assert_eq!(answer.status, 303, "{role:?}: {}", answer.body);
        }
        let cookies = browser.cookies;
        self.cookies.insert(role, cookies);
    }

    /// Signs in again whose session the form has ended.
    pub(super) async fn sign_in_again(&mut self, role: Role) {
        let signs_in = !matches!(role, Role::Guest | Role::Blocked);
        if signs_in && self.browser(role).get("/overview").await.status != 200 {
            self.sign_in(role).await;
        }
    }

    /// The token of this role's forms.
    pub(super) async fn token(&self, role: Role) -> String {
        let page = match role {
            Role::Guest => "/login",
            // Nothing of theirs is read any more.
            Role::Blocked => return String::new(),
            _ => "/overview",
        };
        self.browser(role).token(page).await
    }

    /// What a route answers to this role.
    pub(super) async fn ask(&self, role: Role, method: &str, path: &str, form: &Form) -> Answer {
        let mut browser = self.browser(role);
        if method == "GET" {
            return browser.get(path).await;
        }
        let mut fields: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let token = self.token(role).await;
        fields.push(("csrf", &token));
        browser.post_bare(path, &fields).await
    }

    /// The address of a route, with an object of the owner's that was made for it.
    pub(super) async fn address(&self, route: &str) -> String {
        let mut path = route
            .replace(":number", "1")
            .replace(":name", "style.css")
            .replace(":what", "address")
            .replace(":file", &FileHash::of(FILE).to_string());
        if path.contains(":id") {
            path = path.replace(":id", &self.object(route).await);
        }
        if path.contains(":slug") {
            path = path.replace(":slug", self.post().await.slug.as_str());
        }
        if path.contains(":picture") {
            let picture = self.post().await.picture.unwrap();
            path = path.replace(":picture", &picture.name(PictureSize::Card).to_string());
        }
        if path.contains(":token") {
            path = path.replace(":token", &self.link(route).await);
        }
        path
    }

    /// The id that stands in a route. More special beginnings come first.
    async fn object(&self, route: &str) -> String {
        let parts: Vec<_> = route.split('/').collect();
        let ann = &self.owner.actor;
        match parts[..] {
            ["", "recipients", ":id", "restore"] => {
                let id = self.recipient().await;
                let made = self.site.services.recipients.delete(ann, id).await;
                made.map(|()| id.to_string()).unwrap()
            }
            ["", "recipients", "import", ..] => self.upload().await,
            ["", "recipients", "exports", ..] => self.export().await,
            ["", "recipients", "imports", ..] => {
                let import = builders::import().of(&self.owner);
                import.saved(self.store()).await.id.to_string()
            }
            ["", "recipients", ..] => self.recipient().await.to_string(),
            ["", "lists", ..] => {
                let name = format!("{HOSTILE} {}", self.distinct());
                let list = builders::list().of(&self.owner).named(&name);
                list.saved(self.store()).await.id.to_string()
            }
            ["", "messages", ":id", "undelete"] => {
                let id = self.message().await.id;
                let made = self.site.services.messages.delete(ann, id).await;
                made.map(|()| id.to_string()).unwrap()
            }
            ["", "messages", ":id", "files", ..] => {
                let id = self.message().await.id;
                let file = NewFile {
                    name: "Secret file.txt",
                    data: FILE,
                };
                let made = self.site.services.messages.attach(ann, id, &[file]).await;
                made.map(|_| id.to_string()).unwrap()
            }
            ["", "messages", ..] => self.message().await.id.to_string(),
            ["", "content", "posts", ":id", "undelete"] => {
                let post = self.post().await.id;
                let mut unit = self.store().write().await.unwrap();
                let (scope, now) = (self.owner.posts(), self.site.now());
                assert!(unit.posts().delete(&scope, post, now).await.unwrap());
                unit.commit().await.unwrap();
                post.to_string()
            }
            ["", "content", "posts", ..] => self.post().await.id.to_string(),
            ["", "mailings", ":id", "review" | "launch"] => {
                self.draft("2026-12-02T09:00").await.id.to_string()
            }
            ["", "mailings", ":id", "launch-now"] => {
                self.draft("2026-02-02T09:00").await.id.to_string()
            }
            ["", "mailings", ..] | ["", "manage", "mailings", ..] => {
                self.mailing().await.id.to_string()
            }
            ["", "manage", "users", ..] => {
                let user = builders::owner().saved(self.store()).await.id();
                let mut unit = self.store().write().await.unwrap();
                let (users, scope) = (unit.users(), system());
                users.keep_avatar(&scope, user, b"\x89PNG").await.unwrap();
                unit.commit().await.unwrap();
                user.to_string()
            }
            ["", "manage", "feedback", ..] => self.feedback().await,
            ["", "runs", ..] | ["", "manage", "runs", ..] => self.run().await,
            ["", "deliveries", ..] => format!("{}-1", self.run().await),
            ["", "settings", "senders", ..] => self.sender().await,
            ["", "system", "outbox", ..] => "1".to_owned(),
            _ => panic!("say in walk/scene.rs which object stands in {route}"),
        }
    }

    /// The key that stands in a route.
    async fn link(&self, route: &str) -> String {
        if route.starts_with("/u/") {
            let claim = UnsubscribeClaim {
                owner: self.owner.id(),
                recipient: self.recipient().await,
                run: builders::id(builders::start()),
            };
            return self.site.links.unsubscribe_token(&claim);
        }
        let services = &self.site.services;
        if route.starts_with("/password/") {
            let email = login(Role::Owner);
            services.passwords.ask(email, "walk").await.unwrap();
        } else {
            let id = self.sender().await.parse().unwrap();
            services
                .senders
                .resend(&self.owner.actor, id)
                .await
                .unwrap();
        }
        match self.site.letters().await.pop() {
            Some((_, Letter::ResetPassword { token } | Letter::VerifySender { token, .. })) => {
                token.reveal().to_owned()
            }
            other => panic!("{route}: {other:?}"),
        }
    }

    /// What somebody wrote on the contacts page.
    async fn feedback(&self) -> String {
        let at = self.site.now();
        let draft = FeedbackDraft {
            name: "Secret writer".to_owned(),
            email: "writer@example.net".to_owned(),
            phone: String::new(),
            text: HOSTILE.to_owned(),
        };
        let written = draft.check(builders::id(at), at, Language::En).unwrap();
        let form = builders::id(at);
        let mut unit = self.store().write().await.unwrap();
        unit.feedback()
            .add(&system(), &written, form)
            .await
            .unwrap();
        unit.commit().await.unwrap();
        written.id.to_string()
    }

    async fn recipient(&self) -> RecipientId {
        let at = format!("customer-{}@example.net", self.distinct());
        let person = builders::recipient().of(&self.owner).at(&at);
        let person = person.named(HOSTILE).comment(HOSTILE);
        let person = person.with("note", HOSTILE);
        person.saved(self.store()).await.id
    }

    /// A file whose columns are asked for.
    async fn upload(&self) -> String {
        let (uploads, ann) = (&self.site.services.uploads, &self.owner.actor);
        let content = b"email\nnew@example.net\n";
        let id = uploads.begin(ann, "Secret.csv").await.unwrap().id;
        uploads.put(ann, id, 0, content).await.unwrap();
        let octets = Some(content.len() as u64);
        let looker = (uploads.clone(), ann.clone());
        let looked = tokio::task::spawn_blocking(move || {
            let (uploads, ann) = looker;
            wait(uploads.look(&ann, id, octets, UploadChoices::default()))
        });
        looked.await.unwrap().unwrap().id.to_string()
    }

    /// An export that is ready, whatever else the owner has asked for.
    async fn export(&self) -> String {
        let (exports, work) = (&self.site.services.exports, &self.site.services.export_work);
        let prepare = async || {
            while let Some(job) = work.claim().await.unwrap() {
                work.run(job).await.unwrap();
            }
        };
        prepare().await;
        let everybody = ExportOptions::default();
        let asked = exports.prepare(&self.owner.actor, &everybody).await;
        let id = asked.unwrap().id;
        prepare().await;
        id.to_string()
    }

    async fn message(&self) -> mailing_core::message::Message {
        let message = builders::message().of(&self.owner);
        let message = message
            .subject("Secret <b>\"' {% include x %}")
            .body(HOSTILE_BODY);
        message.saved(self.store()).await
    }

    /// A post that readers see.
    async fn post(&self) -> Post {
        let post = builders::post()
            .of(&self.owner)
            .titled(HOSTILE)
            .lead(HOSTILE);
        let post = post.content(HOSTILE_BODY).published(self.site.now());
        let post = post.picture(&builders::picture(b"\x89PNG"));
        post.saved(self.store()).await
    }

    async fn mailing(&self) -> Mailing {
        let (message, person) = (self.message().await, self.recipient().await);
        let mailing = builders::mailing().of(&self.owner).named(HOSTILE);
        let mailing = mailing.message(message.id).to(&[person]);
        let mailing = mailing.daily("2026-03-02T09:00");
        mailing.saved(self.store()).await
    }

    /// A mailing that is to be launched.
    async fn draft(&self, once: &str) -> Mailing {
        let (message, person) = (self.message().await, self.recipient().await);
        let mailing = builders::mailing().of(&self.owner).named(HOSTILE);
        let mailing = mailing.message(message.id).to(&[person]);
        let mailing = mailing.once(once).draft();
        mailing.saved(self.store()).await
    }

    async fn run(&self) -> String {
        let mailing = self.mailing().await;
        let due = builders::run().due(self.store(), &self.owner, &mailing);
        let run = due.await;
        builders::freeze(self.store(), run, self.site.now()).await;
        run.to_string()
    }

    /// One of each, for the lists.
    pub(super) async fn furnish(&self) {
        for route in [
            "/lists/:id",
            "/runs/:id",
            "/settings/senders/:id/remove",
            "/content/posts/:id",
        ] {
            self.object(route).await;
        }
    }

    async fn sender(&self) -> String {
        let at = format!("shop-{}@example.net", self.distinct());
        let sender = builders::sender().of(&self.owner).at(&at).unverified();
        let sender = sender.named("Shop <script>alert(1)</script>' {{ 7*7 }}");
        sender.saved(self.store()).await.id.to_string()
    }

    fn store(&self) -> &dyn mailing_core::ports::Store {
        self.site.store.as_ref()
    }

    /// No two are alike.
    fn distinct(&self) -> String {
        let id: RecipientId = builders::id(self.site.now());
        id.to_string()
    }
}

pub(super) type Form = [(String, String)];

fn login(role: Role) -> &'static str {
    match role {
        Role::Guest => "",
        Role::Blocked => "blocked@example.org",
        Role::Other => "other@example.org",
        Role::Manager => "manager@example.org",
        Role::ContentManager => "content@example.org",
        Role::Administrator => "administrator@example.org",
        Role::Owner => "ann@example.org",
    }
}
