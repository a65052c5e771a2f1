//! Addresses that must pass and addresses that must not, each for its reason.

use super::{AddressError, EmailAddress};

const TAKEN: &[&str] = &[
    "a@example.org",
    "ann@example.test",
    "ann.lee@example.org",
    "ann+news@example.org",
    "ann_lee@example.org",
    "ann-lee@example.org",
    "-ann@example.org",
    "_@example.org",
    "1234567890@example.org",
    "!#$%&'*+/=?^`{|}~-@example.org",
    "o'brien@example.org",
    "a/b=c@example.org",
    "ANN@EXAMPLE.ORG",
    "ann@example.co.uk",
    "ann@a.b.c.d.e.example.org",
    "ann@1.example.org",
    "ann@123.org",
    "ann@ex-ample.org",
    "ann@ab--cd.example",
    "ann@xn--80a1acny.xn--p1ai",
    "ann@x.org",
    "ann@почта.рф",
    "ann@bücher.example",
    "ann@straße.example",
    "ann@例え.テスト",
    "анна@example.org",
    "анна@почта.рф",
    "अजय@उदाहरण.भारत",
    "हिन्दी@example.org",
    "用户@例子.广告",
    "δοκιμή@παράδειγμα.δοκιμή",
    "😀@example.org",
    "👩\u{200d}💻@example.org",
    "ünal.müller@example.org",
    "cafe\u{301}@example.org",
    "\"ann\"@example.org",
    "\"ann lee\"@example.org",
    "\"ann@home\"@example.org",
    "\"ann..lee\"@example.org",
    "\".ann\"@example.org",
    "\"a\\\"b\"@example.org",
    "\"a\\\\b\"@example.org",
    "\"<a>,;:()[]\"@example.org",
    "\"\"@example.org",
    "\"\\ \"@example.org",
    " ann@example.org ",
    "\u{a0}ann@example.org",
];

const REFUSED: &[(&str, AddressError)] = &[
    ("", AddressError::NoAt),
    ("   ", AddressError::NoAt),
    ("ann", AddressError::NoAt),
    ("ann.example.org", AddressError::NoAt),
    ("@", AddressError::NoAt),
    ("@example.org", AddressError::NoAt),
    ("ann@", AddressError::NoAt),
    ("ann@@example.org", AddressError::Local),
    ("ann@home@example.org", AddressError::Local),
    (".ann@example.org", AddressError::Local),
    ("ann.@example.org", AddressError::Local),
    ("ann..lee@example.org", AddressError::Local),
    ("ann lee@example.org", AddressError::Local),
    ("ann,lee@example.org", AddressError::Local),
    ("ann;bob@example.org", AddressError::Local),
    ("ann:lee@example.org", AddressError::Local),
    ("ann(home)@example.org", AddressError::Local),
    ("(home)ann@example.org", AddressError::Local),
    ("ann[1]@example.org", AddressError::Local),
    ("ann\\lee@example.org", AddressError::Local),
    ("Ann <ann@example.org>", AddressError::Local),
    ("<ann@example.org>", AddressError::Local),
    ("mailto:ann@example.org", AddressError::Local),
    ("ann@example.org, bob@example.org", AddressError::Local),
    ("ann\u{a0}lee@example.org", AddressError::Local),
    ("ann\u{3000}lee@example.org", AddressError::Local),
    ("\"ann@example.org", AddressError::Local),
    ("ann\"@example.org", AddressError::Local),
    ("\"ann\"lee@example.org", AddressError::Local),
    ("\"ann\".lee@example.org", AddressError::Local),
    ("\"an\"n\"@example.org", AddressError::Local),
    ("\"ann\\\"@example.org", AddressError::Local),
    ("ann@x.org/path", AddressError::Domain),
    ("ann@x.org?subject=1", AddressError::Domain),
    ("ann@x.org:25", AddressError::Domain),
    ("ann@x.org.", AddressError::Domain),
    ("ann@.x.org", AddressError::Domain),
    ("ann@x..org", AddressError::Domain),
    ("ann@-x.org", AddressError::Domain),
    ("ann@x-.org", AddressError::Domain),
    ("ann@exa_mple.org", AddressError::Domain),
    ("ann@exa mple.org", AddressError::Domain),
    ("ann@ example.org", AddressError::Domain),
    ("ann@example.org>", AddressError::Domain),
    ("ann@example,org", AddressError::Domain),
    ("ann@exam%ple.org", AddressError::Domain),
    ("ann@xn--zzzzzz99999.org", AddressError::Domain),
    ("ann@x.org (home)", AddressError::Domain),
    ("ann@\u{2028}x.org", AddressError::Control),
    ("a@1.2.3.4", AddressError::Ip),
    ("a@[1.2.3.4]", AddressError::Ip),
    ("a@[IPv6:2001:db8::1]", AddressError::Ip),
    ("a@[]", AddressError::Ip),
    ("a@example.123", AddressError::Ip),
    ("a@localhost", AddressError::NoDot),
    ("a@org", AddressError::NoDot),
    ("a@рф", AddressError::NoDot),
    (
        "ann@example.org\r\nBcc: bob@example.org",
        AddressError::Control,
    ),
    ("ann\r@example.org", AddressError::Control),
    ("ann\n@example.org", AddressError::Control),
    ("ann@example.org\n", AddressError::Control),
    ("ann\0@example.org", AddressError::Control),
    ("ann\t@example.org", AddressError::Control),
    ("ann\u{7f}@example.org", AddressError::Control),
    ("ann\u{85}@example.org", AddressError::Control),
    ("\"ann\r\nlee\"@example.org", AddressError::Control),
    ("\"ann\0lee\"@example.org", AddressError::Control),
    ("an\u{200b}n@example.org", AddressError::Control),
    ("\u{feff}ann@example.org", AddressError::Control),
    ("ann\u{202e}gro@example.org", AddressError::Control),
    ("an\u{fffd}n@example.org", AddressError::Control),
    ("ann@exam\u{ad}ple.org", AddressError::Control),
];

#[test]
fn good_addresses_pass_and_are_kept_as_typed() {
    for typed in TAKEN {
        let address = EmailAddress::parse(typed).unwrap_or_else(|e| panic!("{typed:?}: {e}"));
        assert_eq!(address.as_str(), typed.trim());
    }
}

#[test]
fn bad_addresses_are_refused_for_their_reason() {
    for (typed, reason) in REFUSED {
        let parsed = EmailAddress::parse(typed).map(|address| address.key().to_owned());
        assert_eq!(parsed, Err(*reason), "{typed:?}");
    }
}

#[test]
fn the_whole_address_is_at_most_254_octets_on_the_wire() {
    let label = "a".repeat(63);
    let domain = format!("{label}.{label}.{}", "b".repeat(61));
    assert!(EmailAddress::parse(&format!("{}@{domain}", "x".repeat(64))).is_ok());
    let longer = format!("{}@{domain}b", "x".repeat(64));
    assert_eq!(longer.len(), 255);
    let refused = EmailAddress::parse(&longer).map(|_| ());
    assert_eq!(refused, Err(AddressError::TooLong));
    let huge = EmailAddress::parse(&"a".repeat(1 << 20)).map(|_| ());
    assert_eq!(huge, Err(AddressError::TooLong));
}
