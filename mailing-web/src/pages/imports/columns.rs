//! The second step: what is in each column.

use mailing_core::error::{Error, FieldError};
use mailing_core::policy::Actor;
use mailing_core::recipient::List;
use mailing_core::recipient::import::{ColumnLook, Target, Upload, UploadChoices};
use mailing_core::services::wait;
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::{address, blocking, name_of, one, parent, steps, work_on};
use crate::error::PageError;
use crate::fields::Fields;
use crate::i18n::{Args, Locale};
use crate::site::{Around, Site, TheSite, see_other};
use crate::templates::Page;
use crate::view::{Choice, Fault, Field, Link, Opt, form_title, number};
use crate::visitor::{CurrentActor, Visitor};

/// Encodings that can be chosen, beside the file's own.
const ENCODINGS: [&str; 7] = [
    "UTF-8",
    "windows-1251",
    "KOI8-R",
    "IBM866",
    "UTF-16LE",
    "UTF-16BE",
    "windows-1252",
];

/// What may separate cells, by the name in the form.
const DELIMITERS: [(&str, char); 4] = [
    ("comma", ','),
    ("semicolon", ';'),
    ("tab", '\t'),
    ("bar", '|'),
];

#[derive(Serialize)]
struct Columns {
    parent: Link,
    steps: [String; 3],
    lead: String,
    url: String,
    discard: String,
    errors: Vec<Fault>,
    /// What is wrong with the columns as a whole.
    map: Field,
    rows: Vec<Row>,
    mode: Choice,
    list: Choice,
    new_list: Field,
    encoding: Choice,
    delimiter: Choice,
}

#[derive(Serialize)]
struct Row {
    name: String,
    values: Vec<String>,
    target: Choice,
    /// Mail goes to what stands here.
    required: bool,
}

impl Page for Columns {
    const TEMPLATE: &'static str = "imports/columns.html";

    fn title(&self, locale: &Locale) -> String {
        let title = locale.text("import-columns-title", &Args::new());
        form_title(locale, title, !self.errors.is_empty())
    }
}

/// What the form says.
struct Typed {
    choices: UploadChoices,
    new_list: String,
}

impl Typed {
    /// As the file has it: nothing yet, or what was said when its rows were counted.
    fn of(upload: &Upload, lists: &[(List, u64)]) -> Self {
        let choices = upload.details.choices.clone();
        let is_new = |name: &&String| !lists.iter().any(|(list, _)| list.name.as_str() == *name);
        let new_list = choices.list.as_ref().filter(is_new).cloned();
        Self {
            choices,
            new_list: new_list.unwrap_or_default(),
        }
    }

    fn read(fields: &Fields, columns: usize) -> Self {
        let new_list = fields.one("new_list").trim().to_owned();
        let chosen = [new_list.as_str(), fields.one("list")];
        let list = chosen.into_iter().find(|name| !name.is_empty());
        let pairs = (1..=columns).filter_map(|column| {
            let target = fields.one(&format!("column_{column}"));
            (!target.is_empty()).then(|| format!("{target}={column}"))
        });
        let encoding = fields.one("encoding");
        let delimiter = DELIMITERS
            .into_iter()
            .find(|(name, _)| *name == fields.one("delimiter"));
        Self {
            choices: UploadChoices {
                list: list.map(str::to_owned),
                mapping: Some(pairs.collect::<Vec<_>>().join(",")),
                update: fields.one("mode") == "update",
                encoding: (!encoding.is_empty()).then(|| encoding.to_owned()),
                delimiter: delimiter.map(|(_, sign)| sign),
            },
            new_list,
        }
    }

    /// What a column is to become, as the form has it.
    fn target(&self, column: usize, look: &ColumnLook) -> String {
        match &self.choices.mapping {
            None => look.target.clone().unwrap_or_default(),
            Some(mapping) => {
                let of_column = |pair: &str| {
                    let (target, number) = pair.rsplit_once('=')?;
                    (number.parse() == Ok(column)).then(|| target.to_owned())
                };
                mapping.split(',').find_map(of_column).unwrap_or_default()
            }
        }
    }
}

/// The columns of a file that was looked at.
pub(super) async fn page(
    site: &Site,
    visitor: &Visitor,
    actor: &Actor,
    upload: &Upload,
) -> Result<Response, PageError> {
    let lists = site.services.recipients.lists(actor).await?;
    let typed = Typed::of(upload, &lists);
    let page = Columns::new(visitor.locale(), upload, &typed, (&lists, &[]));
    site.page(visitor, &page)
}

/// Takes what the columns are and counts the rows; or looks at the file in another way.
#[handler]
pub(crate) async fn choose(
    TheSite(site): TheSite,
    visitor: Visitor,
    CurrentActor(actor): CurrentActor,
    Path(wanted): Path<String>,
    fields: Fields,
) -> Result<Response, PageError> {
    let upload = one(&site, &actor, &wanted).await?;
    let typed = Typed::read(&fields, upload.details.look.columns.len());
    let (id, choices) = (upload.id, typed.choices.clone());
    let uploads = site.services.uploads.clone();
    let done = if fields.has("look") {
        let looker = actor.clone();
        blocking(move || wait(uploads.look(&looker, id, None, choices))).await
    } else {
        uploads.check(&actor, id, choices).await.map_err(Into::into)
    };
    match done {
        Ok(upload) => {
            work_on(&site, &actor, &upload).await?;
            Ok(see_other(&address(id)))
        }
        // From an old page: where the file is now, its page tells.
        Err(PageError::Core(Error::Conflict(_))) => Ok(see_other(&address(id))),
        Err(PageError::Core(Error::Invalid(errors))) => {
            let lists = site.services.recipients.lists(&actor).await?;
            let errors = at_fields(errors, &typed);
            let page = Columns::new(visitor.locale(), &upload, &typed, (&lists, &errors));
            site.page_with(
                &visitor,
                &page,
                Around::Menu,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(error) => Err(error),
    }
}

/// The fields of the form have other names than the options of the service.
fn at_fields(errors: Vec<FieldError>, typed: &Typed) -> Vec<FieldError> {
    let renamed = errors.into_iter().map(|error| {
        let field = match error.field.as_ref() {
            "list" if !typed.new_list.is_empty() => "new_list",
            "file" => "encoding",
            _ => return error,
        };
        FieldError::new(field, error.refusal)
    });
    renamed.collect()
}

impl Columns {
    fn new(
        locale: &Locale,
        upload: &Upload,
        typed: &Typed,
        (lists, errors): (&[(List, u64)], &[FieldError]),
    ) -> Self {
        let say = |key: &str| locale.text(key, &Args::new());
        let look = &upload.details.look;
        let rows = (1..).zip(&look.columns).map(|(number, column)| {
            let chosen = typed.target(number, column);
            Row {
                name: if look.has_header {
                    column.name.clone()
                } else {
                    let args = Args::new().text("number", column.name.clone());
                    locale.text("import-column-number", &args)
                },
                values: column.values.clone(),
                required: chosen == "email",
                target: targets(locale, number, column, &chosen, errors),
            }
        });
        let url = address(upload.id);
        Self {
            parent: parent(locale),
            steps: steps(locale),
            lead: lead(locale, upload),
            discard: format!("{url}/discard"),
            url,
            errors: Fault::all(locale, errors),
            map: Field::new(locale, "map", "", errors),
            rows: rows.collect(),
            mode: mode(locale, typed),
            list: list(locale, typed, lists, errors),
            new_list: Field::new(locale, "new_list", typed.new_list.as_str(), errors)
                .labelled(locale, "import-new-list"),
            encoding: encoding(locale, upload, errors),
            delimiter: DELIMITERS.into_iter().fold(
                Choice::new(locale, "delimiter", errors),
                |choice, (name, sign)| {
                    let label = say(&format!("import-delimiter-{name}"));
                    choice.option(Opt::new(name, label, look.delimiter == String::from(sign)))
                },
            ),
        }
    }
}

fn lead(locale: &Locale, upload: &Upload) -> String {
    let look = &upload.details.look;
    let sign = look.delimiter.chars().next();
    let delimiter = DELIMITERS.into_iter().find(|(_, d)| Some(*d) == sign);
    let key = format!(
        "import-sign-{}",
        delimiter.map_or("comma", |(name, _)| name)
    );
    let args = Args::new()
        .text("name", name_of(locale, upload))
        .number("rows", number(look.rows))
        .text("encoding", look.encoding.clone())
        .text("sign", locale.text(&key, &Args::new()));
    locale.text("import-columns-lead", &args)
}

/// What a column may become.
fn targets(
    locale: &Locale,
    number: usize,
    column: &ColumnLook,
    chosen: &str,
    errors: &[FieldError],
) -> Choice {
    let named = Target::parse(&format!("attributes.{}", column.name)).ok();
    let attribute = match named {
        Some(Target::Attribute(key)) => key,
        _ => format!("column_{number}"),
    };
    let own = [
        format!("attributes.{attribute}"),
        chosen.to_owned(),
        column.target.clone().unwrap_or_default(),
    ];
    let mut offered: Vec<String> = ["", "email", "full_name", "comment"].map(Into::into).into();
    for target in own {
        if !offered.contains(&target) {
            offered.push(target);
        }
    }
    let name = format!("column_{number}");
    let options = offered.into_iter().map(|target| {
        let label = match target.strip_prefix("attributes.") {
            Some(key) => locale.text(
                "import-to-attribute",
                &Args::new().text("key", key.to_owned()),
            ),
            None => {
                let key = match target.as_str() {
                    "" => "import-to-nothing".to_owned(),
                    other => format!("import-to-{}", other.replace('_', "-")),
                };
                locale.text(&key, &Args::new())
            }
        };
        let is_chosen = target == chosen;
        Opt::new(target, label, is_chosen)
    });
    let choice = Choice::new(locale, name, errors).named(column.name.clone());
    choice.options(options)
}

fn mode(locale: &Locale, typed: &Typed) -> Choice {
    let option = |value: &'static str, chosen| {
        let say = |key: String| locale.text(&key, &Args::new());
        Opt::new(value, say(format!("import-mode-{value}")), chosen)
    };
    let update = locale.text("import-mode-update-note", &Args::new());
    Choice::new(locale, "mode", &[])
        .labelled(locale, "import-mode")
        .option(option("skip", !typed.choices.update))
        .option(option("update", typed.choices.update).noted(update))
}

fn list(locale: &Locale, typed: &Typed, lists: &[(List, u64)], errors: &[FieldError]) -> Choice {
    let chosen = typed.choices.list.as_deref().unwrap_or_default();
    let none = locale.text("import-no-list", &Args::new());
    let options = lists.iter().map(|(list, members)| {
        let name = list.name.as_str();
        let is_chosen = typed.new_list.is_empty() && name == chosen;
        Opt::new(name, name, is_chosen).noted(locale.count(number(*members)))
    });
    Choice::new(locale, "list", errors)
        .labelled(locale, "import-list")
        .option(Opt::new("", none, chosen.is_empty()))
        .options(options)
}

fn encoding(locale: &Locale, upload: &Upload, errors: &[FieldError]) -> Choice {
    let present = upload.details.look.encoding.as_str();
    let own = (!ENCODINGS.contains(&present)).then_some(present);
    let names = own.into_iter().chain(ENCODINGS);
    Choice::new(locale, "encoding", errors)
        .options(names.map(|name| Opt::new(name, name, name == present)))
}

#[cfg(test)]
pub(in crate::pages) fn samples(locale: &Locale) -> Vec<impl Page + use<>> {
    use mailing_core::code;
    use mailing_core::testing::builders;

    use crate::pages::samples::{HOSTILE, upload};

    let lists = [(builders::list().named(HOSTILE).build(), 980)];
    let upload = upload();
    let typed = Typed::of(&upload, &lists);
    let wrong = Typed {
        choices: UploadChoices {
            mapping: Some("full_name=1,attributes.other=2".to_owned()),
            update: true,
            ..UploadChoices::default()
        },
        new_list: HOSTILE.to_owned(),
    };
    let errors = [
        FieldError::new("map", code::IMPORT_NO_EMAIL_COLUMN),
        FieldError::new("new_list", code::CONTROL_CHARACTER),
    ];
    let mut bare = upload.clone();
    bare.details.look.has_header = false;
    bare.details.name = String::new();
    vec![
        Columns::new(locale, &upload, &typed, (&lists, &[])),
        Columns::new(locale, &upload, &wrong, (&lists, &errors)),
        Columns::new(locale, &bare, &typed, (&[], &[])),
    ]
}
