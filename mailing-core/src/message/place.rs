//! What the place of each marker in finished HTML is: text, or a part of an address.

use super::template::Role;

/// Attributes whose value is an address.
const ADDRESSES: [&str; 2] = ["href", "src"];

/// Follows cleaned HTML (attributes always in double quotes) piece by piece and knows, at the end of
/// each piece, what a value put there would be.
#[derive(Debug, Default)]
pub(super) struct Context {
    state: State,
    /// What the tag or the attribute value holds so far.
    read: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    Tag,
    Value {
        address: bool,
    },
}

impl Context {
    /// Reads on.
    pub(super) fn read(&mut self, html: &str) {
        for c in html.chars() {
            self.state = match (self.state, c) {
                (State::Text, '<') => self.enter(State::Tag),
                (State::Text, _) | (State::Tag, '>') => State::Text,
                (State::Tag, '"') => {
                    let name = self.read.trim_end_matches('=');
                    let name = name.rsplit(char::is_whitespace).next().unwrap_or_default();
                    let address = ADDRESSES.contains(&name);
                    self.enter(State::Value { address })
                }
                (State::Value { .. }, '"') => self.enter(State::Tag),
                (state, c) => {
                    self.read.push(c);
                    state
                }
            };
        }
    }

    /// The role of a value at this point. Counts as read.
    pub(super) fn role(&mut self) -> Role {
        if self.state != (State::Value { address: true }) {
            return Role::Text;
        }
        let before = self.read.trim_start().to_ascii_lowercase();
        let role = if before.is_empty() {
            Role::Url
        } else if before.starts_with("mailto:") && !before.contains('?') {
            Role::Mailbox
        } else {
            Role::UrlPart
        };
        self.read.push('x');
        role
    }

    fn enter(&mut self, state: State) -> State {
        self.read.clear();
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role_after(html: &str) -> Role {
        let mut context = Context::default();
        context.read(html);
        context.role()
    }

    #[test]
    fn only_addresses_are_addresses() {
        assert_eq!(role_after(""), Role::Text);
        assert_eq!(role_after("<p>a > b \" href=\""), Role::Text);
        assert_eq!(role_after("<p title=\"href=https://x.org/"), Role::Text);
        assert_eq!(role_after("<img alt=\""), Role::Text);
        assert_eq!(role_after("<a title=\"x\" href=\""), Role::Url);
        assert_eq!(role_after("<img src=\" "), Role::Url);
        assert_eq!(role_after("<a href=\"https://x.org/"), Role::UrlPart);
        assert_eq!(role_after("<a href=\"mailto:"), Role::Mailbox);
        assert_eq!(
            role_after("<a href=\"mailto:a@x.org?subject="),
            Role::UrlPart
        );
        assert_eq!(role_after("<a href=\"https://x.org/\">"), Role::Text);
        assert_eq!(
            role_after("<a href=\"https://x.org/\" title=\""),
            Role::Text
        );
    }

    #[test]
    fn a_second_value_in_an_address_is_a_part_of_it() {
        let mut context = Context::default();
        context.read("<a href=\"");
        assert_eq!(context.role(), Role::Url);
        assert_eq!(context.role(), Role::UrlPart);
    }
}
