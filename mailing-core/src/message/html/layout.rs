//! The page around an owner's body: one table without ground or name, and the footer.

use crate::message::BodyFormat;
use crate::message::template::html as escape;

/// What the caller says of the page: the mail's language and the words of its footer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Language of the mail (BCP 47), such as `ru`.
    pub lang: String,
    /// The words below the body.
    pub footer: FooterWords,
}

/// The words below an owner's body, in the mail's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FooterWords {
    /// Who writes, and why the recipient gets this.
    pub why: String,
    /// What the link is called: "Unsubscribe".
    pub unsubscribe: String,
}

const FONT: &str =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',Arial,sans-serif";

/// Follows the reader's dark mode. Only for Markdown: HTML messages stay as they were written.
const DARK: &str = "<meta name=\"color-scheme\" content=\"light dark\">\
    <meta name=\"supported-color-schemes\" content=\"light dark\">\
    <style>:root{color-scheme:light dark}\
    @media (prefers-color-scheme:dark){\
    .page{background:#121417!important;color:#ebe9e4!important}\
    .page a{color:#a3b6ff}\
    .foot{color:#a9adb5!important;border-color:#30353c!important}\
    .foot a{color:#a3b6ff!important}}</style>";

/// What stands before the title's text.
pub(in crate::message) fn head(layout: &Layout) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
        escape(&layout.lang)
    )
}

/// What stands between the title's text and the body.
pub(in crate::message) fn above_body(format: BodyFormat) -> String {
    let (dark, colour) = match format {
        BodyFormat::Markdown => (DARK, "color:#1d1f24;"),
        BodyFormat::Html => ("", ""),
    };
    format!(
        "</title>\n{dark}</head>\n<body class=\"page\" style=\"margin:0;padding:0;{colour}\">\n\
         <table role=\"presentation\" align=\"center\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" \
         border=\"0\" style=\"width:100%;max-width:600px;margin:0 auto;border-collapse:collapse\">\n\
         <tr><td style=\"padding:24px 28px;font:16px/24px {FONT};overflow-wrap:break-word\">\n"
    )
}

/// What stands between the body and the link, or the end of the page when there is no link.
pub(in crate::message) fn below_body(layout: &Layout) -> String {
    format!(
        "\n</td></tr>\n<tr><td style=\"padding:0 28px 24px\"><div class=\"foot\" style=\"padding-top:16px;\
         border-top:1px solid #e5e1d9;font:14px/21px {FONT};color:#5c5f66\">{}",
        escape(&layout.footer.why)
    )
}

/// Before and after the address of the link.
pub(in crate::message) fn link(layout: &Layout) -> (&'static str, String) {
    (
        "<br><a href=\"",
        format!(
            "\" style=\"color:#2746c2\">{}</a>",
            escape(&layout.footer.unsubscribe)
        ),
    )
}

/// The end of the page.
pub(in crate::message) const END: &str = "</div></td></tr>\n</table>\n</body></html>\n";
