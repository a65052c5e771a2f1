//! The whole way of a message: as typed, checked, compiled, filled.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::code::{self, Code};
use crate::error::FieldError;
use crate::recipient::Attributes;

const URL: &str = "https://mail.example.org/u/abc?x=1&y=2";

fn layout() -> Layout {
    Layout {
        lang: "ru".into(),
        footer: FooterWords {
            why: "Пишет «Лавка & Ко», потому что вы покупатель.".into(),
            unsubscribe: "Отписаться".into(),
        },
    }
}

fn fill_for(
    content: &MessageContent,
    name: Option<&str>,
    attributes: serde_json::Value,
) -> Rendered {
    let attributes = Attributes::check(attributes).unwrap();
    let who = Values {
        full_name: name,
        email: "ann+x@example.org",
        attributes: &attributes,
        unsubscribe_url: URL,
        mailing_name: "Зима",
        sender_name: "Лавка",
    };
    content.compile(&layout()).fill(&who).unwrap()
}

fn markdown(subject: &str, body: &str) -> MessageContent {
    MessageContent::check(subject, body, BodyFormat::Markdown, None).unwrap()
}

fn html(body: &str) -> MessageContent {
    MessageContent::check("s", body, BodyFormat::Html, None).unwrap()
}

fn faults(subject: &str, body: &str, format: BodyFormat, text: Option<&str>) -> Vec<FieldError> {
    MessageContent::check(subject, body, format, text).unwrap_err()
}

fn codes(faults: &[FieldError]) -> Vec<(&str, Code)> {
    faults
        .iter()
        .map(|f| (f.field.as_ref(), f.refusal.code))
        .collect()
}

/// What stands between the page's head and its footer.
fn inside(page: &str) -> &str {
    let from = page.find("overflow-wrap:break-word\">\n").unwrap() + 27;
    &page[from..page.find("\n</td></tr>\n<tr>").unwrap()]
}

#[test]
fn a_message_is_filled_in_all_its_parts() {
    let content = markdown(
        "{{ recipient.full_name | default(\"Друг\") }}, зима!",
        "# Зима\n\nЗдравствуйте, **{{ recipient.full_name | default(\"друг\") }}**!\n\n\
         Ваш город: {{ recipient.attributes.city }}. [Уйти]({{ unsubscribe_url }})",
    );
    let mail = fill_for(
        &content,
        Some("Анна \"Ня\" <К>"),
        json!({"city": "Пермь & Ко"}),
    );
    assert_eq!(mail.subject, "Анна \"Ня\" <К>, зима!");
    assert!(
        mail.html
            .contains("<title>Анна &quot;Ня&quot; &lt;К&gt;, зима!</title>")
    );
    assert!(
        mail.html
            .contains("<strong>Анна &quot;Ня&quot; &lt;К&gt;</strong>")
    );
    assert!(mail.html.contains("Пермь &amp; Ко"));
    assert!(
        mail.html
            .contains("<a href=\"https://mail.example.org/u/abc?x=1&amp;y=2\">Уйти</a>")
    );
    assert_eq!(
        mail.text,
        format!(
            "Зима\n\nЗдравствуйте, Анна \"Ня\" <К>!\n\nВаш город: Пермь & Ко. Уйти ({URL})\n\n--\n\
             Пишет «Лавка & Ко», потому что вы покупатель.\n"
        )
    );
    let nobody = fill_for(&content, Some("  "), json!({}));
    assert_eq!(nobody.subject, "Друг, зима!");
    assert!(nobody.text.contains("Здравствуйте, друг!"));
    assert!(nobody.text.contains("Ваш город: . "));
}

#[test]
fn the_link_to_unsubscribe_is_always_there_and_only_once() {
    let without = fill_for(&markdown("s", "a"), None, json!({}));
    assert_eq!(without.html.matches("/u/abc").count(), 1);
    assert!(without.html.contains(">Отписаться</a>"));
    assert!(
        without
            .text
            .ends_with(&format!("покупатель.\nОтписаться: {URL}\n"))
    );
    let with = fill_for(&markdown("s", "<{{ unsubscribe_url }}>"), None, json!({}));
    assert_eq!(with.html.matches("href=").count(), 1, "{}", with.html);
    assert!(!with.html.contains("Отписаться"));
    assert_eq!(with.text.matches("/u/abc").count(), 1, "{}", with.text);
    let in_text_only =
        MessageContent::check("s", "<p>a", BodyFormat::Html, Some("b {{unsubscribe_url}}"));
    let mail = fill_for(&in_text_only.unwrap(), None, json!({}));
    assert_eq!(mail.html.matches("/u/abc").count(), 1);
    assert_eq!(mail.text.matches("/u/abc").count(), 1);
}

#[test]
fn a_text_part_of_its_own_is_sent_as_written() {
    let content = MessageContent::check(
        "s",
        "<p>a</p>",
        BodyFormat::Html,
        Some("Привет, {{ recipient.full_name }}!\r\n<b>"),
    );
    let mail = fill_for(&content.unwrap(), Some("Анна"), json!({}));
    assert!(mail.text.starts_with("Привет, Анна!\n<b>\n\n--\n"));
}

#[test]
fn values_are_never_looked_at_again() {
    let name = "{{ recipient.email }} {% include \"x\" %} **b** <i> xslot0x000000e";
    let content = markdown(
        "{{ recipient.full_name }}",
        "{{ recipient.full_name }} {{ sender.name }}",
    );
    let mail = fill_for(&content, Some(name), json!({}));
    assert_eq!(mail.subject, name);
    assert!(mail.text.starts_with(&format!("{name} Лавка")));
    assert!(
        mail.html
            .contains("{{ recipient.email }} {% include &quot;x&quot; %} **b** &lt;i&gt;")
    );
    assert!(!mail.html.contains("ann+x@example.org"));
}

#[test]
fn foreign_template_languages_are_refused_or_verbatim() {
    for body in [
        "{{ 7*7 }}",
        "{{ __tera_context }}",
        "{{ get_env(name=\"PATH\") }}",
        "{{ recipient.full_name | upper }}",
        "{{ config.items() }}",
        "{{ ''.__class__ }}",
        "{{",
    ] {
        let refused = faults("s", body, BodyFormat::Markdown, None);
        assert_eq!(refused[0].field, "body", "{body}");
        assert_eq!(
            faults(body, "b", BodyFormat::Html, None)[0].field,
            "subject"
        );
        assert_eq!(
            faults("s", "b", BodyFormat::Html, Some(body))[0].field,
            "text"
        );
    }
    let verbatim = "{% include \"/etc/passwd\" %} ${7*7} <%= 7*7 %> {# c #} #{7*7} }}";
    let content = MessageContent::check(verbatim, "b", BodyFormat::Html, Some(verbatim)).unwrap();
    let mail = fill_for(&content, None, json!({}));
    assert_eq!(mail.subject, verbatim);
    assert!(mail.text.starts_with(verbatim));
}

#[test]
fn every_fault_is_told_at_its_field_and_place() {
    let refused = faults(
        " ",
        "a\n {{ name }} {{ 1+1 }}",
        BodyFormat::Markdown,
        Some("{{ x.y }}"),
    );
    assert_eq!(
        codes(&refused),
        [
            ("subject", code::REQUIRED),
            ("body", code::MESSAGE_UNKNOWN_VARIABLE),
            ("body", code::MESSAGE_BAD_PLACEHOLDER),
            ("text", code::MESSAGE_UNKNOWN_VARIABLE),
        ]
    );
    assert_eq!(
        refused[1].to_string(),
        "body: message.unknown_variable name=\"name\" line=2 column=2 nearest=\"recipient.full_name\""
    );
}

#[test]
fn empty_oversized_and_tangled_bodies_are_refused() {
    let one = |body: &str, format| codes(&faults("s", body, format, None)).remove(0).1;
    for body in [
        "",
        " \r\n ",
        "<p> </p>",
        "<script>alert(1)</script>",
        "<!-- x -->",
    ] {
        assert_eq!(
            one(body, BodyFormat::Html),
            code::MESSAGE_BODY_EMPTY,
            "{body:?}"
        );
    }
    assert_eq!(one("a\0b", BodyFormat::Markdown), code::CONTROL_CHARACTER);
    let large = "a".repeat(BODY_MAX + 1);
    assert_eq!(
        one(&large, BodyFormat::Markdown),
        code::MESSAGE_BODY_TOO_LARGE
    );
    assert_eq!(
        codes(&faults("s", "b", BodyFormat::Html, Some(&large))),
        [("text", code::MESSAGE_BODY_TOO_LARGE)]
    );
    assert_eq!(
        one(&"<div>".repeat(301), BodyFormat::Html),
        code::MESSAGE_BODY_TANGLED
    );
    assert_eq!(
        one(&">".repeat(2_000), BodyFormat::Markdown),
        code::MESSAGE_BODY_TANGLED
    );
    let grows = "> a\n\n".repeat(18_000);
    assert!(matches!(
        one(&grows, BodyFormat::Markdown),
        code::MESSAGE_BODY_TOO_LARGE | code::MESSAGE_BODY_TANGLED
    ));
    let many = "{{sender.name}}".repeat(PLACEHOLDERS_MAX + 1);
    assert_eq!(
        one(&many, BodyFormat::Html),
        code::MESSAGE_TOO_MANY_VARIABLES
    );
    assert!(MessageContent::check("s", "<img src=\"cid:a\">", BodyFormat::Html, None).is_ok());
}

#[test]
fn a_filled_part_has_an_end() {
    let body = "{{ recipient.attributes.a }}\n".repeat(600);
    let compiled = html(&body).compile(&layout());
    assert_eq!(
        compiled
            .slots
            .iter()
            .filter(|s| s.place.syntax == Syntax::Html)
            .count(),
        2
    );
    let attributes = Attributes::check(json!({"a": "\"".repeat(2_000)})).unwrap();
    let who = Values {
        full_name: None,
        email: "a@example.org",
        attributes: &attributes,
        unsubscribe_url: URL,
        mailing_name: "m",
        sender_name: "s",
    };
    assert_eq!(compiled.values(&who), Err(OutputTooLarge));
}

#[test]
fn a_value_is_escaped_for_its_place_in_html() {
    let content = html(
        "<a href=\"https://x.org/?q={{ recipient.attributes.v }}\" title=\"{{ recipient.attributes.v }}\">a</a>\
         <a href=\"{{ recipient.attributes.v }}\">b</a><a href='mailto:{{recipient.email}}'>c</a>\
         <img src=\"{{ recipient.attributes.pic }}\" alt=x>",
    );
    let mail = fill_for(
        &content,
        None,
        json!({"v": "javascript:a(\"b\")", "pic": "https://x.org/a.png?b&c"}),
    );
    assert!(
        mail.html
            .contains("https://x.org/?q=javascript%3Aa%28%22b%22%29\""),
        "{}",
        mail.html
    );
    assert!(mail.html.contains("title=\"javascript:a(&quot;b&quot;)\""));
    assert!(mail.html.contains("<a href=\"\">b</a>"));
    assert!(mail.html.contains("href=\"mailto:ann%2Bx@example.org\""));
    assert!(mail.html.contains("src=\"https://x.org/a.png?b&amp;c\""));
    assert!(
        mail.text
            .contains("a (https://x.org/?q=javascript%3Aa%28%22b%22%29)"),
        "{}",
        mail.text
    );
}

#[test]
fn variables_in_dropped_markup_are_dropped_with_it() {
    let content = html(
        "<p style=\"color:{{ recipient.attributes.v }}\" onclick=\"{{ recipient.attributes.v }}\">a</p>\
         <script>{{ recipient.attributes.v }}</script><!-- {{ recipient.attributes.v }} -->\
         <{{ recipient.attributes.v }}>b</{{ recipient.attributes.v }}>",
    );
    let mail = fill_for(&content, None, json!({"v": "red;}x"}));
    assert!(!mail.html.contains("red;}x"), "{}", mail.html);
    assert!(inside(&mail.html).starts_with("<p>a</p>b"), "{}", mail.html);
}

#[test]
fn markdown_and_html_get_one_table_and_only_markdown_goes_dark() {
    let written = fill_for(&markdown("s", "a"), None, json!({})).html;
    let as_is = fill_for(&html("<p>a</p>"), None, json!({})).html;
    assert!(written.contains("prefers-color-scheme:dark"));
    assert!(!as_is.contains("color-scheme"));
    for page in [&written, &as_is] {
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"ru\">"));
        assert_eq!(page.matches("<table role=\"presentation\"").count(), 1);
        assert!(page.contains("max-width:600px"));
        assert!(page.contains("Пишет «Лавка &amp; Ко», потому что"));
        assert_eq!(inside(page).trim(), "<p>a</p>");
    }
}

#[test]
fn a_quote_in_a_default_is_harmless_in_every_place() {
    let content = html(
        "<p title=\"{{ sender.name }}\">{{ recipient.attributes.n | default('\"><script>') }}</p>",
    );
    let mail = fill_for(&content, None, json!({}));
    assert_eq!(
        inside(&mail.html),
        "<p title=\"Лавка\">&quot;&gt;&lt;script&gt;</p>"
    );
}

fn words() -> impl Strategy<Value = String> {
    "(\\{\\{ recipient.full_name \\}\\}|\\{\\{unsubscribe_url\\}\\}|\\{\\{ recipient.attributes.a \\| default\\('b'\\) \\}\\}|\
      \\{\\{|\\}\\}|<|>|</|a|href=|p |img src=|\"|'|style=|:|\\*\\*|\\[|\\]\\(|\\)|#|\n|- |\\||xslot0x00000|0e|&lt;|\\PC){0,30}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_value_adds_markup_to_any_message(body in words(), value in "[<>\"'&:;a-z{}() \\n]{0,20}|\\PC{0,10}") {
        for format in [BodyFormat::Markdown, BodyFormat::Html] {
            let Ok(content) = MessageContent::check("s", &body, format, None) else { continue };
            let plain = fill_for(&content, Some("x"), json!({"a": "x"})).html;
            let filled = fill_for(&content, Some(&value), json!({"a": value.replace('\r', "")})).html;
            for mark in ["<", ">", "\""] {
                prop_assert_eq!(plain.matches(mark).count(), filled.matches(mark).count(), "{}", filled);
            }
        }
    }

    #[test]
    fn what_cannot_be_checked_is_compiled_verbatim(body in words()) {
        let content = MessageContent {
            subject: Subject::parse("s").unwrap(),
            body,
            format: BodyFormat::Markdown,
            text: None,
            attachments: Vec::new(),
        };
        let mail = fill_for(&content, None, json!({}));
        prop_assert!(mail.html.ends_with("</html>\n"));
        prop_assert!(mail.html.contains("/u/abc"));
    }
}
