//! Which declarations of a `style` attribute may stay.

/// Properties that mail programs know and that cannot load, cover or move anything.
const PROPERTIES: &[&str] = &[
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "mso-hide",
    "mso-line-height-rule",
    "mso-padding-alt",
    "mso-table-lspace",
    "mso-table-rspace",
    "opacity",
    "overflow",
    "overflow-wrap",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
];

/// Functions that a value may call.
const FUNCTIONS: &[&str] = &["rgb", "rgba", "hsl", "hsla"];

/// The declarations that may stay, written anew; empty when none may. One that holds `marker`, which
/// stands for a variable, may not: a value could end it and begin others.
pub(super) fn clean(style: &str, marker: &str) -> String {
    let fixed = style.split(';').filter(|text| !text.contains(marker));
    let kept: Vec<_> = fixed.filter_map(declaration).collect();
    kept.join(";")
}

fn declaration(text: &str) -> Option<String> {
    let (property, value) = text.split_once(':')?;
    let property = property.trim().to_ascii_lowercase();
    let value = value.trim();
    let known = PROPERTIES.binary_search(&property.as_str()).is_ok();
    (known && !value.is_empty() && is_plain(value)).then(|| format!("{property}:{value}"))
}

/// True for a value of words, numbers, colours and quoted names: no escapes, no comments, no
/// functions but those that make colours, quotes closed.
fn is_plain(value: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || " #%.,-+_/!'\"()".contains(c);
    let calls_only_colours = value.match_indices('(').all(|(at, _)| {
        let before = &value[..at];
        let start = before
            .rfind(|c: char| !c.is_ascii_alphabetic())
            .map_or(0, |i| i + 1);
        FUNCTIONS.contains(
            &before
                .get(start..)
                .unwrap_or_default()
                .to_ascii_lowercase()
                .as_str(),
        )
    });
    let closed = |quote: char| value.matches(quote).count().is_multiple_of(2);
    value.chars().all(allowed) && calls_only_colours && closed('"') && closed('\'')
}

#[cfg(test)]
mod tests {
    use super::PROPERTIES;

    fn clean(style: &str) -> String {
        super::clean(style, "xslot0x")
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(PROPERTIES.is_sorted());
    }

    #[test]
    fn ordinary_declarations_stay() {
        assert_eq!(
            clean("COLOR: #fff; margin:0 auto !important;font-family:'PT Sans', \"Arial\";;"),
            "color:#fff;margin:0 auto !important;font-family:'PT Sans', \"Arial\""
        );
        assert_eq!(clean("color:rgba(0, 0, 0, .5)"), "color:rgba(0, 0, 0, .5)");
    }

    #[test]
    fn what_loads_covers_or_runs_is_dropped() {
        for style in [
            "background:url(https://x.org/a.png)",
            "background:URL( 'x' )",
            "background:u\\72l(x)",
            "background:u/**/rl(x)",
            "width:expression(alert(1))",
            "width:calc(1px)",
            "position:fixed",
            "behavior:url(x)",
            "-moz-binding:url(x)",
            "color:red}</style><script>",
            "color:&#106;",
            "font-family:'a",
            "color:жrgb(1)url(x)",
            "color",
            "color:",
            ":red",
            "--x:1",
            "@import 'x'",
            "color:xslot0x000000e",
            "color:red xslot0x000000e",
        ] {
            assert_eq!(clean(style), "", "{style}");
        }
        assert_eq!(
            clean("color:red;position:fixed;margin:0"),
            "color:red;margin:0"
        );
    }

    #[test]
    fn cleaning_twice_is_cleaning_once() {
        for style in [
            "color:red; x:y; margin : 0 ;",
            "font:12px/1.5 'a b',serif;color:rgb(1,2,3)",
        ] {
            let once = clean(style);
            assert_eq!(clean(&once), once);
        }
    }
}
