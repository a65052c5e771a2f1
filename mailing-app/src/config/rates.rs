//! The rates of the configuration.

use std::collections::BTreeMap;

use mailing_core::code;
use mailing_core::error::FieldError;
use mailing_core::rate::{RateError, RateKey, RateLimit};

use super::{Config, ConfigError};

impl Config {
    /// How fast mail may go, to the server and to single domains.
    ///
    /// # Errors
    /// Every rate that is none, and every name that is no domain, at its key.
    pub fn rates(&self) -> Result<BTreeMap<RateKey, RateLimit>, ConfigError> {
        let (mut rates, mut faults) = (BTreeMap::new(), Vec::new());
        match self.mail.rate.parse() {
            Ok(limit) => {
                rates.insert(RateKey::Server, limit);
            }
            Err(error) => faults.push(at("mail.rate".to_owned(), error)),
        }
        for (domain, rate) in &self.delivery.domain_rates {
            let field = format!("delivery.domain_rates.{domain}");
            match (RateKey::domain(domain), rate.parse()) {
                (Ok(key), Ok(limit)) => {
                    rates.insert(key, limit);
                }
                (Err(_), _) => faults.push(FieldError::new(field, code::RATE_TARGET)),
                (_, Err(error)) => faults.push(at(field, error)),
            }
        }
        if faults.is_empty() {
            Ok(rates)
        } else {
            Err(ConfigError(faults))
        }
    }
}

fn at(field: String, error: RateError) -> FieldError {
    FieldError::new(field, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    fn loaded(name: &str, text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        Config::load(&Sources {
            folder: folder.path().into(),
            ..Sources::default()
        })
    }

    fn words(config: &Config) -> Vec<String> {
        let rates = config.rates().unwrap();
        rates
            .iter()
            .map(|(key, limit)| format!("{key} {limit}"))
            .collect()
    }

    #[test]
    fn without_a_word_nothing_is_limited() {
        assert_eq!(words(&Config::default()), ["server unlimited"]);
    }

    #[test]
    fn rates_are_written_in_words_with_quotes_or_without() {
        let toml = r#"
            [mail]
            rate = "100 per minute"
            [delivery.domain_rates]
            "Gmail.com" = "20 per minute"
            mail.example.org = "5 per hour"
            "почта.рф" = "unlimited"
        "#;
        let expected = [
            "domain:gmail.com 20 per minute",
            "domain:mail.example.org 5 per hour",
            "domain:xn--80a1acny.xn--p1ai unlimited",
            "server 100 per minute",
        ];
        assert_eq!(words(&loaded("mailing.toml", toml).unwrap()), expected);
    }

    #[test]
    fn rates_are_read_from_the_environment() {
        let env = "MAILING_MAIL__RATE='10 per second'\n\
            MAILING_DELIVERY__DOMAIN_RATES='{ \"gmail.com\" = \"20 per minute\" }'\n";
        let expected = ["domain:gmail.com 20 per minute", "server 10 per second"];
        assert_eq!(words(&loaded(".env", env).unwrap()), expected);
    }

    #[test]
    fn every_bad_rate_is_refused_at_its_key() {
        let toml = r#"
            [mail]
            rate = "0 per minute"
            [delivery.domain_rates]
            "gmail.com" = "-1 per minute"
            "mail.ru" = "9999999 per second"
            "yandex.ru" = "soon"
            "somewhere" = "1 per day"
        "#;
        let ConfigError(faults) = loaded("mailing.toml", toml).unwrap_err();
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "mail.rate: rate.zero",
                "delivery.domain_rates.gmail.com: rate.negative",
                "delivery.domain_rates.mail.ru: rate.too_high max=1000000",
                "delivery.domain_rates.somewhere: rate.target",
                "delivery.domain_rates.yandex.ru: rate.not_understood",
            ]
        );
    }
}
