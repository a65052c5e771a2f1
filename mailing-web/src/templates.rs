//! Rendering: tera with one function for texts and one filter for numbers.
//!
//! Templates hold no words. Everything that stands on a page is escaped, but for HTML that the core has
//! cleaned, in the few templates that the rules of the house name.

use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Kwargs, State, Tera, TeraResult, Value};

use crate::i18n::{Args, Lang, Locale, text};
use crate::view::Frame;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// What a page shows: a serialisable context, the template that it fits, and its title.
pub(crate) trait Page: Serialize {
    /// The template's path below `templates/`.
    const TEMPLATE: &'static str;

    /// Scripts of the page, by their names in `assets/`. Everything on it works without them.
    const SCRIPTS: &'static [&'static str] = &[];

    /// After how many seconds a browser without scripts asks for the page again.
    const REFRESH: Option<u32> = None;

    /// The words of the title; also the heading of most pages.
    fn title(&self, locale: &Locale) -> String;
}

/// All templates, parsed.
pub(crate) struct Templates(Tera);

impl Templates {
    /// Parses the embedded templates.
    pub(crate) fn load() -> Result<Self, tera::Error> {
        let mut tera = Tera::new();
        tera.register_function("t", translate);
        let files: Vec<_> = Files::iter()
            .filter_map(|name| Files::get(&name).map(|file| (name, file)))
            .map(|(name, file)| (name, String::from_utf8_lossy(&file.data).into_owned()))
            .collect();
        tera.add_raw_templates(files)?;
        Ok(Self(tera))
    }

    /// Renders a page inside its frame.
    pub(crate) fn render<P: Page>(
        &self,
        lang: Lang,
        frame: &Frame,
        page: &P,
    ) -> TeraResult<String> {
        self.render_as(P::TEMPLATE, lang, frame, page)
    }

    /// Renders a letter of the service's own.
    pub(crate) fn render_letter(&self, lang: Lang, letter: &impl Serialize) -> TeraResult<String> {
        let mut context = Context::new();
        context.insert("lang", lang.tag());
        context.insert("letter", letter);
        self.0.render("mail/letter.html", &context)
    }

    /// The same with a template that the caller chooses.
    pub(crate) fn render_as(
        &self,
        template: &str,
        lang: Lang,
        frame: &Frame,
        page: &impl Serialize,
    ) -> TeraResult<String> {
        let mut context = Context::new();
        context.insert("lang", lang.tag());
        context.insert("frame", frame);
        context.insert("page", page);
        self.0.render(template, &context)
    }
}

/// `t(key="…", n=…)`: the text of a key in the page's language.
fn translate(kwargs: Kwargs, state: &State) -> TeraResult<String> {
    let tag = state.get::<String>("lang")?.unwrap_or_default();
    let lang = tag.parse().unwrap_or_default();
    let key = kwargs.must_get::<&str>("key")?;
    let args = kwargs
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value)))
        .filter(|(name, _)| *name != "key")
        .fold(Args::new(), |args, (name, value)| {
            argument(args, name, value)
        });
    Ok(text(lang, key, &args))
}

fn argument(args: Args, name: &str, value: &Value) -> Args {
    let name = name.to_owned();
    match value.as_i64() {
        Some(number) => args.number(name, number),
        None => args.text(name, value.as_str().unwrap_or_default().to_owned()),
    }
}
