//! What a person can do about a delivery: the key of the second sentence.

use super::Cause;

named! {
    /// What comes next, and whose turn it is.
    NextStep {
        /// Nothing is to be done.
        Nothing = "nothing",
        /// We try again by ourselves.
        Wait = "wait",
        /// The address was put on the suppression list.
        Suppressed = "suppressed",
        /// The owner checks the address.
        CheckAddress = "check_address",
        /// The recipient makes room.
        FreeSpace = "free_space",
        /// The owner asks the recipient for another address.
        OtherAddress = "other_address",
        /// The owner asks the recipient for an address in Latin letters.
        LatinAddress = "latin_address",
        /// The recipient allows the sender's address.
        AskToBeAllowed = "ask_to_be_allowed",
        /// The administrator has the server taken off a list.
        Delist = "delist",
        /// The administrator of the sender's domain sets up SPF, DKIM, DMARC.
        ConfirmDomain = "confirm_domain",
        /// The administrator checks how we reach the mail server.
        CheckMailServer = "check_mail_server",
        /// The administrator reads the server's reply.
        AskAdministrator = "ask_administrator",
        /// The owner changes the text or the links.
        ChangeContent = "change_content",
        /// The owner attaches a file once more.
        AttachAgain = "attach_again",
        /// The owner makes the message smaller.
        Shrink = "shrink",
        /// The owner checks the sender.
        CheckSender = "check_sender",
        /// The owner checks the recipient's name and attributes.
        CheckRecipient = "check_recipient",
        /// The owner sends it again.
        SendAgain = "send_again",
        /// The server's reply is all there is.
        ReadReply = "read_reply",
        /// The owner decides about a doubt.
        Decide = "decide",
        /// The owner lets the mailing go on.
        Resume = "resume",
        /// The owner writes to a manager.
        AskManager = "ask_manager",
        /// Only the recipient can take it back.
        OnlyRecipient = "only_recipient",
        /// The owner takes the address off the suppression list.
        TakeOffList = "take_off_list",
        /// The owner takes the recipient out of the trash.
        Restore = "restore",
        /// The owner adds the recipient to the mailing's audience.
        AddToAudience = "add_to_audience",
        /// The next run takes care of it.
        NextRun = "next_run",
    }
}

impl NextStep {
    /// What helps after a delivery has failed for this cause.
    #[must_use]
    pub const fn after(cause: Cause) -> Self {
        match cause {
            Cause::NoSuchMailbox => Self::Suppressed,
            Cause::NoSuchDomain => Self::CheckAddress,
            Cause::MailboxFull => Self::FreeSpace,
            Cause::MailboxDisabled => Self::OtherAddress,
            Cause::BlockListed => Self::Delist,
            Cause::Unauthenticated => Self::ConfirmDomain,
            Cause::RecipientRefuses => Self::AskToBeAllowed,
            Cause::RelayDenied => Self::CheckMailServer,
            Cause::Policy | Cause::DomainRefuses => Self::AskAdministrator,
            Cause::Content => Self::ChangeContent,
            Cause::TooLarge => Self::Shrink,
            Cause::AddressNotSupported => Self::LatinAddress,
            Cause::SenderRefused => Self::CheckSender,
            Cause::NotBuilt => Self::CheckRecipient,
            Cause::TryLater | Cause::ConnectionLost | Cause::ServerTrouble => Self::SendAgain,
            Cause::GaveUp | Cause::NotRecognised => Self::ReadReply,
        }
    }

    /// What helps while a delivery waits that was refused for this cause for now.
    #[must_use]
    pub const fn while_waiting(cause: Cause) -> Self {
        match Self::after(cause) {
            Self::SendAgain | Self::Suppressed => Self::Wait,
            step => step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_a_name_of_its_own() {
        for step in NextStep::ALL {
            assert_eq!(NextStep::from_name(step.as_str()), Some(*step));
        }
    }

    #[test]
    fn after_a_failure_there_is_always_something_to_do() {
        let idle = [NextStep::Nothing, NextStep::Wait];
        for cause in Cause::ALL {
            assert!(!idle.contains(&NextStep::after(*cause)), "{cause:?}");
        }
    }

    #[test]
    fn what_passes_by_itself_is_sent_again_or_waits_for_room() {
        for cause in Cause::ALL.iter().filter(|cause| cause.is_passing()) {
            let step = NextStep::after(*cause);
            assert!(
                matches!(step, NextStep::SendAgain | NextStep::FreeSpace),
                "{cause:?}"
            );
        }
    }
}
