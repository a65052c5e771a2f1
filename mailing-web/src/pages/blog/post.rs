//! One post.

use mailing_core::error::Error;
use mailing_core::ports::store::PostLink;
use mailing_core::post::{PictureSize, Slug, Visit};
use mailing_core::services::BlogPost;
use poem::http::header;
use poem::web::Path;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::card::spoken;
use super::{Img, PATH, missing};
use crate::error::PageError;
use crate::i18n::{Args, Locale};
use crate::site::TheSite;
use crate::templates::Page;
use crate::view::{Link, Moment, number};
use crate::visitor::Visitor;

#[derive(Serialize)]
struct Post {
    title: String,
    lang: &'static str,
    date: Moment,
    views: String,
    img: Option<Img>,
    /// Sanitised by the core: what alone a template may mark as safe.
    html: String,
    /// The whole address, which search engines and readers take along.
    url: String,
    image: Option<String>,
    description: String,
    share: Vec<Link>,
    previous: Option<Link>,
    next: Option<Link>,
}

impl Page for Post {
    const TEMPLATE: &'static str = "blog/post.html";

    fn title(&self, _: &Locale) -> String {
        self.title.clone()
    }
}

/// A post. Reading it is counted, unless a program reads.
#[handler]
pub(crate) async fn show(
    TheSite(site): TheSite,
    visitor: Visitor,
    req: &Request,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let visit = Visit {
        is_get: visitor.is_get(),
        ..visit(req)
    };
    match site.services.blog.post(&slug, &visit).await {
        Ok(post) => {
            let page = Post::new(visitor.locale(), site.settings.origin(), &post);
            site.page(&visitor, &page)
        }
        Err(Error::NotFound) => missing::answer(&site, &visitor, &slug).await,
        Err(error) => Err(error.into()),
    }
}

/// The page of a post.
pub(in crate::pages) fn address(slug: &Slug) -> String {
    format!("{PATH}/{slug}")
}

/// What a request tells about who reads. Browsers say when they only guess what will be read.
fn visit(req: &Request) -> Visit<'_> {
    let purpose = ["sec-purpose", "purpose", "x-moz"]
        .iter()
        .filter_map(|name| req.header(name));
    Visit {
        user_agent: req.header(header::USER_AGENT),
        is_get: true,
        is_prefetch: purpose.into_iter().any(|told| told.contains("prefetch")),
    }
}

impl Post {
    fn new(locale: &Locale, origin: &str, post: &BlogPost) -> Self {
        let card = &post.card;
        let picture = card.picture.as_ref();
        let img = picture.map(|picture| Img::new(picture, PictureSize::Page));
        let url = format!("{origin}{}", address(&card.slug));
        let views = Args::new().number("n", number(post.views));
        Self {
            title: card.title.as_str().to_owned(),
            lang: spoken(card.title.as_str()).tag(),
            date: Moment::new(card.published_at, locale.date(card.published_at)),
            views: locale.text("count-views", &views),
            image: img.as_ref().map(|img| format!("{origin}{}", img.src)),
            img,
            html: post.html.clone(),
            share: share(locale, card.title.as_str(), &url),
            url,
            description: card.summary.clone(),
            previous: post.previous.as_ref().map(link),
            next: post.next.as_ref().map(link),
        }
    }
}

fn link(to: &PostLink) -> Link {
    Link {
        url: address(&to.slug),
        label: to.title.as_str().to_owned(),
    }
}

/// Where a link can be sent without a script: only who follows one of these asks another site.
fn share(locale: &Locale, title: &str, url: &str) -> Vec<Link> {
    let query = |pairs: &[(&str, &str)]| serde_urlencoded::to_string(pairs).unwrap_or_default();
    // Mail programs take a plus for a plus.
    let mail = query(&[("subject", title), ("body", url)]).replace('+', "%20");
    let telegram = query(&[("url", url), ("text", title)]);
    [
        ("blog-share-mail", format!("mailto:?{mail}")),
        (
            "blog-share-telegram",
            format!("https://t.me/share/url?{telegram}"),
        ),
        (
            "blog-share-vk",
            format!("https://vk.com/share.php?{}", query(&[("url", url)])),
        ),
    ]
    .map(|(key, url)| Link {
        url,
        label: locale.text(key, &Args::new()),
    })
    .into()
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use super::card::sample;
    use crate::pages::samples::HOSTILE;

    let clean = HOSTILE.replace('\u{202e}', "");
    let to = |title: &str| {
        let card = sample(title, false);
        PostLink {
            title: card.title,
            slug: card.slug,
        }
    };
    let full = BlogPost {
        card: sample("Почему «ежемесячно» не значит «раз в 30 дней»", true),
        html: "<h2>Дни</h2><p>31 <em>января</em></p>".to_owned(),
        views: 312,
        previous: Some(to("Раньше")),
        next: Some(to(&clean)),
    };
    let bare = BlogPost {
        card: sample(&clean, false),
        html: String::new(),
        views: 1,
        previous: None,
        next: None,
    };
    [full, bare]
        .map(|post| Post::new(locale, "https://mailing.example.com", &post))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::pages::samples::locale;

    #[test]
    fn what_a_browser_only_guesses_is_no_visit() {
        let request = |name: &str, value: &str| Request::builder().header(name, value).finish();
        for (name, value) in [
            ("Sec-Purpose", "prefetch;prerender"),
            ("Purpose", "prefetch"),
            ("X-Moz", "prefetch"),
        ] {
            assert!(visit(&request(name, value)).is_prefetch, "{name}");
        }
        let read = request("User-Agent", "Firefox");
        assert!(!visit(&read).is_prefetch);
        assert_eq!(visit(&read).user_agent, Some("Firefox"));
    }

    #[test]
    fn a_title_goes_along_whole_wherever_the_link_is_sent() {
        let links = share(
            &locale(Lang::En),
            "1 + 1 & “more”",
            "https://a.example/blog/x",
        );
        assert_eq!(
            links[0].url,
            "mailto:?subject=1%20%2B%201%20%26%20%E2%80%9Cmore%E2%80%9D&\
             body=https%3A%2F%2Fa.example%2Fblog%2Fx"
        );
        assert!(
            links[1]
                .url
                .ends_with("&text=1+%2B+1+%26+%E2%80%9Cmore%E2%80%9D")
        );
    }
}
