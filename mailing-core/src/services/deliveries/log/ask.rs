//! What is asked of the log.

use crate::code;
use crate::delivery::{Cause, Standing};
use crate::error::{Error, FieldError, Refusal};
use crate::ports::store::{LogFilter, LogRuns};
use crate::recipient::EmailAddress;
use crate::time::Timestamp;

/// What is asked of the log, as it was typed or stood in an address. What is empty is not asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogDraft {
    /// Id of a run.
    pub run: String,
    /// Id of a mailing.
    pub mailing: String,
    /// Name of a [`Standing`].
    pub state: String,
    /// Name of a [`Cause`].
    pub cause: String,
    /// A domain, in either form.
    pub domain: String,
    /// An address, in any spelling.
    pub address: String,
    /// The runs planned at this instant or later.
    pub since: Option<Timestamp>,
    /// The runs planned before this instant.
    pub until: Option<Timestamp>,
}

/// What is asked of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogAsk {
    /// Of which runs.
    pub runs: LogRuns,
    /// Of which deliveries in them.
    pub filter: LogFilter,
    /// To whom.
    pub address: Option<EmailAddress>,
}

impl LogDraft {
    /// What is asked.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every fault at its field: `unknown_value` at `run`, `mailing`, `state`
    /// and `cause`; `address.…` at `domain` and `address`; `log.days` at `until`.
    pub fn check(&self) -> Result<LogAsk, Error> {
        let mut faults = Vec::new();
        let runs = LogRuns {
            run: read("run", &self.run, |text| text.parse().ok(), &mut faults),
            mailing: read(
                "mailing",
                &self.mailing,
                |text| text.parse().ok(),
                &mut faults,
            ),
            since: self.since,
            until: self.until,
            having: read("state", &self.state, Standing::from_name, &mut faults),
        };
        let cause = read("cause", &self.cause, Cause::from_name, &mut faults);
        let domain = at_field("domain", domain(&self.domain), &mut faults);
        let address = at_field("address", address(&self.address), &mut faults);
        if let (Some(since), Some(until)) = (self.since, self.until)
            && until <= since
        {
            faults.push(FieldError::new("until", code::LOG_DAYS));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        Ok(LogAsk {
            runs,
            filter: LogFilter {
                standing: runs.having,
                cause,
                domain,
            },
            address,
        })
    }
}

impl LogAsk {
    /// What was asked, for the audit log: names of filters, no addresses.
    pub(super) fn in_short(&self) -> String {
        let parts = [
            self.runs.run.map(|run| format!("run={run}")),
            self.runs
                .mailing
                .map(|mailing| format!("mailing={mailing}")),
            self.runs
                .since
                .map(|at| format!("since={}", at.date_naive())),
            self.runs
                .until
                .map(|at| format!("until={}", at.date_naive())),
            self.filter
                .standing
                .map(|s| format!("state={}", s.as_str())),
            self.filter.cause.map(|c| format!("cause={}", c.as_str())),
            self.filter.domain.as_ref().map(|_| "domain".to_owned()),
            self.address.as_ref().map(|_| "address".to_owned()),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => "all".to_owned(),
            false => parts.join(" "),
        }
    }
}

/// What `typed` means, if it is anything.
fn read<T>(
    field: &'static str,
    typed: &str,
    parse: impl FnOnce(&str) -> Option<T>,
    faults: &mut Vec<FieldError>,
) -> Option<T> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let read = parse(typed);
    if read.is_none() {
        let refusal = Refusal::new(code::UNKNOWN_VALUE).with("value", typed);
        faults.push(FieldError::new(field, refusal));
    }
    read
}

fn address(typed: &str) -> Result<Option<EmailAddress>, Refusal> {
    match typed.trim() {
        "" => Ok(None),
        typed => Ok(Some(EmailAddress::parse(typed)?)),
    }
}

/// Both forms of a domain, as an address has it.
fn domain(typed: &str) -> Result<Option<(String, String)>, Refusal> {
    let typed = typed.trim().trim_start_matches('@');
    let address = address(&match typed {
        "" => String::new(),
        typed => format!("a@{typed}"),
    })?;
    Ok(address.map(|address| (address.domain_ascii().to_owned(), address.domain_unicode())))
}

fn at_field<T>(
    field: &'static str,
    read: Result<Option<T>, Refusal>,
    faults: &mut Vec<FieldError>,
) -> Option<T> {
    read.unwrap_or_else(|refusal| {
        faults.push(FieldError::new(field, refusal));
        None
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::testing::builders::start;

    #[test]
    fn every_bad_filter_is_named_at_its_field() {
        let draft = LogDraft {
            run: "x".to_owned(),
            mailing: "' OR 1=1".to_owned(),
            state: "gone".to_owned(),
            cause: "because".to_owned(),
            domain: "exa mple".to_owned(),
            address: "nobody".to_owned(),
            since: Some(start()),
            until: Some(start() - TimeDelta::days(1)),
        };
        let Err(Error::Invalid(faults)) = draft.check() else {
            panic!("everything is wrong");
        };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_ref()).collect();
        let expected = [
            "run", "mailing", "state", "cause", "domain", "address", "until",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_domain_is_known_in_both_forms() {
        for typed in ["почта.рф", "@почта.рф", " xn--80a1acny.xn--p1ai "] {
            let draft = LogDraft {
                domain: typed.to_owned(),
                ..LogDraft::default()
            };
            let (ascii, written) = draft.check().unwrap().filter.domain.unwrap();
            assert_eq!(
                (ascii.as_str(), written.as_str()),
                ("xn--80a1acny.xn--p1ai", "почта.рф"),
                "{typed}"
            );
        }
    }

    #[test]
    fn nothing_asked_is_everything() {
        assert_eq!(LogDraft::default().check().unwrap(), LogAsk::default());
        assert_eq!(LogAsk::default().in_short(), "all");
    }
}
