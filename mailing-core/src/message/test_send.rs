//! A message sent to try it out: outside every run and every statistic (C4).

use crate::id::UserId;
use crate::recipient::{Attributes, Mailbox};
use crate::schedule::Zone;
use crate::user::Language;

use super::MessageContent;

/// Most addresses that one test goes to (S41).
pub const TEST_ADDRESSES_MAX: usize = 5;
/// Most test messages of an owner in a day (S41).
pub const TESTS_A_DAY: u32 = 20;
/// What a test's subject begins with.
pub const TEST_MARK: &str = "[Test] ";

/// A test that may be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSend {
    /// Whose.
    pub owner: UserId,
    /// What is sent.
    pub content: MessageContent,
    /// `From`.
    pub from: Mailbox,
    /// To whom, each a message of its own; the name fills `{{ recipient.full_name }}`.
    pub to: Vec<Mailbox>,
    /// The attributes that fill the message.
    pub attributes: Attributes,
    /// Language of the footer.
    pub language: Language,
    /// Zone of `Date`.
    pub zone: Zone,
}
