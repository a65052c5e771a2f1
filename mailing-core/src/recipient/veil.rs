//! Putting a pseudonym in the place of an address in what others have written.

use super::EmailAddress;

/// Finds a recipient's addresses in texts, and puts a pseudonym in their place. Whole addresses only:
/// `ann@example.org` does not stand in `joann@example.org`, nor in `ann@example.org.uk`.
#[derive(Debug, Clone)]
pub struct Veil {
    spellings: Vec<String>,
    pseudonym: String,
}

impl Veil {
    /// Hides `address`, as typed and as key.
    #[must_use]
    pub fn new(address: &EmailAddress, pseudonym: &EmailAddress) -> Self {
        let veil = Self {
            spellings: Vec::new(),
            pseudonym: pseudonym.as_str().to_owned(),
        };
        veil.and(address)
    }

    /// Hides another address, too.
    #[must_use]
    pub fn and(mut self, address: &EmailAddress) -> Self {
        for spelling in [address.as_str(), address.key()] {
            if !self.spellings.iter().any(|known| known == spelling) {
                self.spellings.push(spelling.to_owned());
            }
        }
        self
    }

    /// The text with the pseudonym; `None` when it names none of the addresses. Letter case makes no
    /// difference where it makes none in ASCII.
    #[must_use]
    pub fn over(&self, text: &str) -> Option<String> {
        let (mut veiled, mut from) = (String::new(), 0);
        while let Some((start, end)) = self.next(text, from) {
            veiled.push_str(&text[from..start]);
            veiled.push_str(&self.pseudonym);
            from = end;
        }
        if from == 0 {
            return None;
        }
        veiled.push_str(&text[from..]);
        Some(veiled)
    }

    /// Where the next whole address begins and ends.
    fn next(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let starts = text[from..].char_indices().map(|(at, _)| from + at);
        let mut whole = starts.filter(|start| !goes_on_before(&text[..*start]));
        whole.find_map(|start| {
            let ends = self.spellings.iter().filter_map(|spelling| {
                let end = start + spelling.len();
                let found = text.get(start..end)?;
                found.eq_ignore_ascii_case(spelling).then_some(end)
            });
            let end = ends.filter(|end| !goes_on_after(&text[*end..])).max()?;
            Some((start, end))
        })
    }
}

/// Whether an address that follows this text begins in it. Signs do only behind a letter or digit:
/// quotes, brackets and a dot alone belong to the sentence.
fn goes_on_before(text: &str) -> bool {
    let mut back = text.chars().rev();
    match back.next() {
        Some(last) if last.is_alphanumeric() => true,
        Some('.' | '_' | '+' | '-' | '%' | '&' | '~') => {
            back.next().is_some_and(char::is_alphanumeric)
        }
        _ => false,
    }
}

/// Whether an address that this text follows goes on in it.
fn goes_on_after(text: &str) -> bool {
    let mut ahead = text.chars();
    match ahead.next() {
        Some(first) if first.is_alphanumeric() => true,
        Some('.' | '-' | '_') => ahead.next().is_some_and(char::is_alphanumeric),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    /// A text after the veil, with `*` for the pseudonym.
    fn veiled(addresses: &[&str], text: &str) -> Option<String> {
        let nobody = EmailAddress::of_nobody(Uuid::nil());
        let (first, others) = addresses.split_first().unwrap();
        let veil = Veil::new(&address(first), &nobody);
        let veil = others
            .iter()
            .fold(veil, |veil, other| veil.and(&address(other)));
        let text = veil.over(text)?;
        Some(text.replace(nobody.as_str(), "*"))
    }

    #[test]
    fn whole_addresses_are_replaced() {
        for (text, expected) in [
            ("ann@x.org", "*"),
            ("<ann@x.org>: unknown", "<*>: unknown"),
            ("no ANN@X.org, ann@x.org.", "no *, *."),
            ("to=ann@x.org;ann@x.org", "to=*;*"),
            ("'ann@x.org' \"ann@x.org\"", "'*' \"*\""),
            ("mailto:ann@x.org?x", "mailto:*?x"),
            ("я: ann@x.org…", "я: *…"),
            ("...ann@x.org", "...*"),
            ("joann@x.org ann@x.org", "joann@x.org *"),
        ] {
            assert_eq!(veiled(&["ann@x.org"], text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn longer_addresses_stay() {
        for text in [
            "",
            "unknown user",
            "joann@x.org",
            "jo.ann@x.org",
            "jo+ann@x.org",
            "jo-ann@x.org, jo_ann@x.org",
            "ann@x.org.uk",
            "ann@x.organic",
            "ann@x.org-y.net",
            "жann@x.org",
        ] {
            assert_eq!(veiled(&["ann@x.org"], text), None, "{text}");
        }
    }

    #[test]
    fn every_spelling_of_every_address_is_replaced() {
        let text = "Анна@Пример.рф or анна@xn--e1afmkfd.xn--p1ai, once ann@x.org";
        let veiled = veiled(&["Анна@Пример.рф", "ann@x.org"], text);
        assert_eq!(veiled.as_deref(), Some("* or *, once *"));
    }

    #[test]
    fn two_in_a_row_are_one_word() {
        // The end of the first goes on in the second: neither is whole.
        assert_eq!(veiled(&["ann@x.org"], "ann@x.organn@x.org"), None);
    }
}
