//! A request for a post's page: whether a person made it.

use std::sync::LazyLock;

use isbot::Bots;

/// What of a request says whether somebody reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Visit<'a> {
    /// What the program calls itself.
    pub user_agent: Option<&'a str>,
    /// False for a mere look at the headers.
    pub is_get: bool,
    /// True when a browser fetches it before anybody asked.
    pub is_prefetch: bool,
}

/// The patterns of robots, made once: some hundred of them.
static BOTS: LazyLock<Bots> = LazyLock::new(Bots::default);

impl Visit<'_> {
    /// True when a person reads the page, as far as anybody can tell: robots say what they are, and
    /// a program without a name is one.
    #[must_use]
    pub fn is_read(&self) -> bool {
        let is_person = |agent: &str| !agent.trim().is_empty() && !BOTS.is_bot(agent);
        self.is_get && !self.is_prefetch && self.user_agent.is_some_and(is_person)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0";

    fn visit(user_agent: &str) -> Visit<'_> {
        Visit {
            user_agent: Some(user_agent),
            is_get: true,
            is_prefetch: false,
        }
    }

    #[test]
    fn people_read() {
        for agent in [
            FIREFOX,
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 \
             (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
             Chrome/131.0.0.0 YaBrowser/25.2 Safari/537.36",
        ] {
            assert!(visit(agent).is_read(), "{agent}");
        }
    }

    #[test]
    fn robots_do_not() {
        for agent in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
            "TelegramBot (like TwitterBot)",
            "facebookexternalhit/1.1",
            "curl/8.10.1",
            "python-requests/2.32",
            "Wget/1.24",
            "",
            " ",
        ] {
            assert!(!visit(agent).is_read(), "{agent}");
        }
    }

    #[test]
    fn neither_does_who_looks_ahead_or_says_nothing() {
        let reader = visit(FIREFOX);
        for visit in [
            Visit {
                is_get: false,
                ..reader
            },
            Visit {
                is_prefetch: true,
                ..reader
            },
            Visit {
                user_agent: None,
                ..reader
            },
            Visit::default(),
        ] {
            assert!(!visit.is_read(), "{visit:?}");
        }
    }
}
