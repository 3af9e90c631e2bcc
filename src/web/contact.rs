//! Whom people can tell something: the contact of whoever runs the register,
//! as an address that can be followed.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A contact that can be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) struct Contact {
    /// Its address, with a scheme.
    pub(in crate::web) href: String,
    /// The same as people write it.
    pub(in crate::web) text: String,
}

/// How mail is addressed.
const MAIL: &str = "mailto:";

/// Schemes that a contact can have; without any it is an address of mail.
const SCHEMES: [&str; 3] = [MAIL, "https://", "tel:"];

impl Contact {
    /// The contact that settings give; `None` when it could not stand on one
    /// line.
    pub(in crate::web) fn new(given: &str) -> Option<Self> {
        if given.is_empty() || given.contains(|letter: char| letter.is_control() || letter == ' ') {
            return None;
        }
        let has_scheme = SCHEMES.iter().any(|scheme| given.starts_with(scheme));
        let href = if has_scheme { given.to_owned() } else { format!("{MAIL}{given}") };
        let plain = [MAIL, "tel:"].iter().find_map(|scheme| href.strip_prefix(scheme));
        let text = plain.unwrap_or(&href).to_owned();
        Some(Self { href, text })
    }

    /// Where to write of `subject`, with the beginning of a letter; what is no
    /// mail has no room for either.
    pub(in crate::web) fn letter(&self, subject: &str, body: Option<&str>) -> String {
        if !self.href.starts_with(MAIL) {
            return self.href.clone();
        }
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let joint = if self.href.contains('?') { '&' } else { '?' };
        let body = body.map_or_else(String::new, |body| format!("&body={}", encoded(body)));
        format!("{}{joint}subject={}{body}", self.href, encoded(subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_an_address_on_one_line() {
        for (given, expected) in [
            ("a@kist.example", Some(("mailto:a@kist.example", "a@kist.example"))),
            ("mailto:a@kist.example", Some(("mailto:a@kist.example", "a@kist.example"))),
            (
                "https://kist.example/security",
                Some(("https://kist.example/security", "https://kist.example/security")),
            ),
            ("tel:+441315550100", Some(("tel:+441315550100", "+441315550100"))),
            ("a@kist.example\nExpires: 1970-01-01T00:00:00Z", None),
            ("somebody in Leith", None),
            ("", None),
        ] {
            let contact = Contact::new(given);
            let contact = contact.as_ref().map(|it| (it.href.as_str(), it.text.as_str()));
            assert_eq!(contact, expected, "{given}");
        }
    }

    #[test]
    fn a_letter_has_a_subject_and_what_is_no_mail_is_followed_as_it_is() {
        let letter = |given: &str| Contact::new(given).unwrap().letter("A mistake", Some("x&y"));
        for given in ["a@kist.example", "mailto:a@kist.example"] {
            assert_eq!(letter(given), "mailto:a@kist.example?subject=A%20mistake&body=x%26y");
        }
        assert_eq!(letter("https://kist.example/help"), "https://kist.example/help");
    }
}
