//! What a browser says of itself, in words that tell one's own sign-ins from another's.

/// So much of what a browser says is looked at, in octets: those of today say some 150.
const LOOKED_AT: usize = 512;

/// Browsers by what gives them away. Most say that they are also what they descend from, so the first
/// that is found counts.
const BROWSERS: &[(&str, &str)] = &[
    ("YaBrowser/", "Yandex Browser"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems, likewise.
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// A browser and the system that it runs on; one of them may be unknown. It is for people to recognise,
/// and proves nothing: whoever asks can say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

impl Device {
    /// What a `User-Agent` header says (RFC 9110, 10.1.5); `None` when nothing in it is known.
    #[must_use]
    pub fn of(user_agent: &str) -> Option<Self> {
        let end = user_agent.floor_char_boundary(LOOKED_AT);
        let said = &user_agent[..end];
        let found = |table: &[(&str, &'static str)]| {
            let mut known = table.iter();
            let found = known.find(|(sign, _)| said.contains(sign));
            found.map(|(_, name)| *name)
        };
        Self::some(found(BROWSERS), found(SYSTEMS))
    }

    /// What [`words`](Self::words) gave; `None` when nothing in it is known.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        let found = |table: &[(&str, &'static str)]| {
            let mut names = table.iter().map(|(_, name)| *name);
            names.find(|name| words.split(", ").any(|word| word == *name))
        };
        Self::some(found(BROWSERS), found(SYSTEMS))
    }

    /// Names as their makers write them: `Firefox, Windows`.
    #[must_use]
    pub fn words(&self) -> String {
        let known = [self.browser, self.system].into_iter().flatten();
        known.collect::<Vec<_>>().join(", ")
    }

    fn some(browser: Option<&'static str>, system: Option<&'static str>) -> Option<Self> {
        (browser.is_some() || system.is_some()).then_some(Self { browser, system })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(user_agent: &str) -> String {
        Device::of(user_agent).map_or_else(String::new, |device| device.words())
    }

    #[test]
    fn browsers_of_today_are_told_by_their_names() {
        let like = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0";
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) \
            AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (said, expected) in [
            (
                format!("{windows} Gecko/20100101 Firefox/144.0"),
                "Firefox, Windows",
            ),
            (format!("{windows} {like} Safari/537.36"), "Chrome, Windows"),
            (
                format!("{windows} {like} Safari/537.36 Edg/142.0"),
                "Edge, Windows",
            ),
            (
                format!("{windows} {like} YaBrowser/25.10.0 Safari/537.36"),
                "Yandex Browser, Windows",
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 10; K) {like} Mobile Safari/537.36"),
                "Chrome, Android",
            ),
            (
                format!("{phone} Version/18.5 Mobile/15E148 Safari/604.1"),
                "Safari, iPhone",
            ),
            (
                format!("{phone} FxiOS/144.0 Mobile/15E148 Safari/605.1.15"),
                "Firefox, iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 \
                    (KHTML, like Gecko) Version/18.5 Safari/605.1.15"
                    .to_owned(),
                "Safari, macOS",
            ),
            ("Firefox/144.0".to_owned(), "Firefox"),
            ("curl/8.5.0 (Linux)".to_owned(), "Linux"),
        ] {
            assert_eq!(words(&said), expected, "{said}");
        }
    }

    #[test]
    fn whatever_else_is_said_comes_to_nothing() {
        let late = format!("{}Firefox/144.0", "я".repeat(LOOKED_AT));
        for said in ["", "curl/8.5.0", "<script>alert(1)</script>", &late] {
            assert_eq!(Device::of(said), None, "{said}");
        }
        let beside = "<b>Firefox/1</b> (Windows)\r\nSet-Cookie: a=b";
        assert_eq!(words(beside), "Firefox, Windows");
    }

    #[test]
    fn words_lead_back() {
        for said in ["Firefox/144.0 (Windows)", "Firefox/144.0", "(iPad)"] {
            let device = Device::of(said);
            assert_eq!(Device::from_words(&words(said)), device);
        }
        for foreign in ["", "Netscape, Amiga", "Firefox on Windows"] {
            assert_eq!(Device::from_words(foreign), None, "{foreign}");
        }
    }
}
