//! The blog as everybody reads it.

use std::time::Duration;

use chrono::TimeDelta;
use mailing_core::ports::Store as _;
use mailing_core::post::{PictureSize, Post};
use mailing_core::testing::builders::{PostBuilder, picture, post};
use mailing_core::user::Role;
use poem::http::Method;

use crate::browser::Browser;
use crate::site::{HOST, Site};

const PNG: &[u8] = b"\x89PNG picture";

/// A post that was published an hour ago.
async fn published(site: &Site, written: PostBuilder) -> Post {
    let at = site.now() - TimeDelta::hours(1);
    written.published(at).saved(site.store.as_ref()).await
}

/// A browser as people have it.
fn reader(site: &Site) -> Browser<'_> {
    let mut browser = site.browser();
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    browser.headers.insert("user-agent", firefox.to_owned());
    browser
}

#[tokio::test]
async fn an_empty_blog_says_so_and_the_home_page_has_none() {
    let site = Site::new();
    let mut guest = site.browser();
    let blog = guest.get("/blog").await;
    assert_eq!(
        (blog.status, blog.texts("main h2")),
        (200, vec!["No posts yet".to_owned()])
    );
    assert!(guest.get("/").await.texts(".posts").is_empty());
}

#[tokio::test]
async fn readers_see_what_is_published_and_nothing_else() {
    let site = Site::new();
    let seen = published(&site, post().titled("Seen").lead("What it is about")).await;
    let draft = post().titled("Draft").saved(site.store.as_ref()).await;
    let tomorrow = site.now() + TimeDelta::days(1);
    let planned = post().titled("Planned").published(tomorrow);
    let planned = planned.saved(site.store.as_ref()).await;
    let mut guest = site.browser();
    let blog = guest.get("/blog").await;
    assert_eq!(blog.texts(".posts h2"), ["Seen"]);
    assert_eq!(blog.texts(".posts .clamp"), ["What it is about"]);
    assert_eq!(guest.get(&format!("/blog/{}", seen.slug)).await.status, 200);
    for hidden in [&draft, &planned] {
        let missing = guest.get(&format!("/blog/{}", hidden.slug)).await;
        assert_eq!(missing.status, 404);
        assert_eq!(
            missing.attribute("main a.btn", "href").as_deref(),
            Some("/blog")
        );
    }
    site.clock.advance(Duration::from_secs(25 * 60 * 60));
    assert_eq!(
        guest.get("/blog").await.texts(".posts h2"),
        ["Planned", "Seen"]
    );
}

#[tokio::test]
async fn posts_are_found_by_their_words_and_what_is_missing_can_be_looked_for() {
    let site = Site::new();
    for number in 1..=10 {
        let title = format!("Ёлка {number}");
        published(&site, post().titled(&title)).await;
    }
    published(&site, post().titled("Other").content("<b>Зима</b>")).await;
    let mut guest = site.browser();
    let missing = guest.get("/blog/no-such-post").await;
    assert_eq!(missing.status, 404);
    let form = missing.attribute("main form[role=search]", "action");
    assert_eq!(form.as_deref(), Some("/blog"));
    let q = missing.attribute("main form input[type=search]", "name");
    assert_eq!(q.as_deref(), Some("q"));
    let zima = "%D0%97%D0%98%D0%9C%D0%90";
    let found = guest.get(&format!("/blog?q={zima}")).await;
    assert_eq!(found.texts(".posts h2"), ["Other"]);
    assert_eq!(found.attribute("#q", "value").as_deref(), Some("ЗИМА"));
    let robots = found.attribute("meta[name=robots]", "content");
    assert_eq!(robots.as_deref(), Some("noindex"));
    let first = guest.get("/blog?q=%D1%91%D0%BB%D0%BA").await;
    assert_eq!(first.texts(".posts h2").len(), 9);
    let next = first.attribute(".pager a[rel=next]", "href").unwrap();
    let second = guest.get(&next).await;
    assert_eq!(second.texts(".posts h2"), ["Ёлка 1"], "{next}");
    for none in ["%25", "_", "%3Cscript%3E", &"a".repeat(2_000)] {
        let nothing = guest.get(&format!("/blog?q={none}")).await;
        assert_eq!(nothing.texts("main h2"), ["Nothing found"], "{none}");
        assert!(!nothing.body.contains("<script>"));
    }
    let blank = guest.get("/blog?q=%20").await;
    assert_eq!(blank.texts(".posts h2").len(), 9);
}

#[tokio::test]
async fn the_old_address_of_a_post_leads_to_the_new_one() {
    let site = Site::new();
    let mut post = published(&site, post().slug("one")).await;
    let author = site.user("carl@example.org", &[Role::ContentManager]).await;
    for slug in ["two", "three"] {
        (post.slug, post.version) = (slug.parse().unwrap(), post.version + 1);
        let mut unit = site.store.write().await.unwrap();
        assert!(unit.posts().save(&author.posts(), &post).await.unwrap());
        unit.commit().await.unwrap();
    }
    let mut guest = site.browser();
    for old in ["one", "two"] {
        let moved = guest.get(&format!("/blog/{old}")).await;
        assert_eq!((moved.status, moved.location()), (301, "/blog/three"));
        assert_eq!(moved.header("cache-control"), "no-store");
    }
    assert_eq!(guest.get("/blog/three").await.status, 200);
}

#[tokio::test]
async fn junk_is_no_address_of_a_post_or_a_picture() {
    let site = Site::new();
    let mut guest = site.browser();
    let long = "a".repeat(3_000);
    for junk in [
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "A",
        "%F0%9F%93%A7",
        "-",
        long.as_str(),
    ] {
        let missing = guest.get(&format!("/blog/{junk}")).await;
        assert_eq!(missing.status, 404, "{junk}");
        assert_eq!(
            guest.get(&format!("/blog/pictures/{junk}")).await.status,
            404,
            "{junk}"
        );
    }
    let unknown = format!("/blog/pictures/{}-card", "0".repeat(64));
    assert_eq!(guest.get(&unknown).await.status, 404);
    guest
        .headers
        .insert("accept", "application/json".to_owned());
    let problem = guest.get("/blog/nothing").await;
    assert_eq!(problem.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn a_post_has_its_text_and_what_search_engines_and_readers_take_along() {
    let site = Site::new();
    let written = post().titled("Why “monthly” <b>").lead("A lead & more");
    let written = written.content("## Days\n\nOn the *31st*<script>alert(1)</script>");
    let made = published(&site, written.picture(&picture(PNG))).await;
    let url = format!("/blog/{}", made.slug);
    let page = site.browser().get(&url).await;
    assert_eq!(page.texts("h1"), ["Why “monthly” <b>"]);
    assert_eq!(page.texts(".text h2"), ["Days"]);
    assert_eq!(page.texts(".text em"), ["31st"]);
    assert!(page.texts("script:not([src])").is_empty() && !page.body.contains("alert(1)"));
    let whole = format!("https://{HOST}{url}");
    for (css, attribute, value) in [
        ("link[rel=canonical]", "href", whole.as_str()),
        ("meta[property='og:url']", "content", &whole),
        ("meta[property='og:title']", "content", "Why “monthly” <b>"),
        ("meta[name=description]", "content", "A lead & more"),
        ("link[type='application/rss+xml']", "href", "/blog/feed.xml"),
        ("#address", "value", &whole),
        ("article img", "alt", "A picture"),
        ("article img", "width", "1216"),
        ("article img", "height", "912"),
    ] {
        assert_eq!(
            page.attribute(css, attribute).as_deref(),
            Some(value),
            "{css}"
        );
    }
    let image = page
        .attribute("meta[property='og:image']", "content")
        .unwrap();
    let src = page.attribute("article img", "src").unwrap();
    assert_eq!(image, format!("https://{HOST}{src}"));
}

#[tokio::test]
async fn a_picture_is_kept_for_ever_and_shut_into_a_sandbox() {
    let site = Site::new();
    let made = published(&site, post().picture(&picture(PNG))).await;
    let name = made.picture.unwrap().name(PictureSize::Card);
    let answer = site.browser().get(&format!("/blog/pictures/{name}")).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "image/jpeg")
    );
    let kept = "public, max-age=31536000, immutable";
    assert_eq!(answer.header("cache-control"), kept);
    assert!(
        answer
            .header("content-security-policy")
            .ends_with("sandbox")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("set-cookie").is_empty());
}

#[tokio::test]
async fn readers_are_counted_and_programs_are_not() {
    let site = Site::new();
    let made = published(&site, post()).await;
    let url = format!("/blog/{}", made.slug);
    let mut person = reader(&site);
    assert!(person.get(&url).await.texts(".post .lead")[0].ends_with("1 view"));
    person.send(Method::HEAD, &url, None).await;
    person.headers.insert("sec-purpose", "prefetch".to_owned());
    person.get(&url).await;
    let mut robot = site.browser();
    let name = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    robot.headers.insert("user-agent", name.to_owned());
    robot.get(&url).await;
    site.browser().get(&url).await;
    let again = reader(&site).get(&url).await;
    assert!(
        again.texts(".post .lead")[0].ends_with("2 views"),
        "{:?}",
        again.texts(".lead")
    );
}

#[tokio::test]
async fn the_list_goes_on_to_older_posts_and_each_leads_to_its_neighbours() {
    let site = Site::new();
    for n in 1..=11 {
        let at = site.now() - TimeDelta::hours(20 - n);
        let made = post()
            .titled(&format!("Post {n}"))
            .slug(&format!("post-no-{n}"));
        made.published(at).saved(site.store.as_ref()).await;
    }
    let mut guest = site.browser();
    let first = guest.get("/blog").await;
    let titles = first.texts(".posts h2");
    assert_eq!((titles.len(), titles[0].as_str()), (9, "Post 11"));
    let older = first.attribute(".pager [rel=next]", "href").unwrap();
    assert_eq!(
        guest.get(&older).await.texts(".posts h2"),
        ["Post 2", "Post 1"]
    );
    let post = guest.get("/blog/post-no-5").await;
    let to = |rel: &str| {
        post.attribute(&format!(".turn [rel={rel}]"), "href")
            .unwrap()
    };
    assert_eq!(
        (to("prev"), to("next")),
        ("/blog/post-no-4".into(), "/blog/post-no-6".into())
    );
    let junk = guest.get("/blog?after=%27%20OR%201%3D1").await;
    assert!(matches!(junk.status, 200 | 400 | 422), "{}", junk.status);
}

#[tokio::test]
async fn the_home_page_shows_three_posts_that_change() {
    let site = Site::new();
    for _ in 0..12 {
        published(&site, post()).await;
    }
    let mut guest = site.browser();
    let mut seen = Vec::new();
    for _ in 0..8 {
        let shown = guest.get("/").await.texts(".posts h3");
        assert_eq!(shown.len(), 3);
        seen.push(shown);
    }
    seen.dedup();
    assert!(seen.len() > 1, "{seen:?}");
}

#[tokio::test]
async fn what_is_cached_is_read_on_while_the_store_is_away() {
    let site = Site::new();
    let made = published(&site, post().titled("Kept")).await;
    let url = format!("/blog/{}", made.slug);
    let mut guest = site.browser();
    for path in ["/", "/blog", url.as_str()] {
        guest.get(path).await;
    }
    site.store.cut_off(true);
    assert_eq!(guest.get("/").await.texts(".posts h3"), ["Kept"]);
    assert_eq!(guest.get("/blog").await.texts(".posts h2"), ["Kept"]);
    assert_eq!(guest.get(&url).await.texts("h1"), ["Kept"]);
    assert_eq!(guest.get("/blog/other").await.status, 503);
}

#[tokio::test]
async fn programs_find_the_feed_the_map_and_what_they_may_read() {
    let site = Site::new();
    let made = published(&site, post().titled("Зима & <лето>")).await;
    let url = format!("https://{HOST}/blog/{}", made.slug);
    let mut guest = site.browser();
    let feed = guest.get("/blog/feed.xml").await;
    assert_eq!(
        feed.header("content-type"),
        "application/rss+xml; charset=utf-8"
    );
    assert!(
        feed.body.contains("<title>Зима &amp; &lt;лето&gt;</title>"),
        "{}",
        feed.body
    );
    assert!(feed.body.contains(&format!("<link>{url}</link>")));
    let map = guest.get("/sitemap.xml").await;
    assert!(
        map.body.contains(&format!("<loc>{url}</loc>")),
        "{}",
        map.body
    );
    let robots = guest.get("/robots.txt").await;
    assert!(
        robots
            .body
            .contains(&format!("Sitemap: https://{HOST}/sitemap.xml"))
    );
    for answer in [&feed, &map, &robots] {
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert!(answer.header("set-cookie").is_empty());
    }
}

#[tokio::test]
async fn the_menu_leads_guests_to_the_blog_and_writers_to_their_posts() {
    use mailing_core::user::Role;

    let site = Site::new();
    let guest = site.browser().get("/").await;
    assert_eq!(
        guest.texts(".menu li a"),
        ["Blog", "Contacts", "Sign in", "Create account"]
    );
    site.user("carl@example.org", &[Role::ContentManager]).await;
    let mut carl = site.browser();
    carl.sign_in("carl@example.org", crate::site::PASSWORD)
        .await;
    let page = carl.get("/overview").await;
    assert!(page.texts(".menu .nav-group").contains(&"Site".to_owned()));
    assert!(page.texts(".menu li a").contains(&"Posts".to_owned()));
    let (_, mut ann) = site.signed_in("ann@example.org").await;
    assert!(
        !ann.get("/overview")
            .await
            .texts(".menu li a")
            .contains(&"Posts".to_owned())
    );
    let outside = ann.get("/").await.texts(".menu li a");
    assert_eq!(outside, ["Blog", "Contacts", "Overview"]);
}
