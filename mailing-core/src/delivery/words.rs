//! What a reply's words say where its codes do not: servers agree on few codes for their own limits.

use super::Reply;

/// What a server says that does not pass mail on for us, whoever the recipient is.
const RELAY_DENIED: [&str; 12] = [
    "relay access denied",
    "relay denied",
    "relaying denied",
    "relaying not",
    "relay not",
    "unable to relay",
    "not relay",
    "cannot relay",
    "no relay",
    "relaying is prohibited",
    "relay is prohibited",
    "rcpthosts",
];

/// What a server says that wants credentials before it takes a recipient.
const AUTHENTICATION_DEMANDED: [&str; 7] = [
    "authentication required",
    "authentication is required",
    "authenticate first",
    "must authenticate",
    "please authenticate",
    "must be authenticated",
    "smtp auth",
];

/// A limit of messages or recipients on one connection.
const TOO_MANY_MESSAGES: [&str; 4] = [
    "too many recipients",
    "too many messages",
    "too many mails",
    "too many transactions",
];

/// A limit of messages in a time.
const TOO_FAST: [&str; 3] = ["throttl", "too fast", "too quickly"];

/// The custom of refusing everybody once.
const GREYLISTED: [&str; 5] = ["greylist", "graylist", "grey-list", "gray-list", "postgrey"];

impl Reply {
    /// True when the server does not pass mail on for us at all: its configuration or ours, never
    /// the recipient.
    #[must_use]
    pub fn denies_relay(&self) -> bool {
        !self.is_positive() && self.says(&RELAY_DENIED)
    }

    /// True when the server wants credentials (530 of RFC 4954 §6, or in words).
    #[must_use]
    pub fn demands_authentication(&self) -> bool {
        self.code == 530 || (self.is_permanent() && self.says(&AUTHENTICATION_DEMANDED))
    }

    /// True when fewer connections at once would help.
    #[must_use]
    pub fn limits_connections(&self) -> bool {
        self.is_transient()
            && self.says(&["too many"])
            && self.says(&["connection", "concurrent", "session"])
            && !self.says(&TOO_MANY_MESSAGES)
    }

    /// True when fewer messages on one connection would help: 4.5.3 (RFC 3463), or in words.
    #[must_use]
    pub fn limits_messages(&self) -> bool {
        let coded = self
            .enhanced
            .is_some_and(|code| (code.subject, code.detail) == (5, 3));
        let told = self.enhanced.is_none() && self.says(&TOO_MANY_MESSAGES);
        self.is_transient() && (coded || told)
    }

    /// True when the recipient's server takes mail, but not so fast: 4.7.x, or in words.
    /// Greylisting is none of it: there each recipient waits for himself.
    #[must_use]
    pub fn asks_to_slow_down(&self) -> bool {
        let coded = self.enhanced.is_some_and(|code| code.subject == 7);
        self.is_transient()
            && (coded || self.has_word("rate") || self.says(&TOO_FAST))
            && !self.says(&GREYLISTED)
            && !self.denies_relay()
    }

    /// True when a mailbox has no room, in words: 552 alone may also mean the message's size.
    #[must_use]
    pub fn speaks_of_room(&self) -> bool {
        self.says(&["quota", "mailbox", "full", "storage", "space"])
    }

    fn says(&self, words: &[&str]) -> bool {
        let text = self.text.to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    }

    fn has_word(&self, wanted: &str) -> bool {
        self.text
            .split(|character: char| !character.is_ascii_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn those(says: fn(&Reply) -> bool, replies: &[(u16, &'static str)]) -> Vec<&'static str> {
        let mut found: Vec<_> = replies.to_vec();
        found.retain(|(code, text)| says(&Reply::new(*code, text)));
        found.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn a_denied_relay_is_told_in_many_words() {
        let denied = [
            (554, "5.7.1 <a@example.org>: Relay access denied"),
            (454, "4.7.1 <a@example.org>: Relay access denied"),
            (
                550,
                "5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
            ),
            (550, "relay not permitted"),
            (550, "5.7.1 a@example.org... Relaying denied"),
            (
                553,
                "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            ),
            (551, "we do not relay"),
        ];
        assert_eq!(those(Reply::denies_relay, &denied).len(), denied.len());
        let others = [
            (550, "5.1.1 no such user"),
            (550, "blocked using relays.example.org"),
            (554, "5.7.1 your host is an open relay"),
            (250, "relay denied? no, taken"),
        ];
        assert!(those(Reply::denies_relay, &others).is_empty());
    }

    #[test]
    fn credentials_are_demanded_by_530_or_in_words() {
        let demanding = [
            (530, ""),
            (550, "5.7.1 Authentication required"),
            (503, "5.5.4 Error: please authenticate first"),
            (550, "SMTP AUTH is needed"),
        ];
        let found = those(Reply::demands_authentication, &demanding);
        assert_eq!(found.len(), demanding.len());
        let others = [
            (
                550,
                "5.7.26 Unauthenticated email from example.org is not accepted",
            ),
            (454, "4.7.0 Temporary authentication failure"),
        ];
        assert!(those(Reply::demands_authentication, &others).is_empty());
    }

    #[test]
    fn limits_of_connections_messages_and_rate_are_told_apart() {
        let replies = [
            (421, "4.7.0 Too many concurrent SMTP connections"),
            (421, "too many sessions open"),
            (421, "4.7.0 Too many messages in this session"),
            (452, "4.5.3 error"),
            (452, "Too many recipients"),
            (450, "4.7.28 unusual rate"),
            (451, "Rate limit exceeded"),
            (450, "4.7.1 Greylisted, try again"),
            (450, "4.2.0 Greylisting in action"),
            (451, "integrate your systems"),
            (421, "try later"),
            (550, "5.7.1 rate"),
        ];
        let connections = [
            "4.7.0 Too many concurrent SMTP connections",
            "too many sessions open",
        ];
        assert_eq!(those(Reply::limits_connections, &replies), connections);
        let messages = ["4.5.3 error", "Too many recipients"];
        assert_eq!(those(Reply::limits_messages, &replies), messages);
        let rate = [
            "4.7.0 Too many concurrent SMTP connections",
            "4.7.0 Too many messages in this session",
            "4.7.28 unusual rate",
            "Rate limit exceeded",
        ];
        assert_eq!(those(Reply::asks_to_slow_down, &replies), rate);
    }
}
