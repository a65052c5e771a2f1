//! Templates: what they print is escaped, and nothing in them needs a hole in the content policy.

use super::Finding;
use crate::source::Source;

/// Templates that may print HTML as it is, each with the reason why it is clean.
const UNESCAPED: &[(&str, &str)] = &[
    (
        "mailing-web/templates/blog/post.html",
        "`PostContent::html` is what the sanitiser let through",
    ),
    (
        "mailing-web/templates/content/preview.html",
        "the same, in a frame that runs nothing",
    ),
    (
        "mailing-web/templates/contacts/show.html",
        "the contact text as the core has cleaned it",
    ),
    (
        "mailing-web/templates/manage/settings.html",
        "its preview, cleaned in the same way",
    ),
];

/// What the strict content security policy of the pages would refuse.
const REFUSED_BY_POLICY: &[&str] = &[
    " style=\"",
    " onclick=",
    " onchange=",
    " onsubmit=",
    "javascript:",
];

pub(super) fn check(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let page = source.path.starts_with("mailing-web/templates/");
    if !page || !source.path.ends_with(".html") {
        return findings;
    }
    // Mails have no stylesheet but their attributes.
    let is_mail = source.path.starts_with("mailing-web/templates/mail/");
    for (number, line) in source.text.lines().enumerate() {
        let line = without_comment(line);
        let squeezed: String = line.split_whitespace().collect();
        if squeezed.contains("|safe") && !UNESCAPED.iter().any(|(path, _)| *path == source.path) {
            findings.push(Finding::at(
                source,
                number,
                "`safe` prints without escaping",
            ));
        }
        if let Some(refused) = REFUSED_BY_POLICY
            .iter()
            .find(|part| !is_mail && line.contains(*part))
        {
            findings.push(Finding::at(
                source,
                number,
                format!("the page's CSP refuses `{refused}`"),
            ));
        }
    }
    findings
}

/// The line up to a template comment.
fn without_comment(line: &str) -> &str {
    line.split_once("{#").map_or(line, |(before, _)| before)
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::source::Source;

    fn findings(path: &str, text: &str) -> usize {
        check(&Source::new(
            format!("mailing-web/templates/{path}"),
            text.into(),
        ))
        .len()
    }

    #[test]
    fn a_filter_that_turns_escaping_off_is_found() {
        assert_eq!(findings("runs/show.html", "<p>{{ reply | safe }}</p>\n"), 1);
        assert_eq!(findings("runs/show.html", "<p>{{ reply }}</p>\n"), 0);
    }

    #[test]
    fn what_the_content_policy_refuses_is_found_on_pages_only() {
        assert_eq!(findings("base.html", "<p style=\"color:red\">\n"), 1);
        assert_eq!(findings("base.html", "{# no style=\"\" here #}\n"), 0);
        assert_eq!(
            findings("mail/reset/body.html", "<p style=\"color:red\">\n"),
            0
        );
    }
}
