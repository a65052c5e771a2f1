//! Countries.

use std::fmt;
use std::str::FromStr;

use crate::code;
use crate::error::Refusal;

/// A country by its code of two letters (ISO 3166-1 alpha-2). Its name is a word of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country(&'static str);

impl Country {
    /// Every code that ISO 3166-1 gives to a country, in the order of the alphabet.
    pub const ALL: [Self; 249] = {
        let mut all = [Self("AD"); CODES.len()];
        let mut place = 0;
        while place < CODES.len() {
            all[place] = Self(CODES[place]);
            place += 1;
        }
        all
    };

    /// What was chosen; `None` when it is blank.
    ///
    /// # Errors
    /// `country.unknown`.
    pub fn chosen(typed: &str) -> Result<Option<Self>, Refusal> {
        match typed.trim() {
            "" => Ok(None),
            code => Ok(Some(code.parse::<Self>()?)),
        }
    }

    /// The code, in capitals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A text is no country's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code of ISO 3166-1 alpha-2")]
pub struct UnknownCountry;

impl FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        let code = code.to_ascii_uppercase();
        let place = CODES.binary_search(&code.as_str());
        place.map(|at| Self(CODES[at])).map_err(|_| UnknownCountry)
    }
}

impl From<UnknownCountry> for Refusal {
    fn from(_: UnknownCountry) -> Self {
        code::COUNTRY_UNKNOWN.into()
    }
}

/// Sorted, so that they are found by halves.
#[rustfmt::skip]
const CODES: [&str; 249] = [
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ",
    "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS",
    "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN",
    "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE",
    "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF",
    "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM",
    "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM",
    "JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC",
    "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK",
    "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA",
    "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG",
    "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW",
    "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS",
    "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO",
    "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI",
    "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back_to_its_country() {
        assert!(CODES.is_sorted_by(|one, next| one < next));
        for country in Country::ALL {
            assert_eq!(country.as_str().len(), 2);
            assert_eq!(country.as_str().parse(), Ok(country));
            assert_eq!(
                Country::chosen(&country.as_str().to_lowercase()),
                Ok(Some(country))
            );
        }
    }

    #[test]
    fn what_is_no_country_is_refused_and_nothing_is_none() {
        for junk in ["XX", "ZZ", "R", "RUS", "рф", "R U", "<b>", "EU", "SU"] {
            let refusal = Country::chosen(junk).unwrap_err();
            assert_eq!(refusal.code, code::COUNTRY_UNKNOWN, "{junk}");
        }
        assert_eq!(Country::chosen("  "), Ok(None));
    }
}
