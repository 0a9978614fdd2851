//! What a deployment puts over its transcripts.

use crate::characters::{beginning, clean_line};

/// Stands for the brand's name in a subject.
const BRAND: &str = "{brand}";
const SUBJECT: &str = "Your conversation with {brand}";
const SUBJECT_WITHOUT_BRAND: &str = "Your conversation";

const BRAND_LENGTH: usize = 100;
const SUBJECT_LENGTH: usize = 200;

/// The subject and the title of every transcript, each on one line and not too long for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branding {
    subject: String,
    title: String,
}

impl Branding {
    /// The branding of `brand`, whose name takes the place of each `{brand}` in `subject`.
    ///
    /// A blank subject is "Your conversation with {brand}"; and where the brand is blank, a
    /// subject that would name it is "Your conversation". Line breaks become spaces, control
    /// characters go, and what is too long is cut.
    ///
    /// ```
    /// use transcript_mail::Branding;
    ///
    /// let branding = Branding::new("Acme", "{brand}: your chat with us");
    /// assert_eq!(branding.subject(), "Acme: your chat with us");
    /// assert_eq!(branding.title(), "Your conversation with Acme");
    /// ```
    pub fn new(brand: &str, subject: &str) -> Self {
        let brand = clean_line(brand);
        let brand = beginning(&brand, BRAND_LENGTH);
        let subject = clean_line(subject);
        let subject = if subject.is_empty() {
            SUBJECT
        } else {
            &subject
        };
        Self {
            subject: beginning(&with_brand(subject, &brand), SUBJECT_LENGTH).into_owned(),
            title: with_brand(SUBJECT, &brand),
        }
    }

    /// The mail's subject.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What stands over the conversation in the mail.
    pub fn title(&self) -> &str {
        &self.title
    }
}

fn with_brand(subject: &str, brand: &str) -> String {
    if brand.is_empty() && subject.contains(BRAND) {
        SUBJECT_WITHOUT_BRAND.to_owned()
    } else {
        subject.replace(BRAND, brand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_subject_is_the_usual_one() {
        let branding = Branding::new("Acme", " \n ");
        assert_eq!(branding.subject(), "Your conversation with Acme");
    }

    #[test]
    fn without_a_brand_nothing_names_one() {
        for subject in ["", "Your chat with {brand}"] {
            let branding = Branding::new(" ", subject);
            assert_eq!(branding.subject(), "Your conversation");
            assert_eq!(branding.title(), "Your conversation");
        }
        assert_eq!(Branding::new("", "Your chat").subject(), "Your chat");
    }

    #[test]
    fn a_brand_that_looks_like_the_placeholder_is_left_alone() {
        let branding = Branding::new("{brand}", "");
        assert_eq!(branding.subject(), "Your conversation with {brand}");
    }

    #[test]
    fn neither_brand_nor_subject_can_begin_a_new_header() {
        let branding = Branding::new(
            "Acme\r\nBcc: a@example.com",
            "Hello\r\n {brand}\0\u{2028}Bcc: b@example.com",
        );
        assert_eq!(
            branding.subject(),
            "Hello Acme Bcc: a@example.com Bcc: b@example.com"
        );
    }

    #[test]
    fn brand_and_subject_are_cut_where_they_are_too_long() {
        let branding = Branding::new(&"é".repeat(500), &"ü".repeat(500));
        assert_eq!(branding.subject(), format!("{}…", "ü".repeat(200)));
        assert!(branding.title().ends_with("é…"));
    }
}
